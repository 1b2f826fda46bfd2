"""Windows that depend on columns or on the kind of run, and baselines that are columns."""

import h5py
import numpy as np
import pandas as pd
import pytest
import uproot
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.inputs import Input
from runsieve.config.window import Window
from runsieve.errors import RunsieveError
from runsieve.runs.inputs import input_type, read_input
from runsieve.runs.trees import open_chain
from runsieve.runs.windows import Cutter, wanted_of
from runsieve.samples.gathering import RunFiles, gather_input

ENTRIES, SAMPLES = 9, 40
RNG = np.random.default_rng(4)
WAVES = RNG.integers(0, 4000, (ENTRIES, SAMPLES)).astype(np.uint16)
TRIGGER = np.array([20, 5, 9.4, 9.5, 12, 30, 33, 2, np.nan])
LEVEL = RNG.uniform(100, 300, ENTRIES)
COLUMNS = {"time": "trigger", "level": "level_{channel}", "twice": "2 * trigger"}
DATA = {
    "event": np.arange(ENTRIES, dtype=np.uint64),
    "wave": WAVES,
    "pair": np.hstack([WAVES, WAVES[:, ::-1]]),
    "trigger": TRIGGER,
    "level_3": LEVEL,
}


def tree(path):
    with uproot.recreate(path) as file:
        file.mktree("event", {name: values[:5] for name, values in DATA.items()})
        file["event"].extend({name: values[5:] for name, values in DATA.items()})


def hdf5(path):
    with h5py.File(path, "w") as file:
        for name, values in DATA.items():
            file.create_dataset(f"event/{name}", data=values)


def parquet(path):
    import awkward as ak

    ak.to_parquet(
        ak.zip({name: ak.Array(values) for name, values in DATA.items()}, depth_limit=1), path
    )


def rntuple(path):
    with uproot.recreate(path) as file:
        file.mkrntuple("event", DATA)


KINDS = {"root": tree, "h5": hdf5, "parquet": parquet, "ntuple.root": rntuple}


@pytest.fixture(scope="module", params=KINDS)
def file(request, tmp_path_factory):
    path = str(tmp_path_factory.mktemp("runs") / f"run.{request.param}")
    KINDS[request.param](path)
    return path


def read(path, entries, columns=COLUMNS, **settings):
    one = Input.model_validate({"branches": ["wave"], "shape": [6], **settings})
    with open_chain(7, [path], "event") as chain:
        wanted = wanted_of(chain, one, columns, 3, np.array(entries))
        return read_input(chain, one, 3, wanted)[0]


def test_a_window_starts_at_a_column(file):
    # Rounded to the nearest sample, halves upwards.
    found = read(file, range(6), window={"start": "time - 3", "length": 6})
    starts = [17, 2, 6, 7, 9, 27]
    assert found.dtype == np.uint16
    assert (found == [wave[at : at + 6] for wave, at in zip(WAVES, starts, strict=False)]).all()


def test_an_expression_is_one_of_columns_and_the_channel(file):
    found = read(file, [1, 4], window={"start": "twice / 2 - {channel}", "length": 6})
    assert (found == [WAVES[1, 2:8], WAVES[4, 9:15]]).all()


def test_each_segment_has_the_window(file):
    window = {"start": "time", "length": 3}
    found = read(file, [0, 4], branches=["pair"], segments=2, window=window)
    both = [np.r_[WAVES[e, s : s + 3], WAVES[e, ::-1][s : s + 3]] for e, s in ((0, 20), (4, 12))]
    assert (found == both).all()


@pytest.mark.parametrize(
    ("entry", "start", "words"),
    [
        (6, "time + 3", "holds 40 values at entry {here}, expected at least 42"),
        (7, "time - 3", "at entry {here}, but its window starts at -1; window.outside: pad would"),
        (7, "time - 99", "but its window from -97 to -91 lies outside of them"),
        (7, "time * 1e300", "but its window from 9007199254740992 to"),
        (8, "time", "at entry {here}, but the start of its window is not a number"),
    ],
)
def test_a_window_that_leaves_the_waveform_is_an_error(file, entry, start, words):
    with pytest.raises(RunsieveError) as error:
        read(file, [entry], window={"start": start, "length": 6})
    assert words.format(here=entry) in str(error.value)
    assert str(error.value).startswith(f"run 7: {file}: ")


def test_a_window_that_leaves_the_waveform_in_part_is_filled(file):
    window = {"start": "time - 3", "length": 6, "outside": "pad"}
    found = read(file, [7], window=window)
    assert found.tolist() == [[WAVES[7, 0], *WAVES[7, :5]]]
    late = read(file, [6], window=window | {"start": "time + 3"})
    assert late.tolist() == [[*WAVES[6, 36:], WAVES[6, -1], WAVES[6, -1]]]
    for start in ("time - 99", "time + 99"):
        with pytest.raises(RunsieveError, match="lies outside of them"):
            read(file, [6], window=window | {"start": start})


