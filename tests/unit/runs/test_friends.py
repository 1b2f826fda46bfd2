"""Friends of a run: every value belongs to its event, whatever the order of the other tree."""

from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pandas as pd
import pytest
import uproot
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.run_formats import FORMATS, write_run
from runsieve.config.columns import ComputedColumn
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.runs.arrays import read_values
from runsieve.runs.columns import read_columns
from runsieve.runs.computed import compute_columns
from runsieve.runs.friends import open_run
from runsieve.runs.inputs import InputFiles
from runsieve.samples.gathering import RunFiles, gather_input
from runsieve.selection.displays import read_event
from runsieve.selection.selector import Selector

LARGE = 2**62  # doubles cannot tell such event numbers apart
RUN = np.array([5, 9, 2, 30, 31, 7, 8, 12], np.uint64) + np.uint64(LARGE)
THEIRS = np.array([12, 7, 99, 9, 31, 5, 8, 98, 2], np.int64) + LARGE  # 30 is missing
WITHOUT = 3  # the entry of the run that the friend has no entry of


def write(folder: Path, name: str, branches: dict[str, Any], tree: str) -> str:
    path = folder / name
    with uproot.recreate(path) as file:
        file.mktree(tree, branches)
    return str(path)


def friend_branches(numbers: np.ndarray) -> dict[str, Any]:
    """Values that follow from the event number."""
    small = (numbers - LARGE).astype(np.int64)
    return {
        "evt": numbers,
        "charge": small * 1.5,
        "count": small.astype(np.uint16),
        "pulse": (small[:, None] + np.arange(3)).astype(np.float32),
        "hits": ak.unflatten(np.repeat(small, small % 3).astype(np.int32), small % 3),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("friends")


@pytest.fixture(scope="module")
def files(folder) -> list[str]:
    """The run in two files."""
    parts = {"run7_0.root": slice(0, 5), "run7_1.root": slice(5, None)}
    return [
        write(folder, name, {"number": RUN[part], "own": np.arange(8)[part]}, "ntp")
        for name, part in parts.items()
    ]


def friend_of(file: str, tree: str = "muon", **keys: Any) -> dict[str, Any]:
    """A friend as the plan gives it."""
    return {
        "settings": {"tree": tree, "files": "named below", **keys},
        "files": [file],
        "tree": tree,
        "event": "number",
    }


@pytest.fixture(scope="module")
def other(folder) -> str:
    return write(folder, "muon7.root", friend_branches(THEIRS), "muon")


def opened(files: list[str], friend: dict[str, Any]):
    return open_run(7, files, "ntp", friends={"mu": friend})


def columns_of(chain, columns: dict[str, str], chunk: int = 100) -> dict[str, np.ndarray]:
    chunks = [one.columns[0] for one in read_columns(chain, columns, [0], chunk)]
    return {name: np.concatenate([one[name] for one in chunks]) for name in columns}


COLUMNS = {
    "event": "number",
    "charge": "mu.charge",
    "count": "mu.count",
    "mixed": "own + 100 * mu.pulse[2]",
    "total": "Sum$(mu.hits)",
    "number": "Length$(mu.hits)",
}


def expected(missing: float) -> dict[str, np.ndarray]:
    """The columns above, found without the project's code."""
    small = (RUN - np.uint64(LARGE)).astype(float)
    there = np.isin(RUN.astype(np.int64), THEIRS)
    return {
        "charge": np.where(there, 1.5 * small, missing),
        "count": np.where(there, small, missing),
        "mixed": np.arange(8) + 100 * np.where(there, small + 2, missing),
        "total": np.where(there, small * (small % 3), 0),
        "number": np.where(there, small % 3, 0),
    }


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
@pytest.mark.parametrize("missing", [-999, 0.5, 7])
def test_columns_are_those_of_the_same_event(files, other, chunk, missing):
    with opened(files, friend_of(other, event="evt", missing=missing)) as chain:
        found = columns_of(chain, COLUMNS, chunk)
    for name, values in expected(missing).items():
        assert found[name].tolist() == values.tolist(), name
    # A type that can hold the value is kept, also in chunks in which it is not needed.
    assert found["count"].dtype == (np.uint16 if missing == 7 else float)


@pytest.mark.parametrize(
    ("missing", "kinds"),
    [
        (-999, {"small": "float32", "count": "float64", "number": "int32", "flag": "float64"}),
        (0.1, {"small": "float64", "count": "float64", "number": "float64", "flag": "float64"}),
        (1e39, {"small": "float64", "count": "float64", "number": "float64", "flag": "float64"}),
        (65535, {"small": "float32", "count": "uint16", "number": "int32", "flag": "float64"}),
        (65536, {"small": "float32", "count": "float64", "number": "int32", "flag": "float64"}),
    ],
)
def test_a_missing_value_is_exactly_what_a_cut_compares_with(files, tmp_path, missing, kinds):
    ones = np.ones(len(THEIRS))
    branches = {"small": ones.astype("f4"), "count": ones.astype("u2"), "number": ones.astype("i4")}
    file = write(tmp_path, "kinds.root", {"evt": THEIRS, "flag": ones > 0, **branches}, "muon")
    columns = {"event": "number"} | {name: f"mu.{name}" for name in kinds}
    with opened(files, friend_of(file, event="evt", missing=missing)) as chain:
        found = columns_of(chain, columns)
    assert {name: str(found[name].dtype) for name in kinds} == kinds
    assert all((found[name] == missing).sum() == 1 for name in kinds)


@pytest.mark.parametrize("make", ["mktree", "mkrntuple"])
def test_the_first_file_of_a_friend_may_be_empty(files, tmp_path, make):
    branches = {"evt": THEIRS, "charge": (THEIRS - LARGE) * 1.5}
    names = [str(tmp_path / name) for name in ("none.root", "all.root")]
    for name, part in zip(names, (slice(0), slice(None)), strict=True):
        with uproot.recreate(name) as file:
            getattr(file, make)("muon", {key: values[part] for key, values in branches.items()})
    friend = friend_of(names[1], event="evt", missing=-999) | {"files": names}
    with opened(files, friend) as chain:
        found = columns_of(chain, {"event": "number", "charge": "mu.charge"}, 1)
    assert found["charge"].tolist() == expected(-999)["charge"].tolist()


@pytest.mark.parametrize("kind", FORMATS)
def test_friends_in_files_of_every_kind(files, tmp_path, kind):
    file = write_run(tmp_path, "muon", kind, friend_branches(THEIRS), "muon", 4)
    with opened(files, friend_of(file, event="evt", missing=-1)) as chain:
        found = columns_of(chain, COLUMNS)
    for name, values in expected(-1).items():
        assert found[name].tolist() == values.tolist(), name


@pytest.mark.parametrize("kind", FORMATS)
def test_lists_that_happen_to_be_of_one_length_are_lists(files, tmp_path, kind):
    """What is missing does not depend on the values that a block or a chunk holds."""
    lists = ak.from_regular(np.ones((len(THEIRS), 2)), axis=1)
    branches = {"evt": THEIRS, "one": ak.Array(lists)}
    file = write_run(tmp_path, "lists", kind, branches, "muon", 4)
    columns = {"event": "number", "n": "Length$(mu.one)", "sum": "Sum$(mu.one)"}
    with opened(files, friend_of(file, event="evt", missing=-999)) as chain:
        found = columns_of(chain, columns, 2)
    expected = [0 if entry == WITHOUT else 2 for entry in range(len(RUN))]
    assert found["n"].tolist() == found["sum"].tolist() == expected


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-20, 40), min_size=1, unique=True),
    st.lists(st.integers(-20, 40), min_size=1),
    st.integers(1, 9),
)
def test_joining_is_a_look_up(tmp_path_factory, own, theirs, chunk):
    """Random numbers, in the run each once: lists of values, by a dictionary and by the join."""
    folder = tmp_path_factory.mktemp("joined")
    run = [write(folder, "run.root", {"number": np.array(own)}, "ntp")]
    values = np.arange(len(theirs))
    file = write(folder, "f.root", {"evt": np.array(theirs), "x": values}, "muon")
    held = {n: [v for v, other in zip(values, theirs, strict=True) if other == n] for n in own}
    friend = friend_of(file, event="evt", many=True)
    if not any(held.values()):
        with pytest.raises(RunsieveError, match="no entry for any event"), opened(run, friend):
            pass
        return
    texts = {"event": "number", "n": "Length$(mu.x)", "sum": "Sum$(mu.x)"}
    with opened(run, friend) as chain:
        found = columns_of(chain, texts, chunk)
        assert ak.to_list(read_values(chain, "mu.x", np.arange(len(own)))) == list(held.values())
    assert found["n"].tolist() == [len(one) for one in held.values()]
    assert found["sum"].tolist() == [sum(one) for one in held.values()]


