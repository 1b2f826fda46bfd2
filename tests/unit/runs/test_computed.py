"""Columns that a function of the user computes: in a file beside the run, and where it is read."""

from math import prod
from pathlib import Path
from types import SimpleNamespace

import awkward as ak
import numpy as np
import pandas as pd
import pytest
import uproot

import compute_columns as compute_columns_script
from runsieve.config.columns import ComputedColumn
from runsieve.config.inputs import Input
from runsieve.errors import DamagedError, RunsieveError
from runsieve.runs import computed
from runsieve.runs.columns import read_columns
from runsieve.runs.computed import compute_columns, marking_damage
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.inputs import InputFiles
from runsieve.runs.trees import open_chain
from runsieve.samples.gathering import RunFiles, gather_input
from runsieve.selection.displays import read_event
from runsieve.selection.selector import Selector

ENTRIES, SAMPLES, MISSING = 30, 6, -5.0
CHANNELS = [1, 2]
RNG = np.random.default_rng(9)
EVENTS = (100 + 2 * np.arange(ENTRIES)).astype(np.uint64)
WAVEFORMS = {channel: RNG.integers(0, 100, (ENTRIES, SAMPLES)) for channel in CHANNELS}
RECORDED = {channel: RNG.random(ENTRIES) < 0.6 for channel in CHANNELS}
IMAGES = RNG.integers(0, 100, (ENTRIES, 2, 3)).astype(np.float32)
WAVEFORM = Input(branches=["wf{channel}"], shape=[SAMPLES])
PEAK = np.stack(
    [np.where(RECORDED[channel], WAVEFORMS[channel].max(axis=1), MISSING) for channel in CHANNELS]
)
FUNCTIONS = """
from math import prod

import numpy as np
from ratios import half


def peak(waveform):
    assert waveform.dtype == np.uint16 and waveform.shape[1:] == (6,)
    return waveform.max(axis=1)


def mean_and_peak(image, waveform):
    return half(image.mean(axis=(1, 2))) + waveform.max(axis=1)


def pairs(waveform):
    return waveform[:, :2]


def one(waveform):
    return 1.0


def words(waveform):
    return np.full(len(waveform), "a")


def undefined(waveform):
    return np.where(waveform.max(axis=1) == waveform.max(), np.nan, 1.0)


def failing(waveform):
    raise ValueError("no pulse\\nfound")
"""


def content(start: int = 0, stop: int = ENTRIES) -> dict:
    part = slice(start, stop)
    branches = {"evt": EVENTS[part], "image": IMAGES[part]}
    for channel in CHANNELS:
        kept = RECORDED[channel][part]
        values = WAVEFORMS[channel][part][kept].astype(np.uint16)
        branches[f"wf{channel}"] = ak.unflatten(values.ravel(), np.where(kept, SAMPLES, 0))
    return branches


def write(path: Path, branches: dict, tree: str = "event") -> str:
    with uproot.recreate(path) as file:
        file.mktree(tree, branches)
    return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A run in two files."""
    folder = tmp_path_factory.mktemp("run")
    return [
        write(folder / "a.root", content(0, 11)),
        write(folder / "b.root", content(11, ENTRIES)),
    ]


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file of the user, and a module beside it that it imports."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "ratios.py").write_text("def half(values):\n    return values / 2\n")
    (folder / "columns_of_mine.py").write_text(FUNCTIONS)
    return str(folder / "columns_of_mine.py")


def compute(files: list[str], path: Path, columns: dict, inputs: dict | None = None) -> str:
    inputs = inputs or {"waveform": InputFiles(WAVEFORM, files, "event")}
    with open_chain(7, files, "event") as chain:
        compute_columns(path, chain, {"event": "evt"}, columns, inputs, CHANNELS)
    return str(path)


def column(user: str, function: str, *inputs: str) -> ComputedColumn:
    names = list(inputs) or ["waveform"]
    return ComputedColumn(file=user, inputs=names, function=function, missing=MISSING)


@pytest.fixture(scope="module")
def peaks(files, user, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file with the column `peak` of each channel."""
    path = tmp_path_factory.mktemp("computed") / "run7.root"
    return compute(files, path, {"peak": column(user, "peak")})


