"""Cuts choose events in each channel by itself, and every step is counted."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runsieve.errors import RunsieveError
from runsieve.runs.columns import Chunk
from runsieve.selection.selector import CutFlow, Selector

CHANNELS = [3, 7]
ENTRIES = 40
RNG = np.random.default_rng(6)
ENERGY = {channel: RNG.uniform(0, 10, ENTRIES) for channel in CHANNELS}
GAIN = {channel: RNG.uniform(0, 1, ENTRIES) for channel in CHANNELS}
SHARED = {
    "event": np.arange(100, 100 + ENTRIES, dtype=np.uint64),
    "run": np.full(ENTRIES, 5),
    **{f"gain{channel}": GAIN[channel] for channel in CHANNELS},
}


def chunks(size: int = ENTRIES) -> list[Chunk]:
    """The entries above, in parts."""
    columns = {channel: {**SHARED, "energy": ENERGY[channel]} for channel in CHANNELS}
    return [
        Chunk(
            start,
            {
                channel: {name: values[start : start + size] for name, values in one.items()}
                for channel, one in columns.items()
            },
        )
        for start in range(0, ENTRIES, size)
    ]


def selected(
    classes: Mapping[str, Mapping[str, str]], size: int = ENTRIES, hit: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Event list and cut flow."""
    selector = Selector(5, classes, CHANNELS, ["energy"], hit)
    events = pd.concat(selector.select(chunks(size)), ignore_index=True)
    return events, selector.cutflow()


@pytest.mark.parametrize("size", [ENTRIES, 7])
def test_a_cut_that_names_the_channel_selects_by_channel(size):
    steps = {"energy": "energy > 2 + 0.5 * {channel}", "own gain": "gain{channel} > 0.4"}
    events, flow = selected({"signal": steps}, size)
    for channel in CHANNELS:
        energetic = ENERGY[channel] > 2 + 0.5 * channel
        passed = energetic & (GAIN[channel] > 0.4)
        mine = events[events["channel"] == channel]
        assert mine["entry"].tolist() == np.flatnonzero(passed).tolist()
        assert mine["event"].tolist() == SHARED["event"][passed].tolist()
        assert mine["energy"].tolist() == ENERGY[channel][passed].tolist()
        counted = flow[flow["channel"] == channel].set_index("step")
        assert counted["passed"].to_dict() == {
            "all": ENTRIES,
            "energy": energetic.sum(),
            "own gain": passed.sum(),
        }
        assert counted["passed_alone"]["own gain"] == (GAIN[channel] > 0.4).sum()
    assert 0 < len(events) < ENTRIES
    assert events["channel"].nunique() == 2


def test_the_cut_flow_holds_the_cut_as_it_was_written():
    _, flow = selected({"signal": {"own gain": "gain{channel} > 0.4"}})
    assert set(flow["cut"]) == {"", "gain{channel} > 0.4"}


@pytest.mark.parametrize("size", [ENTRIES, 7])
def test_only_hits_are_counted_and_selected(size):
    steps = {"low": "energy < 8", "own gain": "gain{channel} > 0.4"}
    events, flow = selected({"signal": steps}, size, hit="energy > {channel}")
    for channel in CHANNELS:
        hit = ENERGY[channel] > channel
        low, gain = hit & (ENERGY[channel] < 8), hit & (GAIN[channel] > 0.4)
        mine = events[events["channel"] == channel]
        assert mine["entry"].tolist() == np.flatnonzero(low & gain).tolist()
        counted = flow[flow["channel"] == channel].set_index("step")
        assert counted["cut"]["all"] == "energy > {channel}"
        both = (low & gain).sum()
        assert counted["passed"].tolist() == [hit.sum(), low.sum(), both]
        assert counted["passed_alone"].tolist() == [hit.sum(), low.sum(), gain.sum()]
        assert counted["passed_others"].tolist() == [both, gain.sum(), low.sum()]


def test_a_class_without_cuts_is_of_all_hits():
    events, flow = selected({"signal": {}}, hit="energy > 5")
    hits = sum(int((energy > 5).sum()) for energy in ENERGY.values())
    counts = flow[["passed", "passed_alone", "passed_others"]].sum()
    assert (counts == hits).all() and len(events) == hits


def test_a_channel_may_be_left_out_by_a_cut():
    events, flow = selected({"signal": {"left": "{channel} == 3"}})
    assert set(events["channel"]) == {3}
    passed = flow[flow["step"] == "left"].set_index("channel")["passed"]
    assert passed.to_dict() == {3: ENTRIES, 7: 0}


def test_cuts_are_parsed_once_for_each_channel():
    flow = CutFlow({"own gain": "gain{channel} > 0.4"}, 7)
    assert flow.expressions["own gain"].text == "gain7 > 0.4"
    assert flow.expressions["own gain"].names == {"gain7"}


CUTS = st.tuples(st.sampled_from("ab"), st.sampled_from(["<", ">"]), st.integers(0, 9))


@settings(max_examples=60)
@given(
    cuts=st.lists(CUTS, max_size=6),
    values=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30),
    size=st.integers(1, 30),
)
def test_counts_of_random_cuts_are_those_of_a_loop_over_the_entries(cuts, values, size):
    flow = CutFlow({f"{n}": f"{name} {sign} {x}" for n, (name, sign, x) in enumerate(cuts)}, 0)
    a, b = np.array(values).T
    selected = [
        flow.apply({"a": a[start : start + size], "b": b[start : start + size]})
        for start in range(0, len(values), size)
    ]
    verdicts = []
    for entry in values:
        value = dict(zip("ab", entry, strict=True))
        passes = [value[n] < x if sign == "<" else value[n] > x for n, sign, x in cuts]
        verdicts.append([True, *passes])
    table = flow.table()
    assert table["step"].tolist() == ["all", *(f"{n}" for n in range(len(cuts)))]
    assert np.concatenate(selected).tolist() == [all(one) for one in verdicts]
    for n, row in enumerate(table.itertuples()):
        assert row.passed == sum(all(one[: n + 1]) for one in verdicts)
        assert row.passed_alone == sum(one[n] for one in verdicts)
        assert row.passed_others == sum(all(one[:n] + one[n + 1 :]) for one in verdicts)


def test_events_of_two_classes_are_named():
    classes = {"signal": {"low": "energy < 9"}, "noise": {"own": "gain{channel} >= 0"}}
    with pytest.raises(
        RunsieveError, match=r"run 5: event \d+ in channel \d belongs to the classes"
    ):
        selected(classes)


def test_a_file_of_another_run_is_named():
    selector = Selector(6, {"signal": {}}, CHANNELS, [])
    with pytest.raises(RunsieveError, match="run 6: its file holds events of run 5; correct"):
        list(selector.select(chunks()))