def test_entries_of_other_runs_are_left_out(files, tmp_path):
    branches = friend_branches(np.concatenate([THEIRS, THEIRS]))
    branches["run"] = np.repeat([6, 7], len(THEIRS))
    branches["charge"][: len(THEIRS)] = -1
    file = write(tmp_path, "all.root", branches, "muon")
    with opened(files, friend_of(file, event="evt", run="run", missing=-999)) as chain:
        assert columns_of(chain, COLUMNS)["charge"].tolist() == expected(-999)["charge"].tolist()
    with (
        pytest.raises(RunsieveError, match="none of its 18 entries is of the run"),
        opened(files, friend_of(file, event="evt", run="run + 10", missing=-999)),
    ):
        pass


@pytest.mark.parametrize(
    ("numbers", "keys", "words"),
    [
        (
            THEIRS,
            {},
            "no entry for 1 of the 8 events, first for the one at entry 3; give friends.mu",
        ),
        (
            np.append(THEIRS, THEIRS[3]),
            {"missing": 0},
            rf"holds event {LARGE + 9} at its entries 3 and 9, one of 1 events",
        ),
        (
            THEIRS + 1000,
            {"missing": 0},
            rf"any event of the run; its event numbers.* {LARGE + 1002}",
        ),
        (THEIRS + 0.5, {"missing": 0}, "whole numbers below 2"),
    ],
)
def test_friends_that_do_not_belong_to_the_run(files, tmp_path, numbers, keys, words):
    file = write(tmp_path, "muon.root", {"evt": numbers, "x": np.ones(len(numbers))}, "muon")
    said = rf"^run 7: \S*muon.root: .*{words}"
    with (
        pytest.raises(RunsieveError, match=said),
        opened(files, friend_of(file, event="evt", **keys)),
    ):
        pass