@pytest.mark.parametrize("chunk", [7, 2000])
def test_values_and_where_nothing_is_recorded(files, user, tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(computed, "CHUNK_VALUES", chunk * prod(WAVEFORM.shape))
    path = compute(files, tmp_path / "run7.root", {"peak": column(user, "peak")})
    with uproot.open(path) as file:
        tree = file["columns"].arrays(library="np")
    assert tree.keys() == {"event", "peak_1", "peak_2"}
    assert tree["event"].dtype == np.uint64
    assert tree["event"].tolist() == EVENTS.tolist()
    for place, channel in enumerate(CHANNELS):
        assert tree[f"peak_{channel}"].dtype == np.float64
        assert tree[f"peak_{channel}"].tolist() == PEAK[place].tolist()
        assert 0 < (PEAK[place] == MISSING).sum() < ENTRIES


def test_of_several_inputs_each_must_be_recorded(files, user, tmp_path):
    inputs = {
        "waveform": InputFiles(WAVEFORM, files, "event"),
        "image": InputFiles(Input(branches=["image"], shape=[2, 3]), files, "event"),
    }
    columns = {"both": column(user, "mean_and_peak", "image", "waveform")}
    path = compute(files, tmp_path / "run7.root", columns, inputs)
    expected = IMAGES.mean(axis=(1, 2)) / 2
    with uproot.open(path) as file:
        for place, channel in enumerate(CHANNELS):
            found = file["columns"][f"both_{channel}"].array(library="np")
            kept = RECORDED[channel]
            assert found[kept] == pytest.approx(expected[kept] + PEAK[place][kept])
            assert (found[~kept] == MISSING).all()


def test_the_function_is_named_after_the_column(files, user, tmp_path):
    columns = {"peak": ComputedColumn(file=user, inputs=["waveform"])}
    with uproot.open(compute(files, tmp_path / "run7.root", columns)) as file:
        found = file["columns"]["peak_1"].array(library="np")
    assert (found[~RECORDED[1]] == -999).all()
    assert (found[RECORDED[1]] == PEAK[0][RECORDED[1]]).all()


def test_an_input_of_a_friend_and_a_window(files, user, tmp_path):
    friend = write(tmp_path / "friend.root", {"long": np.arange(ENTRIES * 9).reshape(-1, 9)}, "f")
    settings = Input(branches=["long"], shape=[3], window={"start": 2, "stop": 5}, tree="f")
    (tmp_path / "last.py").write_text("def last(values):\n    return values[:, -1]\n")
    columns = {"last": ComputedColumn(file=str(tmp_path / "last.py"), inputs=["long"])}
    inputs = {"long": InputFiles(settings, [friend], "f")}
    with uproot.open(compute(files, tmp_path / "run7.root", columns, inputs)) as file:
        found = file["columns"]["last_2"].array(library="np")
    assert found.tolist() == list(range(4, 9 * ENTRIES, 9))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("pairs", r"columns_of_mine\.py: pairs\(\) of run 7, channel 1: numbers of shape \(\d+,\) "
                  r"expected, one per event, found uint16 of shape \(\d+, 2\)"),
        ("one", r"one\(\) of run 7, channel 1: numbers of shape .* found float64 of shape \(\)"),
        ("words", r"words\(\) of run 7, channel 1: numbers of shape .* found <U1 of shape"),
        ("undefined", r"undefined\(\) of run 7, channel 1: finite numbers expected, found nan at "
                      rf"entry {int(np.argmax(PEAK[0]))}$"),
        ("failing", r"columns_of_mine\.py: failing\(\) failed: ValueError: no pulse found$"),
        ("peek", r"columns_of_mine\.py: defines no function 'peek'"),
    ],
)  # fmt: skip
def test_what_a_function_does_wrong_is_said(files, user, tmp_path, function, words):
    with pytest.raises(RunsieveError, match=words) as error:
        compute(files, tmp_path / "run7.root", {"new": column(user, function)})
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_run(files, tmp_path):
    (tmp_path / "mine.py").write_text("import no_such_module\n\ndef peak(w):\n    return w\n")
    columns = {"peak": ComputedColumn(file=str(tmp_path / "mine.py"), inputs=["waveform"])}
    words = r"mine\.py: cannot be run: ModuleNotFoundError: No module named 'no_such_module'"
    with pytest.raises(RunsieveError, match=words):
        compute(files, tmp_path / "run7.root", columns)


