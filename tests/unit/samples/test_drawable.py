"""Reading only what can be drawn gives the same sample as reading everything."""

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.samples import MATCH, event_list
from runsieve.config.base import SPLITS
from runsieve.config.sample import Sample
from runsieve.samples import drawable
from runsieve.samples.drawable import read_drawable
from runsieve.samples.drawing import build_sample
from runsieve.selection.event_lists import write_event_list

CLASSES = ["signal", "background"]

modes = st.sampled_from(["undersample", "weights", "none"])
limits = st.integers(1, 300)
options = st.fixed_dictionaries(
    {
        "balance": modes | st.dictionaries(st.sampled_from(SPLITS), modes),
        "limit": st.none() | limits | st.dictionaries(st.sampled_from(SPLITS), limits),
        "match": st.sampled_from([None, MATCH]),
        "channels": st.sampled_from([None, [1]]),
        "folds": st.sampled_from([None, 3]),
        "seed": st.integers(0, 2**31),
    }
)


def write_lists(folder, events):
    """The event list of each run."""
    paths = []
    for run, part in events.groupby("run"):
        paths.append(folder / f"run{run}.parquet")
        write_event_list([part], paths[-1])
    return paths


def sample_of(events, chosen, *arguments):
    try:
        return build_sample(events, chosen, CLASSES, "name", *arguments)
    except Exception as error:
        return str(error)


# Nothing is left to draw.
@example(0, {"balance": "undersample", "limit": 1, "folds": 3, "seed": 0})
@given(st.integers(0, 2**31), options)
def test_the_sample_is_the_same(tmp_path_factory, seed, keys):
    if keys["folds"] and isinstance(keys["limit"], dict):
        keys["limit"] = None
    chosen, events = Sample(**keys), event_list(seed)
    paths = write_lists(tmp_path_factory.mktemp("lists"), events)
    read, available = read_drawable(paths, chosen, CLASSES, "name")
    expected, found = sample_of(events, chosen), sample_of(read, chosen, available)
    if isinstance(expected, str):
        assert found == expected
    else:
        for one, other in zip(found, expected, strict=True):
            pd.testing.assert_frame_equal(one, other, check_dtype=False)


@pytest.mark.parametrize("chosen", [Sample(limit=30), Sample(limit={"train": 40, "test": 9})])
def test_few_more_events_are_read_than_drawn(tmp_path, chosen):
    events = event_list(3, 20_000)
    read, available = read_drawable(write_lists(tmp_path, events), chosen, CLASSES, "name")
    sample, drawn = build_sample(read, chosen, CLASSES, "name", available)
    assert len(sample) <= len(read) < len(events) / 10
    assert drawn["available"].sum() == len(events)


def test_all_are_read_where_too_few_were_reached(tmp_path, monkeypatch):
    monkeypatch.setattr(drawable, "SPREAD", -3)
    monkeypatch.setattr(drawable, "MORE", 0)
    events = event_list(3, 5000)
    read, _ = read_drawable(write_lists(tmp_path, events), Sample(), CLASSES, "name")
    assert len(read) == len(events)


def test_all_are_read_where_a_group_decides_the_split(tmp_path):
    events = event_list(3).assign(spill=1.0)
    chosen = Sample(split={"group": "spill"})
    read, available = read_drawable(write_lists(tmp_path, events), chosen, CLASSES, "name")
    assert len(read) == len(events)
    assert available is None


def test_a_run_without_events_is_read(tmp_path):
    events = event_list(3)
    paths = write_lists(tmp_path, events)
    write_event_list([events.head(0)], tmp_path / "run1.parquet")
    read, _ = read_drawable(
        [tmp_path / "run1.parquet", *paths], Sample(balance="none"), CLASSES, "name"
    )
    assert len(read) == len(events)
    none, available = read_drawable(
        [tmp_path / "run1.parquet"], Sample(balance="none"), CLASSES, "name"
    )
    assert len(none) == available.sum() == 0
