"""Every layout that a data acquisition may write: read where it can be, named where it can't."""

from pathlib import Path

import awkward as ak
import numpy as np
import pandas as pd
import pytest
import uproot

import describe_run
from helpers.places import DATA
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.runs.arrays import read_values, value_type
from runsieve.runs.description import describe_file
from runsieve.runs.trees import open_chain
from runsieve.samples.gathering import RunFiles, gather_input

# Written by ROOT 6.40.
LAYOUTS, NOTICE = str(DATA / "layouts.root"), str(DATA / "notice_like.root")
READABLE = [
    (file, tree.name.split(";")[0], branch.name)
    for file in (LAYOUTS, NOTICE)
    for tree in describe_file(file)
    for branch in tree.branches
    if branch.problem is None
]


def test_which_branches_can_be_read():
    counts = {}
    for file, tree, _ in READABLE:
        counts[Path(file).name, tree] = counts.get((Path(file).name, tree), 0) + 1
    assert counts == {
        ("layouts.root", "evt"): 9,
        ("notice_like.root", "raw_split99"): 20,
        ("notice_like.root", "raw_split1"): 8,
    }


def flat(values) -> np.ndarray:
    if isinstance(values, ak.Array):
        return ak.to_numpy(ak.flatten(values, axis=None))
    return np.ravel(values)


@pytest.mark.parametrize(("file", "tree", "branch"), READABLE)
def test_all_that_can_be_read_is_read(file, tree, branch):
    with uproot.open(f"{file}:{tree}") as opened:
        whole = opened[branch].array()
    entries = np.arange(1, len(whole), 3)
    with open_chain(5, [file], tree) as chain:
        kind = value_type(chain, [branch])
        found = read_values(chain, branch, entries)
    for entry, values in zip(entries, found, strict=True):
        assert flat(values).dtype == kind
        assert flat(values).tolist() == flat(whole[entry]).tolist()


def test_elements_and_members():
    with uproot.open(f"{LAYOUTS}:evt") as tree:
        nested, momentum = tree["wf_vecvec"].array(), tree["tca.fP"].array()
    entries = np.flatnonzero(ak.num(momentum) > 1)[:4]
    with open_chain(5, [LAYOUTS], "evt") as chain:
        second = read_values(chain, "wf_vecvec[1]", entries)
        x = read_values(chain, "tca.fP.fX[1]", entries)
        assert value_type(chain, ["tca.fP.fX"]) == np.float64
        with pytest.raises(RunsieveError, match=r"there is no wf_vecvec\[7\] in each of them"):
            read_values(chain, "wf_vecvec[7]", entries)
        with pytest.raises(RunsieveError, match=r"there is no tca\.fP\.fQ in each of them"):
            read_values(chain, "tca.fP.fQ", entries)
        with pytest.raises(RunsieveError, match=r"holds objects: read tca\.fP\.fX, tca"):
            value_type(chain, ["tca.fP"])
        with pytest.raises(RunsieveError, match=r"no branch 'wf_fux' \(nearest: wf_fix"):
            value_type(chain, ["wf_fux[1]"])
    assert second.tolist() == nested[entries, 1].to_list()
    assert x.tolist() == momentum.fX[entries, 1].to_list()


def test_a_branch_with_brackets_in_its_name():
    with open_chain(5, [NOTICE], "raw_split99") as chain:
        assert read_values(chain, "cf.adc[16]", np.array([0, 3])).shape == (2, 2, 16)
        assert read_values(chain, "cf.adc[16][1]", np.array([0, 3])).shape == (2, 16)


@pytest.mark.parametrize(
    ("tree", "branch", "words"),
    [
        ("raw_split1", "ch", r"TClonesArray\*, which can't be read \(ValueError"),
        ("raw_split1", "vch", r"std::vector<PulseCh>, which can't be read \(NotImplementedError"),
        ("raw_split1", "TObject", r"can't be read \(UnknownInterpretation"),
        ("raw_split0", "ev", r"of the type Ev, which can't be read \(NotImplementedError"),
    ],
)
def test_what_cannot_be_read_is_named_with_type_and_reason(tree, branch, words):
    with (
        open_chain(5, [NOTICE], tree) as chain,
        pytest.raises(
            RunsieveError, match=f"run 5: .*notice_like.root: branch '{branch}'.*{words}"
        ),
    ):
        value_type(chain, [branch])


def test_description(capsys):
    assert describe_run.main([LAYOUTS, NOTICE]) == 0
    printed = capsys.readouterr().out
    lines = [line.split() for line in printed.splitlines()]
    assert ["wf_fix", "uint16_t[16]", "16", "1", "0.00"] in lines
    assert ["wf_var", "float[]", "0", "to", "4", "1", "0.00"] in lines
    assert "tree 'raw_split99;1', 12 entries" in printed
    assert "can't be read (NotImplementedError: memberwise serialization" in printed
    assert describe_run.main([str(Path(__file__))]) == 1
    assert "not a ROOT file" in capsys.readouterr().err
    assert describe_run.main([]) == 1
    assert "FILE" in capsys.readouterr().err


