"""Purity of labels: every event of a class is of one process, in the bin of its variable."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.errors import RunsieveError
from runsieve.evaluation.purity import purity_table
from runsieve.intervals import clopper_pearson

CLASSES = ["signal", "background"]
PROCESSES = {"signal": [1], "background": []}
EDGES = np.array([0.0, 2.0, 10.0])


def row(table: pd.DataFrame, label: str, truth: str, process: object, low: float | None = None):
    place = table["low"].isna() if low is None else table["low"] == low
    chosen = (table["class"] == label) & (table["truth"] == truth) & (table["process"] == process)
    (found,) = table[chosen & place].to_dict("records")
    return found


def test_fractions_of_a_class_by_process():
    events = pd.DataFrame({"class": ["signal"] * 4 + ["background"] * 6, "energy": range(1, 11)})
    processes = np.array([1, 1, 1, 2, 1, 2, 2, 3, 3, 3])
    table = purity_table(events, processes[:, None], CLASSES, PROCESSES, "energy", EDGES)
    assert len(table) == 2 * 3 * 5  # classes, bins, processes
    pure = row(table, "signal", "signal", "all")
    assert (pure["events"], pure["total"], pure["fraction"]) == (3, 4, 0.75)
    ends = [float(end) for end in clopper_pearson(3, 4)]
    assert [pure["fraction_low"], pure["fraction_high"]] == pytest.approx(ends)
    assert row(table, "background", "background", "all")["events"] == 5
    assert row(table, "background", "background", 3)["events"] == 3
    assert row(table, "background", "signal", 1)["fraction"] == pytest.approx(1 / 6)
    assert row(table, "signal", "background", 3)["events"] == 0
    first, second = (row(table, "signal", "signal", 1, low) for low in (0, 2))
    assert [first["events"], first["total"], second["events"], second["total"]] == [1, 1, 2, 3]
    empty = row(table, "background", "background", 2, 0)
    assert empty["total"] == 0 and np.isnan(empty["fraction"]) and np.isnan(empty["fraction_low"])


def test_without_bins_there_are_rows_of_all_events_alone():
    events = pd.DataFrame({"class": CLASSES})
    table = purity_table(events, np.array([1, 5]), CLASSES, PROCESSES)
    assert table["low"].isna().all()
    assert table["process"].tolist() == [1, "all", 5, "all"] * 2


def test_a_process_of_no_class():
    events = pd.DataFrame({"class": CLASSES})
    with pytest.raises(RunsieveError, match="1 events are of no class, the first of process 7"):
        purity_table(events, np.array([1, 7]), CLASSES, {"signal": [1], "background": [2]})


@given(
    st.lists(st.tuples(st.sampled_from(CLASSES), st.integers(1, 4), st.floats(-1, 11)), min_size=1)
)
def test_processes_add_up(events):
    frame = pd.DataFrame(events, columns=["class", "process", "energy"])
    processes = frame["process"].to_numpy()
    table = purity_table(frame, processes, CLASSES, PROCESSES, "energy", EDGES)
    sums, single = table[table["process"] == "all"], table[table["process"] != "all"]
    keys = ["class", "low"]
    for part in (sums, single):
        counted = part.groupby(keys, dropna=False)["events"].sum()
        totals = part.groupby(keys, dropna=False)["total"].first()
        assert (counted == totals).all()
    assert sums[sums["low"].isna()]["events"].sum() == len(events)
