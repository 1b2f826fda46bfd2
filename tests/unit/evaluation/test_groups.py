"""Results by run and by channel."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.scored_examples import evaluated, random_predictions
from runsieve.evaluation.auc import auc_interval
from runsieve.evaluation.groups import group_areas, group_table, grouped
from runsieve.evaluation.p_values import homogeneity
from runsieve.figures.described import Described
from runsieve.figures.groups import draw_groups
from runsieve.intervals import clopper_pearson

EVENTS = random_predictions(["signal", "background"], events=60)
# Two runs of the signal, one of the background.
RUNS = np.where(EVENTS.true == 1, 1858, np.where(np.arange(len(EVENTS)) % 3 == 0, 1601, 1765))
EVENTS = replace(EVENTS, run=RUNS, channel=np.arange(len(EVENTS)) % 2)
EVALUATED = evaluated(EVENTS)
TEST = EVALUATED.test
HALF = next(one for one in EVALUATED.decisions if one.name == "half")


def test_events_of_each_run_and_class_are_counted():
    table = group_table(TEST, HALF, TEST.run, "run")
    assert table[["group", "class"]].to_numpy().tolist() == [
        [1601, "signal"],
        [1765, "signal"],
        [1858, "background"],
    ]
    for row in table.to_dict("records"):
        mine = row["group"] == TEST.run
        assert (row["events"], row["passed"]) == (mine.sum(), TEST.correct[mine].sum())
        low, high = clopper_pearson(row["passed"], row["events"])
        assert row["efficiency"] == row["passed"] / row["events"]
        assert (row["efficiency_low"], row["efficiency_high"]) == (low, high)
    assert table.events.sum() == len(TEST)
    assert (table.threshold == 0.5).all()


def test_efficiencies_are_weighted_and_counts_are_not():
    heavy = replace(TEST, weight=np.where(TEST.correct, 3.0, 1.0))
    table = group_table(heavy, HALF, TEST.run, "run")
    plain = group_table(TEST, HALF, TEST.run, "run")
    assert (table[["events", "passed"]] == plain[["events", "passed"]]).all(axis=None)
    expected = 3 * plain.passed / (2 * plain.passed + plain.events)
    assert table.efficiency.to_numpy() == pytest.approx(expected.to_numpy())


def test_homogeneity_is_of_the_runs_of_one_class():
    table = group_table(TEST, HALF, TEST.run, "run")
    expected = homogeneity(table.passed[:2].to_numpy(), table.events[:2].to_numpy())
    assert table.p_homogeneity[:2].tolist() == [expected] * 2
    assert np.isnan(table.p_homogeneity[2])


def test_an_area_only_where_a_group_has_all_classes():
    assert len(group_areas(TEST, TEST.run)) == 0
    areas = group_areas(TEST, TEST.channel)
    assert areas.group.tolist() == [0, 1]
    for row in areas.itertuples():
        alone = TEST.where(row.group == TEST.channel)
        assert (row.auc, row.auc_low, row.auc_high) == auc_interval(alone)


def test_runs_are_followed_by_channels_at_each_working_point():
    table = grouped(EVALUATED)
    points = len(EVALUATED.defined)
    assert points == 2
    assert table["by"].tolist() == ["run"] * 3 * points + ["channel"] * 4 * points
    assert table.events.sum() == 2 * points * len(TEST)
    assert table.auc.notna().tolist() == (table["by"] == "channel").tolist()
    nameless = replace(EVALUATED, predictions=replace(EVENTS, run=None, channel=None))
    assert list(grouped(nameless)) == list(table)
    assert len(grouped(nameless)) == 0


def test_one_group_has_a_table_too():
    one = replace(EVALUATED, predictions=replace(EVENTS, run=None, channel=EVENTS.channel * 0))
    table = grouped(one)
    assert len(table) == 4
    assert table.p_homogeneity.isna().all()


def test_a_panel_for_each_kind_of_group_and_working_point():
    table = grouped(EVALUATED)
    figure = draw_groups(table, EVALUATED.defined, Described("dnn on all", {"signal": "Signal"}))
    runs, channels, *_ = figure.axes
    assert len(figure.axes) == 4
    names = [[label.get_text() for label in axes.get_xticklabels()] for axes in figure.axes[2:]]
    assert names == [["1601", "1765", "1858"], ["0", "1"]]
    assert len(runs.containers) == len(channels.containers) == 2
    assert runs.get_title(loc="left") == EVALUATED.defined[0].title()
    assert "dnn on all" in [text.get_text() for text in figure.texts]
    mine = table[(table["by"] == "channel") & (table["class"] == "signal")]
    mine = mine[mine.working_point == EVALUATED.defined[0].name]
    assert channels.containers[0].lines[0].get_ydata().tolist() == mine.efficiency.tolist()
    assert draw_groups(table[:0], EVALUATED.defined).axes == []