def test_a_branch_of_the_run_is_not_hidden(files, user, tmp_path):
    other = write(tmp_path / "other.root", {**content(), "peak_2": np.zeros(ENTRIES)})
    words = "run 7: tree 'event' has a branch 'peak_2' already; give the computed column another"
    with pytest.raises(RunsieveError, match=words):
        compute([other], tmp_path / "run7.root", {"peak": column(user, "peak")})


def test_an_input_of_fewer_entries_is_an_error(files, user, tmp_path):
    inputs = {"waveform": InputFiles(WAVEFORM, files[:1], "event")}
    with pytest.raises(RunsieveError, match="input 'waveform' has 11 entries, the run 30"):
        compute(files, tmp_path / "run7.root", {"peak": column(user, "peak")}, inputs)


def test_computed_columns_of_other_entries_are_an_error(files, peaks):
    words = r"run7\.root has 30 entries, the run 11; delete it to compute its columns again"
    with (
        pytest.raises(RunsieveError, match=words),
        open_chain(7, files[:1], "event", peaks),
    ):
        pass


COLUMNS = {"event": "evt", "peak": "peak_{channel}", "twice": "2 * peak_{channel}"}


@pytest.mark.parametrize("chunk", [4, 100])
def test_cuts_use_computed_columns(files, peaks, chunk):
    selector = Selector(7, {"signal": {"peak": "peak > 80"}}, CHANNELS, ["twice"])
    with open_chain(7, files, "event", peaks) as chain:
        chunks = with_unique_events(read_columns(chain, COLUMNS, CHANNELS, chunk), chain, "evt")
        events = pd.concat(selector.select(chunks), ignore_index=True)
    for place, channel in enumerate(CHANNELS):
        mine = events[events["channel"] == channel]
        passed = np.flatnonzero(PEAK[place] > 80)
        assert mine["entry"].tolist() == passed.tolist()
        assert mine["event"].tolist() == EVENTS[passed].tolist()
        assert mine["twice"].tolist() == (2 * PEAK[place][passed]).tolist()


def test_without_a_plain_column_computed_ones_are_read_all_the_same(files, peaks):
    with open_chain(7, files, "event", peaks) as chain:
        chunks = list(read_columns(chain, {"peak": "peak_{channel}"}, CHANNELS))
    found = np.concatenate([chunk.columns[2]["peak"] for chunk in chunks])
    assert found.tolist() == PEAK[1].tolist()
    assert sum(chunk.entries for chunk in chunks) == ENTRIES


def test_a_branch_called_event_stays_that_of_the_run(files, user, tmp_path):
    """The file of the computed columns has a branch of this name as well, with event numbers."""
    kinds = np.arange(ENTRIES) % 3
    other = write(tmp_path / "other.root", {**content(), "event": kinds})
    path = compute([other], tmp_path / "run7.root", {"peak": column(user, "peak")})
    columns = {"event": "evt", "kind": "event", "peak": "peak_{channel}"}
    with open_chain(7, [other], "event", path) as chain:
        (chunk,) = read_columns(chain, columns, [1])
        shown = read_event(chain, 104, [1], columns, {}, {})
    assert chunk.columns[1]["event"].tolist() == EVENTS.tolist()
    assert chunk.columns[1]["kind"].tolist() == kinds.tolist()
    assert shown.channels[1].columns == {"event": 104, "kind": 2, "peak": PEAK[0][2]}


