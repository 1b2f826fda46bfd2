"""Counting tables of scored runs: bins, channels, what was learnt from, sums, kept events."""

import numpy as np
import pandas as pd
import pytest

from helpers.scored_runs import counts_of, cut_of, write_table
from runsieve.errors import RunsieveError
from runsieve.scoring import counting
from runsieve.scoring.counting import (
    OUTSIDE,
    Bins,
    ScoredRun,
    count_run,
    count_runs,
    livetimes,
    read_selected,
    with_sums,
    write_kept,
)

BINS = Bins("energy", np.array([0.0, 2, 10]))
CUT = cut_of({"signal": 0.5})


def of(table: pd.DataFrame, **where) -> list[int]:
    """selected, counted and kept of one row."""
    for name, value in where.items():
        table = table[table[name] == value]
    (row,) = table[["selected", "counted", "kept"]].to_numpy().tolist()
    return row


@pytest.fixture
def table(tmp_path):
    rows = [
        {"energy": 0.0},
        {"energy": 1.9, "split": "test"},
        {"energy": 2.0, "split": "train"},
        {"energy": 10.0, "split": "validation", "p_signal": 0.1},
        {"energy": 10.1},
        {"energy": np.nan},
        {"energy": 5.0, "p_signal": 0.2},
        {"energy": 5.0, "channel": 3},
        {"energy": 5.0, "selected": False},
    ]
    rows = [{**row, "entry": 2 * place} for place, row in enumerate(rows)]
    return write_table(tmp_path / "run7.parquet", 7, rows)


@pytest.mark.parametrize("at_a_time", [1, 4, 1000])
def test_events_are_counted_by_channel_and_bin(table, monkeypatch, at_a_time):
    monkeypatch.setattr(counting, "EVENTS", at_a_time)
    counts = count_run(table, CUT, [1, 2, 3], BINS)
    assert len(counts) == 9
    assert of(counts, channel=1, bin=0) == [2, 2, 2]
    assert of(counts, channel=1, bin=1) == [3, 1, 0]
    assert of(counts, channel=1, bin=OUTSIDE) == [2, 2, 2]
    assert of(counts, channel=3, bin=1) == [1, 1, 1]
    assert counts.loc[counts["channel"] == 2, "selected"].sum() == 0


def test_without_a_variable_there_is_one_bin(table):
    counts = count_run(table, CUT, [1, 3], Bins())
    assert of(counts, channel=1, bin=0) == [7, 5, 4]
    assert of(counts, channel=1, bin=OUTSIDE) == [0, 0, 0]


def test_each_class_of_several_is_counted(tmp_path):
    cut = cut_of({"up": 0.5, "down": 0.4, "noise": None})
    rows = pd.DataFrame({"channel": 0, "selected": True, "split": ["", "", "train"]})
    rows = rows.assign(pass_tight_up=[True, False, True], pass_tight_down=[True, True, True])
    rows.assign(pass_tight_noise=False).to_parquet(tmp_path / "a.parquet")
    counts = count_run(tmp_path / "a.parquet", cut, [0], Bins())
    found = [of(counts, bin=0, **{"class": name}) for name in cut.columns]
    assert found == [[3, 2, 1], [3, 2, 2], [3, 2, 0]]


def test_a_column_that_is_missing_is_named(table):
    with pytest.raises(
        RunsieveError, match=r"run7\.parquet: column 'mass' is missing; found entry"
    ):
        list(read_selected(table, ["mass"]))


def test_runs_and_channels_are_summed_up():
    counts = counts_of(
        [(1, 5, 0, 10, 4, 2), (1, 6, 0, 1, 1, 0), (2, 5, 0, 7, 7, 3), (2, 6, 0, 0, 0, 0)]
    )
    table = with_sums(counts, [ScoredRun(2, "b"), ScoredRun(1, "b")])
    assert list(zip(table["run"], table["channel"], strict=True)) == [
        (run, channel) for run in (1, 2, "all") for channel in (5, 6, "all")
    ]
    whole = table[(table["run"] == "all") & (table["channel"] == "all")]
    assert of(whole) == [18, 12, 5]
    assert whole["scale"].tolist() == [1.5]
    assert of(table[table["run"] == 1], channel="all") == [11, 5, 2]
    assert table["scale"].tolist()[:6] == [2.5, 1, 2.2, 1, 1, 1]