def test_branches_that_a_friend_does_not_have(files, other):
    words = r"muon7.root: tree 'muon' has no branch 'event' \(nearest: "
    with pytest.raises(RunsieveError, match=words), opened(files, friend_of(other, event="event")):
        pass
    with (
        opened(files, friend_of(other, event="evt", missing=0)) as chain,
        pytest.raises(RunsieveError, match=r"has no branch 'chrge' \(nearest: charge"),
    ):
        columns_of(chain, {"event": "number", "q": "mu.chrge"})
    words = "muon7.root: no tree 'gamma'"
    with pytest.raises(RunsieveError, match=words), opened(files, friend_of(other, "gamma")):
        pass


def test_a_branch_of_the_run_is_not_hidden(tmp_path, other):
    own = {"number": RUN, "mu.charge": np.ones(8)}
    run = [write(tmp_path, "run.root", own, "ntp")]
    words = "has a branch 'mu.charge' itself; give the friend 'mu' another name"
    with pytest.raises(RunsieveError, match=words), opened(run, friend_of(other, event="evt")):
        pass


def test_a_friend_entry_by_entry(files, folder, tmp_path):
    """In the order of the run: by default without numbers, which are compared if it has them."""
    file = write(tmp_path, "same.root", {"x": np.arange(8) * 2}, "muon")
    with opened(files, friend_of(file)) as chain:
        found = columns_of(chain, {"event": "number", "x": "mu.x - own"})
    assert found["x"].tolist() == [*range(8)]
    file = write(tmp_path, "good.root", {"x": np.arange(8), "number": RUN}, "muon")
    with opened(files, friend_of(file)) as chain:
        assert read_values(chain, "mu.x", np.array([2, 6])).tolist() == [2, 6]
    file = write(tmp_path, "other.root", {"x": np.arange(8), "number": RUN[::-1]}, "muon")
    words = f"entry 0 holds event {RUN[-1]}, that of the run event {RUN[0]}"
    with pytest.raises(RunsieveError, match=words), opened(files, friend_of(file)):
        pass
    file = write(tmp_path, "short.root", {"x": np.arange(7)}, "muon")
    words = "tree 'muon' has 7 entries, the run 8; a friend must have one for each"
    with pytest.raises(RunsieveError, match=words), opened(files, friend_of(file)):
        pass


