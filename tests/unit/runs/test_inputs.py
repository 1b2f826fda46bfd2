"""What models see of an event: windows, joins, smaller images, and where nothing is recorded."""

from pathlib import Path

import awkward as ak
import numpy as np
import pytest
import uproot

from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.runs.arrays import Wanted
from runsieve.runs.inputs import InputFiles, branch_names, fill_input, input_type, read_input
from runsieve.runs.trees import open_chain
from runsieve.runs.windows import wanted_of

ENTRIES = 12
RNG = np.random.default_rng(8)
RECORDED = np.arange(ENTRIES) % 3 != 0
IMAGES = RNG.integers(0, 256, (ENTRIES, 4, 6)).astype(np.uint8)
OTHER = RNG.integers(0, 256, (ENTRIES, 4, 6)).astype(np.uint8)
WAVEFORMS = {
    name: RNG.integers(0, 4096, (ENTRIES, 8)).astype(np.uint16)
    for name in ("left1", "right1", "left2", "right2")
}
LEFT_RIGHT = ("left1", "right1")
WANTED = np.array([1, 2, 5, 7, 10])


def recorded(values: np.ndarray) -> ak.Array:
    """Nothing in every third entry."""
    counts = np.where(RECORDED, values.shape[1], 0)
    return ak.unflatten(values[RECORDED].ravel(), counts)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A run in two files."""
    folder = tmp_path_factory.mktemp("inputs")
    whole = {
        "event": np.arange(ENTRIES, dtype=np.uint64),
        "image": IMAGES,
        "other": OTHER,
        "energy": np.linspace(1, 2, ENTRIES),
        **{name: recorded(values) for name, values in WAVEFORMS.items()},
    }
    paths = []
    for part, (start, stop) in enumerate(((0, 5), (5, ENTRIES))):
        paths.append(str(folder / f"run_{part}.root"))
        with uproot.recreate(paths[-1]) as file:
            file.mktree("event", {name: values[start:stop] for name, values in whole.items()})
    return paths


def read(
    files: list[str], entries: np.ndarray = WANTED, channel: int = 1, **settings: object
) -> tuple[np.ndarray, np.ndarray]:
    with open_chain(7, files, "event") as chain:
        one = Input.model_validate(settings)
        return read_input(chain, one, channel, wanted_of(chain, one, {}, channel, entries))


@pytest.mark.parametrize("channel", [1, 2])
def test_branches_of_the_channel_follow_each_other(files, channel):
    branches = ["left{channel}", "right{channel}"]
    both = [WAVEFORMS[f"{side}{channel}"][WANTED] for side in ("left", "right")]
    array, absent = read(files, channel=channel, branches=branches, shape=[2, 8])
    assert array.dtype == np.uint16
    assert (array == np.stack(both, axis=1)).all()
    assert not absent.any()
    flat, _ = read(files, channel=channel, branches=branches, shape=[16])
    assert (flat == np.concatenate(both, axis=1)).all()
    last, _ = read(files, channel=channel, branches=branches, shape=[8, 2], join="last")
    assert (last == np.stack(both, axis=2)).all()


def test_images_joined_at_the_first_or_the_last_axis(files):
    chosen = IMAGES[WANTED], OTHER[WANTED]
    first, _ = read(files, branches=["image", "other"], shape=[2, 4, 6])
    assert (first == np.stack(chosen, axis=1)).all()
    last, _ = read(files, branches=["image", "other"], shape=[4, 6, 2], join="last")
    assert (last == np.stack(chosen, axis=-1)).all()
    one, _ = read(files, branches=["image"], shape=[4, 6, 1], join="last")
    assert (one[..., 0] == chosen[0]).all()


def test_the_colours_of_each_image_stay_together(files):
    chosen = [values[WANTED].reshape(-1, 4, 2, 3) for values in (IMAGES, OTHER)]
    array, _ = read(files, branches=["image", "other"], shape=[4, 2, 6], join="last")
    assert (array == np.concatenate(chosen, axis=-1)).all()


@pytest.mark.parametrize("join", ["first", "last"])
def test_a_window_is_cut_from_each_branch(files, join):
    window = {"start": 3, "stop": 7}
    shape = [2, 4] if join == "first" else [4, 2]
    array, _ = read(
        files, branches=["left{channel}", "right{channel}"], shape=shape, window=window, join=join
    )
    both = [WAVEFORMS[name][WANTED, 3:7] for name in ("left1", "right1")]
    assert (array == np.stack(both, axis=1 if join == "first" else 2)).all()


def test_a_window_beyond_the_values_is_an_error(files):
    words = r"run_0\.root: branch 'left1' holds 8 values at entry 1, expected at least 9"
    with pytest.raises(RunsieveError, match=words):
        read(files, branches=["left1"], shape=[4], window={"start": 5, "stop": 9})


@pytest.mark.parametrize("segments", [1, 2, 4])
def test_a_window_is_cut_from_each_segment_of_a_branch(files, segments):
    array, _ = read(
        files,
        branches=["left1", "right1"],
        shape=[2, segments],
        window={"start": 1, "stop": 2},
        segments=2 * segments,
    )
    parts = [WAVEFORMS[name][WANTED].reshape(-1, segments, 8 // segments) for name in LEFT_RIGHT]
    assert (array == np.stack([part[:, :, 1] for part in parts], axis=1)).all()


@pytest.mark.parametrize(("stop", "segments"), [(1, 3), (3, 4)])
def test_a_window_that_the_segments_do_not_have_is_an_error(files, stop, segments):
    words = f"8 values at entry 1, expected {segments} equal segments of at least {stop}"
    shape = [segments * stop]
    with pytest.raises(RunsieveError, match=words):
        read(files, branches=["left1"], shape=shape, window={"stop": stop}, segments=segments)


@pytest.mark.parametrize("by", ["mean", "max"])
def test_an_image_is_made_smaller(files, by):
    array, absent = read(files, branches=["image"], shape=[4, 6], reduce={"factor": 2, "by": by})
    blocks = IMAGES[WANTED].reshape(-1, 2, 2, 3, 2).transpose(0, 1, 3, 2, 4).reshape(-1, 2, 3, 4)
    expected = blocks.max(axis=-1) if by == "max" else np.rint(blocks.mean(axis=-1))
    assert array.shape == (len(WANTED), 2, 3)
    assert array.dtype == np.uint8
    assert (array == expected).all()
    assert not absent.any()


def test_entries_in_which_nothing_is_recorded_are_marked(files):
    entries = np.arange(ENTRIES)
    array, absent = read(files, entries, branches=["left{channel}", "right{channel}"], shape=[2, 8])
    assert (absent == ~RECORDED).all()
    assert not array[~RECORDED].any()
    assert (array[RECORDED, 0] == WAVEFORMS["left1"][RECORDED]).all()


def test_nothing_recorded_in_any_entry(files):
    array, absent = read(files, np.array([0, 9]), branches=["left1"], shape=[8])
    assert absent.all()
    assert array.shape == (2, 8)
    assert array.dtype == np.uint16


def test_without_marks_an_empty_entry_is_an_error(files):
    settings = Input(branches=["left1"], shape=[8])
    array = np.zeros((1, 8), np.uint16)
    words = "'left1' holds 0 values at entry 3, expected 8"
    with open_chain(7, files, "event") as chain, pytest.raises(RunsieveError, match=words):
        list(fill_input(array, chain, settings, {}, 1, Wanted(np.array([3]), np.array([0]))))


def test_only_the_rows_that_are_asked_for_are_written(files):
    settings = Input(branches=["image"], shape=[4, 6])
    array = np.full((6, 4, 6), 9, np.uint8)
    rows = np.array([4, 1])
    with open_chain(7, files, "event") as chain:
        written = sum(fill_input(array, chain, settings, {}, 1, Wanted(np.array([2, 8]), rows)))
    assert written == 2
    assert (array[rows] == IMAGES[[2, 8]]).all()
    assert (array[[0, 2, 3, 5]] == 9).all()


def test_the_type_is_that_of_the_branches_or_single_precision(files):
    with open_chain(7, files, "event") as chain:
        assert input_type(chain, Input(branches=["left{channel}"], shape=[8]), 2) == np.uint16
        assert input_type(chain, Input(columns=["energy"]), 2) == np.float32
        with pytest.raises(RunsieveError, match="image, left2 must be of one type, found"):
            input_type(chain, Input(branches=["image", "left{channel}"], shape=[2, 8]), 2)


def test_the_channel_is_filled_in():
    settings = Input(branches=["left{channel}", "wf[{channel}]"], shape=[2, 8])
    assert branch_names(settings, 5) == ["left5", "wf[5]"]


def test_an_input_from_plain_values(tmp_path: Path):
    settings = Input(branches=["image"], shape=[4, 6], reduce={"factor": 2})
    plain = {"settings": settings.model_dump(mode="json"), "files": ["a.root"], "tree": "event"}
    assert InputFiles.of(plain) == InputFiles(settings, ["a.root"], "event")