def test_kinds_are_apart():
    counts = counts_of([(1, 5, 0, 10, 4, 2), (2, 5, 0, 7, 7, 3)])
    table = with_sums(counts, [ScoredRun(1, "b"), ScoredRun(2, "a")])
    assert table["kind"].drop_duplicates().tolist() == ["b", "a"]
    for kind, selected in (("b", 10), ("a", 7)):
        assert set(table.loc[table["kind"] == kind, "selected"]) == {selected}


def test_what_was_not_drawn_at_random_is_not_scaled():
    rows = [(1, 5, 0, 10, 4, 2), (1, 5, 1, 3, 3, 2), (2, 5, 0, 7, 7, 3), (2, 5, 1, 2, 0, 0)]
    table = with_sums(counts_of(rows), [ScoredRun(1, "a", evenly=False), ScoredRun(2, "a")])
    scale = table[table["channel"] == 5].set_index(["run", "bin"])["scale"]
    assert np.isnan(scale[1, 0]) and np.isnan(scale["all", 0])
    assert scale[1, 1] == scale[2, 0] == 1
    assert np.isnan(scale[2, 1])  # nothing is left
    assert scale["all", 1] == pytest.approx(5 / 3)


def test_a_live_time_that_is_not_known_leaves_that_of_all_runs_unknown():
    days = livetimes([ScoredRun(1, "a", 2.0), ScoredRun(2, "a", 3.0), ScoredRun(3, "b", 1.0)])
    assert days["a", "all"] == 5 and days["b", "all"] == 1
    days = livetimes([ScoredRun(1, "a", 2.0), ScoredRun(2, "a")])
    assert days["a", 1] == 2 and np.isnan(days["a", "all"])


def test_kept_events_are_listed_in_order(table, tmp_path):
    other = write_table(tmp_path / "run9.parquet", 9, [{"entry": 4, "energy": 3.25}])
    write_kept([table, other], CUT, "energy", tmp_path / "kept.csv")
    kept = pd.read_csv(tmp_path / "kept.csv", keep_default_na=False)
    assert list(kept) == ["run", "entry", "event", "channel", "class", "energy", "score", "split"]
    assert kept["entry"].tolist() == [0, 2, 4, 8, 10, 14, 4]
    assert kept["run"].tolist() == [7] * 6 + [9]
    assert kept["event"].tolist() == [100, 101, 102, 104, 105, 107, 100]
    assert kept["split"].tolist() == ["", "test", "train", "", "", "", ""]
    assert set(kept["score"]) == {0.9} and set(kept["class"]) == {"signal"}
    write_kept([other], CUT, None, tmp_path / "kept.csv")
    assert "energy" not in pd.read_csv(tmp_path / "kept.csv")


def test_nothing_kept_is_a_list_without_events(tmp_path):
    empty = write_table(tmp_path / "run1.parquet", 1, [{"p_signal": 0.1}])
    write_kept([empty], CUT, "energy", tmp_path / "kept.csv")
    assert pd.read_csv(tmp_path / "kept.csv").empty


def test_an_event_of_several_classes_is_listed_for_each(tmp_path):
    cut = cut_of({"up": 0.2, "down": 0.2})
    table = pd.DataFrame({"entry": [3, 5], "channel": [0, 0], "run": 1, "event": [8, 9]})
    table = table.assign(selected=True, split="", p_up=[0.5, 0.1], p_down=[0.5, 0.9])
    table = table.assign(pass_tight_up=[True, False], pass_tight_down=True)
    table.to_parquet(tmp_path / "a.parquet")
    write_kept([tmp_path / "a.parquet"], cut, None, tmp_path / "kept.csv")
    kept = pd.read_csv(tmp_path / "kept.csv")
    found = list(kept[["event", "class", "score"]].itertuples(index=False, name=None))
    assert found == [(8, "up", 0.5), (8, "down", 0.5), (9, "down", 0.9)]


def test_several_runs_are_counted_by_run(table):
    counts = count_runs({7: table, 8: table}, CUT, [1, 3], BINS)
    first, second = (counts[counts["run"] == run].drop(columns="run") for run in (7, 8))
    pd.testing.assert_frame_equal(first.reset_index(drop=True), second.reset_index(drop=True))