def test_selected_and_kept(files, other):
    steps = {"signal": {"charge": "charge > 10", "there": "charge != -999"}}
    selector = Selector(7, steps, [0], ["charge", "total"])
    with opened(files, friend_of(other, event="evt", missing=-999)) as chain:
        events = pd.concat(selector.select(read_columns(chain, COLUMNS, [0], 3)))
    values = expected(-999)
    passed = values["charge"] > 10
    assert events.entry.tolist() == np.flatnonzero(passed).tolist()
    assert events.charge.tolist() == values["charge"][passed].tolist()
    assert events.total.tolist() == values["total"][passed].tolist()


def sample_of(entries: list[int]) -> pd.DataFrame:
    frame = pd.DataFrame({"run": 7, "entry": entries, "event": RUN[entries], "channel": 0})
    return frame.assign(row=np.arange(len(frame)))


def gathered(files, friend, entries, **keys) -> np.ndarray:
    one = RunFiles(files, files, "physics", None, {"mu": friend})
    path = Path(friend["files"][0]).with_suffix(".npy")
    columns = {"event": "number", "charge": "mu.charge"}
    gather_input(sample_of(entries), {7: one}, Input(**keys), "ntp", columns, path, 2)
    return np.load(path)


def test_inputs(files, other):
    friend = friend_of(other, event="evt", missing=-999)
    entries = [6, 0, 7, 4]
    small = (RUN - np.uint64(LARGE)).astype(float)[entries]
    array = gathered(files, friend, entries, branches=["mu.pulse"], shape=[3])
    assert array.dtype == np.float32
    assert array.tolist() == (small[:, None] + np.arange(3)).tolist()
    array = gathered(files, friend, entries, branches=["mu.pulse[1]", "mu.pulse[0]"], shape=[2])
    assert array.tolist() == (small[:, None] + [1, 0]).tolist()
    window = {"start": "charge / charge", "length": 2}
    pulse = {"branches": ["mu.pulse"], "shape": [2], "window": window, "baseline": "charge"}
    array = gathered(files, friend, entries, **pulse)
    assert array.tolist() == (small[:, None] + [1, 2] - 1.5 * small[:, None]).tolist()
    array = gathered(files, friend, [0, WITHOUT], columns=["charge"])
    assert array.ravel().tolist() == [7.5, -999]


def test_an_input_of_an_event_without_an_entry(files, other):
    friend = friend_of(other, event="evt", missing=-999)
    words = "friend 'mu' has no entry for the event at entry 3, whose 'mu.pulse' is an input"
    with pytest.raises(RunsieveError, match=words):
        gathered(files, friend, [2, WITHOUT], branches=["mu.pulse"], shape=[3])


def test_displays_and_computed_columns(files, other, tmp_path):
    code = tmp_path / "mine.py"
    code.write_text("def height(pulse):\n    return pulse.max(axis=1)\n")
    pulse = InputFiles(Input(branches=["mu.pulse"], shape=[3]), files, "ntp")
    path = tmp_path / "computed.root"
    column = ComputedColumn(file=str(code), inputs=["pulse"], missing=-1)
    with opened(files, friend_of(other, event="evt", missing=-999)) as chain:
        compute_columns(path, chain, {"event": "number"}, {"height": column}, {"pulse": pulse}, [0])
        number = int(RUN[4])
        event = read_event(chain, number, [0], COLUMNS, {"all": {"q": "charge > 0"}}, {"p": pulse})
        empty = read_event(chain, int(RUN[WITHOUT]), [0], COLUMNS, {}, {"p": pulse})
    with uproot.open(path) as file:
        heights = file["columns"]["height_0"].array(library="np")
    small = (RUN - np.uint64(LARGE)).astype(float)
    assert heights.tolist() == np.where(np.arange(8) == WITHOUT, -1, small + 2).tolist()
    shown = event.channels[0]
    assert shown.columns["charge"] == 1.5 * 31 and shown.passed == {"all": {"q": True}}
    assert shown.inputs["p"].tolist() == [31, 32, 33]
    assert empty.channels[0].inputs["p"].size == 0
