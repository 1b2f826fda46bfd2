"""Spectra of all selected events: counted as by a loop, run by run, and written by the script."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import summarise_spectra
from helpers.selected_runs import runs
from runsieve.selection.spectra import COLUMNS, count_in_bins

EDGES = np.array([0.0, 1, 2.5, 4])
ROWS = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.sampled_from(["signal", "background"]),
        st.integers(1, 2),
        st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.5, 3.0, 4.0, 4.1, np.nan]),
    ),
    max_size=40,
)


@settings(max_examples=40)
@given(ROWS)
def test_counts_are_those_of_a_loop(rows):
    events = pd.DataFrame(rows, columns=["run", "class", "channel", "energy"])
    found = count_in_bins(events, "energy", EDGES)
    assert list(found) == COLUMNS
    expected = {}
    for run, name, channel, value in rows:
        for low, high in pairwise(EDGES):
            if low <= value < high or value == high == EDGES[-1]:
                key = (run, name, channel, low, high)
                expected[key] = expected.get(key, 0) + 1
    counted = found.set_index(COLUMNS[:-1])["events"].to_dict()
    assert {key: count for key, count in counted.items() if count} == expected
    assert len(found) % (len(EDGES) - 1) == 0


def job_of(tmp_path, channels, classes):
    return SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(events=runs(tmp_path / "events")[0]),
        output=SimpleNamespace(spectra=tmp_path / "spectra.csv"),
        params=SimpleNamespace(
            channels=channels,
            classes=classes,
            runs=[1, 2, 3],
            report={"variable": "energy", "edges": {"values": [0, 1, 2]}},
        ),
    )


def test_script_counts_the_events_of_all_runs(tmp_path):
    summarise_spectra.main(job_of(tmp_path, None, ["signal", "background"]))
    table = pd.read_csv(tmp_path / "spectra.csv")
    counts = table.groupby(["run", "class", "channel"])["events"].sum().to_dict()
    assert counts == {
        (1, "signal", 1): 3,
        (2, "signal", 1): 2,
        (2, "signal", 2): 1,
        (3, "background", 1): 10,
        (3, "background", 2): 20,
    }
    assert table.loc[table["events"] > 0, "low"].unique().tolist() == [1]


def test_script_counts_the_channels_and_classes_of_the_sample(tmp_path):
    summarise_spectra.main(job_of(tmp_path, [2], ["signal"]))
    table = pd.read_csv(tmp_path / "spectra.csv")
    assert table[["run", "channel", "events"]].to_numpy().tolist() == [[2, 2, 0], [2, 2, 1]]