def test_beside_computed_columns_the_event_number_may_be_all(files, user, tmp_path):
    content_of_run = content()
    content_of_run["event"] = content_of_run.pop("evt")
    run = [write(tmp_path / "run.root", content_of_run)]
    inputs = {"waveform": InputFiles(WAVEFORM, run, "event")}
    with open_chain(7, run, "event") as chain:
        columns = {"peak": column(user, "peak")}
        compute_columns(
            tmp_path / "run7.root", chain, {"event": "event"}, columns, inputs, CHANNELS
        )
    columns = {"event": "event", "peak": "peak_{channel}"}
    with open_chain(7, run, "event", str(tmp_path / "run7.root")) as chain:
        chunks = list(with_unique_events(read_columns(chain, columns, [2], 8), chain, "event"))
        shown = read_event(chain, 110, [2], columns, {}, {})
    assert [chunk.start for chunk in chunks] == [0, 8, 16, 24]
    for name, expected in (("event", EVENTS), ("peak", PEAK[1])):
        found = np.concatenate([chunk.columns[2][name] for chunk in chunks])
        assert found.tolist() == expected.tolist()
    assert shown.entry == 5
    assert shown.channels[2].columns == {"event": 110, "peak": PEAK[1][5]}


def test_an_input_made_of_computed_columns(files, peaks, tmp_path):
    entries = [0, 4, 13, 29]
    events = pd.DataFrame({"run": 7, "entry": entries, "event": EVENTS[entries]})
    events = events.assign(channel=[1, 2, 2, 1], row=[3, 2, 1, 0])
    settings = Input(columns=["twice", "peak"])
    path = tmp_path / "input.npy"
    gather_input(
        events, {7: RunFiles(files, files, "physics", peaks)}, settings, "event", COLUMNS, path, 1
    )
    found = np.load(path)
    assert found.dtype == np.float32
    chosen = PEAK[events["channel"] - 1, events["entry"]]
    assert (found[events["row"]] == np.column_stack([2 * chosen, chosen])).all()


def test_a_display_shows_computed_columns(files, peaks):
    classes = {"signal": {"peak": "peak > 80", "own": "peak > {channel}"}}
    entry = int(np.argmax(PEAK[1]))
    with open_chain(7, files, "event", peaks) as chain:
        event = read_event(chain, int(EVENTS[entry]), CHANNELS, COLUMNS, classes, {})
    for place, channel in enumerate(CHANNELS):
        value = PEAK[place][entry]
        seen = event.channels[channel]
        assert seen.columns == {"event": EVENTS[entry], "peak": value, "twice": 2 * value}
        assert seen.passed["signal"] == {"peak": value > 80, "own": value > channel}


def test_script_computes_the_columns_of_its_parameters(files, user, peaks, tmp_path):
    waveform = {"settings": WAVEFORM.model_dump(mode="json"), "files": files, "tree": "event"}
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        threads=1,
        output=SimpleNamespace(columns=tmp_path / "run7.root"),
        params=SimpleNamespace(
            run=7,
            files=files,
            tree="event",
            texts={"event": "evt"},
            channels=CHANNELS,
            columns={"peak": column(user, "peak").model_dump(mode="json")},
            inputs={"waveform": waveform},
            friends={},
            skip=False,
        ),
    )
    compute_columns_script.main(job)
    with uproot.open(peaks) as one, uproot.open(job.output.columns) as other:
        expected, found = (file["columns"].arrays(library="np") for file in (one, other))
    assert expected.keys() == found.keys()
    assert all((expected[name] == found[name]).all() for name in expected)


def test_damage_is_written_instead_of_columns(files, tmp_path):
    path, reason = tmp_path / "run7.root", "run 7: a.root: cut short"
    with pytest.raises(DamagedError), marking_damage(path, files, allowed=False):
        raise DamagedError(reason)
    assert not path.exists()
    with marking_damage(path, files, allowed=True):
        raise DamagedError(reason)
    with pytest.raises(DamagedError) as error, open_chain(7, files, "event", str(path)):
        pass
    assert str(error.value) == reason