IMAGES = {
    "event": np.arange(10, dtype=np.uint64),
    "ecal": np.arange(10 * 12, dtype=np.uint8).reshape(10, 3, 4),
    "hcal": np.arange(10 * 12, dtype=np.uint8).reshape(10, 3, 4)[::-1],
    "pt": np.linspace(1, 2, 10),
    "eta": np.linspace(-1, 1, 10),
}
EVENTS = pd.DataFrame({"run": 7, "entry": [2, 5, 9], "event": [2, 5, 9], "channel": 0})
EVENTS = EVENTS.assign(row=[0, 1, 2])
COLUMNS = {"event": "event", "pt": "pt", "ratio": "eta / pt"}


def write(path: Path, branches: dict) -> list[str]:
    with uproot.recreate(path) as file:
        file.mktree("evt", branches)
    return [str(path)]


def gathered(tmp_path: Path, settings: Input, friend: list[str] | None = None) -> np.ndarray:
    files = write(tmp_path / "images.root", IMAGES)
    path = tmp_path / "input.npy"
    gather_input(
        EVENTS, {7: RunFiles(files, friend or files, "physics")}, settings, "evt", COLUMNS, path, 2
    )
    return np.load(path)


def test_images_stacked_along_the_first_or_the_last_axis(tmp_path):
    chosen = [IMAGES[name][[2, 5, 9]] for name in ("ecal", "hcal")]
    first = gathered(tmp_path, Input(branches=["ecal", "hcal"], shape=[2, 3, 4]))
    assert first.dtype == np.uint8
    assert (first == np.stack(chosen, axis=1)).all()
    last = gathered(tmp_path, Input(branches=["ecal", "hcal"], shape=[3, 4, 2], join="last"))
    assert (last == np.stack(chosen, axis=-1)).all()


def test_a_window_of_each_branch(tmp_path):
    settings = Input(branches=["ecal", "hcal"], shape=[2, 4], window={"start": 4, "stop": 8})
    chosen = [IMAGES[name][[2, 5, 9], 1] for name in ("ecal", "hcal")]
    assert (gathered(tmp_path, settings) == np.stack(chosen, axis=1)).all()
    settings = Input(branches=["ecal"], shape=[4], window={"start": 10, "stop": 14})
    with pytest.raises(RunsieveError, match="holds 12 values at entry 2, expected at least 14"):
        gathered(tmp_path, settings)


def test_columns_as_flat_features(tmp_path):
    found = gathered(tmp_path, Input(columns=["pt", "ratio"]))
    pt, eta = IMAGES["pt"][[2, 5, 9]], IMAGES["eta"][[2, 5, 9]]
    assert found.dtype == np.float32
    assert found == pytest.approx(np.column_stack([pt, eta / pt]))


def test_a_friend_holds_the_input(tmp_path):
    other = {"event": IMAGES["event"], "image": IMAGES["hcal"][:, ::-1]}
    settings = Input(branches=["image"], shape=[3, 4], files="friend.root")
    found = gathered(tmp_path, settings, write(tmp_path / "friend.root", other))
    assert (found == IMAGES["hcal"][[2, 5, 9], ::-1]).all()
    shorter = {name: values[:9] for name, values in other.items()}
    with pytest.raises(RunsieveError, match="'evt' has 9 entries, the run 10; a friend must have"):
        gathered(tmp_path, settings, write(tmp_path / "shorter.root", shorter))
    shifted = {**other, "event": np.roll(other["event"], 1)}
    with pytest.raises(RunsieveError, match="entry 2 holds event 1, but event 2 was selected"):
        gathered(tmp_path, settings, write(tmp_path / "shifted.root", shifted))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"shape": [2]}, "either branches or columns"),
        ({"branches": ["a"]}, "shape is missing"),
        ({"branches": ["a", "a"], "shape": [2]}, "a branch is listed twice"),
        ({"branches": ["a", "b"], "shape": [3]}, "2 branches of equal size do not make"),
        ({"branches": ["a", "b"], "shape": [2, 3], "join": "last"}, "do not make the shape"),
        ({"columns": ["a"], "shape": [2]}, "the shape of 1 columns is the default"),
        ({"columns": ["a"], "join": "last"}, "join go with branches"),
        (
            {"branches": ["a"], "shape": [2], "window": {"start": 3, "stop": 3}},
            "stop must be above",
        ),
    ],
)
def test_inputs_that_contradict_themselves(settings, words):
    with pytest.raises(ValueError, match=words):
        Input.model_validate(settings)
