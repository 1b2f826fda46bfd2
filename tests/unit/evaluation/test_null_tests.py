"""Null tests: rows, false alarms, warnings, and their figure."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from runsieve.evaluation.auc import auc_interval
from runsieve.evaluation.null_tests import LIMIT, NullTest, null_test_table, smallest_area
from runsieve.evaluation.p_values import separation
from runsieve.evaluation.predictions import Predictions
from runsieve.figures.null_tests import draw_null_tests

RUNS = ("run1601", "run1765", "run1766")
TITLES = {run: run.replace("run", "run ") for run in RUNS}


def predictions(separation: float, classes: int = 2, events: int = 300, seed: int = 1):
    """Test events whose scores are `separation` standard deviations apart."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, classes, events)
    logits = rng.normal(size=(events, classes))
    logits[np.arange(events), true] += separation
    probability = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return Predictions(RUNS[:classes], true, probability, np.full(events, "test"))


def of_runs(test: Predictions) -> NullTest:
    return NullTest("runs", "dnn", 1, test, TITLES, "Signal")


def test_what_is_told_apart_has_a_name():
    table = null_test_table([of_runs(predictions(0))])
    assert table["what"].tolist() == ["run 1601 and run 1765 of Signal"]
    table = null_test_table([of_runs(predictions(0, 3))])
    assert table["what"].tolist() == [
        f"run {number} and the other runs of Signal" for number in (1601, 1765, 1766)
    ]
    classes = NullTest("early", "small", 1, predictions(0), {})
    assert classes.what(0) == "run1601 and run1765"
    assert NullTest("early", "small", 1, predictions(0, 3), {}).what(2) == (
        "run1766 and the other classes"
    )


def test_equal_scores_pass_and_others_fail():
    tests = [of_runs(predictions(0)), of_runs(predictions(1))]
    table = null_test_table(tests)
    assert table.passed.tolist() == [True, False]
    assert table.p_holm.tolist() == pytest.approx([table.p[0], 2 * table.p[1]])
    assert (table.auc_low < table.auc).all()
    assert (table.auc < table.auc_high).all()
    assert table.auc_low[0] < 0.5 < table.auc_high[0] + 0.05
    found = table.loc[1, ["auc", "auc_low", "auc_high"]].tolist()
    assert found == pytest.approx(list(auc_interval(tests[1].test)))


def test_scores_that_are_the_wrong_way_round_fail_too():
    upside_down = predictions(-1)
    table = null_test_table([of_runs(upside_down)])
    assert table.auc[0] < 0.4
    assert not table.passed[0]


def test_false_alarms_are_as_rare_as_the_limit_says():
    tests = [of_runs(predictions(0, events=80, seed=seed)) for seed in range(300)]
    table = null_test_table(tests)
    assert table.passed.all()
    # Without the correction, about 3 of 300 are below 0.01; 8 or more have a probability of 1 %.
    assert 0 < (table.p < LIMIT).sum() < 8


def test_an_area_that_is_said_to_be_noticed_is_noticed():
    """Scores of two Gaussians, whose distance gives the area."""
    rng, sizes, tests = np.random.default_rng(3), (150, 250), 2
    area = smallest_area(*sizes, tests)
    assert 0.55 < area < 0.65
    apart = np.sqrt(2) * ndtri(area)
    failed = [
        separation(rng.normal(apart, size=sizes[0]), rng.normal(size=sizes[1])) < LIMIT / tests
        for _ in range(400)
    ]
    assert 0.85 < np.mean(failed) < 0.95  # 0.9 with a spread of 0.015
    assert smallest_area(2, 2, 1) == 1


def test_what_could_have_been_noticed_is_in_the_table():
    table = null_test_table([of_runs(predictions(0)), of_runs(predictions(0, events=3000))])
    counts = [np.bincount(predictions(0, events=events).true) for events in (300, 3000)]
    assert table["auc_noticed"].tolist() == [smallest_area(*both, 2) for both in counts]
    assert table["auc_noticed"][0] > table["auc_noticed"][1] > 0.5


def test_what_is_warned_of():
    table = null_test_table([of_runs(predictions(0)), of_runs(predictions(2))])
    quiet, loud = table["warning"]
    assert pd.isna(quiet)
    assert loud.startswith(
        "null test runs, dnn: run 1601 and run 1765 of Signal can be told apart: AUC 0.9"
    )
    assert loud.endswith("a classifier may have learned the run instead of the class")


def test_a_row_for_each_test_in_the_figure():
    table = null_test_table([of_runs(predictions(0)), of_runs(predictions(1))])
    figure = draw_null_tests(table)
    (axes,) = figure.axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["run 1601 and run 1765 of Signal\ndnn on runs"] * 2
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        *("expected", "too small to be noticed", "passed", "failed")
    ]
    for bar, noticed in zip(axes.patches, table["auc_noticed"], strict=True):
        assert [bar.get_x(), bar.get_x() + bar.get_width()] == pytest.approx([1 - noticed, noticed])
    assert [text.get_text().split("\n")[0] for text in axes.texts] == [
        f"p = {p:.2g}" for p in table.p_holm
    ]
    low, high = axes.get_xlim()
    assert low + high == pytest.approx(1)