@given(
    st.integers(-9, 25), st.integers(1, 12), st.sampled_from([1, 2, 4]), st.sampled_from([8, 12])
)
def test_what_is_filled_is_the_nearest_value(start, length, segments, samples):
    window = Window(start="t", length=length, outside="pad")
    values = np.arange(segments * samples)
    if start + length <= 0 or start >= samples:
        with pytest.raises(ValueError, match="outside"):
            Cutter(window, segments)(values, segments * length, start)
        return
    found = Cutter(window, segments)(values, segments * length, start)
    inside = np.clip(np.arange(start, start + length), 0, samples - 1)
    assert (found.reshape(segments, -1) == values.reshape(segments, -1)[:, inside]).all()


def test_a_baseline_can_be_a_column(file):
    found = read(file, [0, 5], shape=[SAMPLES], baseline="level")
    assert found.dtype == np.float32
    expected = WAVES[[0, 5]] - LEVEL[[0, 5], None]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-4)


def test_a_baseline_that_is_no_number_is_an_error(file):
    with pytest.raises(RunsieveError, match="at entry 8, but their baseline is nan"):
        read(file, [1, 8], shape=[SAMPLES], baseline="time")


@pytest.mark.parametrize("baseline", [250, {"samples": [0, 9]}, None])
def test_models_subtract_other_baselines(file, baseline):
    settings = {"shape": [SAMPLES], "baseline": baseline, "polarity": "negative"}
    found = read(file, [0, 5], **settings)
    assert found.dtype == WAVES.dtype
    assert (found == WAVES[[0, 5]]).all()


def test_the_type_with_a_column_as_baseline(file):
    with open_chain(7, [file], "event") as chain:
        one = Input(branches=["wave"], shape=[SAMPLES], baseline="level")
        assert input_type(chain, one, 3) == np.float32


def test_a_window_can_differ_between_kinds():
    window = {"start": {"physics": "time - 3", "calibration": 11}, "length": 6}
    one = Input(branches=["wave"], shape=[6], window=window)
    assert one.of_kind("physics").window.start == "time - 3"
    assert one.of_kind("calibration").window.start == 11
    assert one.expressions() == {"window.start.physics": "time - 3"}
    # A number for all kinds.
    plain = Input(branches=["wave"], shape=[6], window={"start": 1, "stop": 7})
    assert plain.of_kind("physics") == plain
    assert plain.expressions() == {}


def test_what_is_read_does_not_depend_on_what_models_do():
    plain = Input(branches=["wave"], shape=[SAMPLES])
    for change in ({"polarity": "negative"}, {"baseline": 3.0}, {"baseline": {"samples": [0, 4]}}):
        assert Input(branches=["wave"], shape=[SAMPLES], **change).as_read() == plain.as_read()
    by_column = Input(branches=["wave"], shape=[SAMPLES], baseline="level")
    assert by_column.as_read() != plain.as_read()
    assert Input.model_validate(by_column.as_read()).baseline == "level"


def test_gathering_takes_the_window_of_each_kind(tmp_path):
    runs, friend = {}, str(tmp_path / "friend.root")
    with uproot.recreate(friend) as file:
        file.mktree("waves", {"wave": WAVES})
    for run in (1, 2):
        path = str(tmp_path / f"run{run}.root")
        with uproot.recreate(path) as file:
            file.mktree("event", {name: DATA[name] for name in ("event", "trigger")})
        # The waveforms are elsewhere, the column that decides the window is in the run.
        runs[run] = RunFiles([path], [friend], ("physics", "calibration")[run - 1])
    window = {"start": {"physics": "time - 3", "calibration": 11}, "length": 6}
    one = Input(branches=["wave"], shape=[6], window=window, tree="waves", files=friend)
    events = pd.DataFrame({"run": [1, 2, 1], "entry": [4, 4, 0], "channel": 3, "row": [2, 1, 0]})
    events["event"] = events["entry"]
    path = tmp_path / "wave.npy"
    gather_input(events, runs, one, "event", {"event": "event", "time": "trigger"}, path, 1)
    assert (np.load(path) == [WAVES[0, 17:23], WAVES[4, 11:17], WAVES[4, 9:15]]).all()


def test_gathering_fills_in_the_conditions_of_each_run(tmp_path):
    runs = {}
    for run, shift in ((1, "3"), (2, "-2")):
        path = str(tmp_path / f"run{run}.root")
        with uproot.recreate(path) as file:
            file.mktree("event", DATA)
        runs[run] = RunFiles([path], [path], "physics", conditions={"shift1": shift})
    one = Input(columns=["time"])
    events = pd.DataFrame({"run": [1, 2], "entry": [4, 4], "channel": 1, "row": [0, 1]})
    events["event"] = events["entry"]
    path = tmp_path / "time.npy"
    columns = {"event": "event", "time": "trigger + sheet.shift{channel}"}
    gather_input(events, runs, one, "event", columns, path, 1)
    assert np.load(path)[:, 0].tolist() == [DATA["trigger"][4] + 3, DATA["trigger"][4] - 2]
