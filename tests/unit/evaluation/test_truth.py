"""Labels with impurities: every table also judges by the simulated process."""

import numpy as np
import pytest

from helpers.scored_examples import POINTS, evaluated
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.closure import working_point_table
from runsieve.evaluation.predictions import Predictions
from runsieve.reports.model_report import judge
from runsieve.reports.registry import TABLES

EVENTS = 400


def impure(fraction: float) -> Predictions:
    """A perfect score of the process; a fraction of the background label is of the signal."""
    rng = np.random.default_rng(1)
    true = np.arange(EVENTS) % 2
    truth = np.where((true == 1) & (rng.random(EVENTS) < fraction), 0, true)
    score = np.where(truth == 0, 0.9, 0.1) + rng.uniform(-0.05, 0.05, EVENTS)
    split = np.where(np.arange(EVENTS) < 100, "validation", "test")
    probability = np.column_stack([score, 1 - score])
    run, channel = np.ones((2, EVENTS), dtype=int)
    return Predictions(
        ("signal", "background"), true, probability, split, run=run, channel=channel, truth=truth
    )


def report_of(events):
    return judge(events, Report(bootstrap=20), POINTS, 1)


def test_a_perfect_score_is_perfect_against_the_truth():
    metrics = report_of(impure(0.3)).metrics
    assert metrics["metrics"]["auc"]["value"] < 0.9
    assert metrics["against_truth"]["auc"]["value"] == 1
    assert metrics["against_truth"]["rejection"]["value"] == 1
    assert metrics["against_truth"]["accuracy"]["k"] == metrics["against_truth"]["accuracy"]["n"]


def test_every_table_judges_by_both():
    tables = report_of(impure(0.3)).tables
    assert set(tables) == set(TABLES)
    for table in tables.values():
        assert table["against"].unique().tolist() == ["label", "truth"]
    points = tables["working_points"].set_index(["against", "working_point"])
    assert points.loc[("truth", "half"), "rejection"] == 1
    assert points.loc[("label", "half"), "rejection"] < 0.8
    # The threshold is that of the labels, because real events have no truth to choose it by.
    assert points["threshold"].groupby("working_point").nunique().eq(1).all()


def test_without_truth_tables_judge_by_labels_alone():
    events = impure(0.3)
    known = Predictions(events.classes, events.true, events.probability, events.split)
    report = report_of(known)
    assert report.metrics["against_truth"] is None
    assert all((table["against"] == "label").all() for table in report.tables.values())


def test_a_class_that_the_truth_does_not_know_leaves_the_truth_out():
    assert evaluated(impure(0.0)).against_truth is not None
    assert evaluated(impure(1.0)).against_truth is None


def test_closure_against_the_truth_repeats_the_choice_by_labels():
    """The threshold is chosen between the impurities, so noise in truth is always below it."""
    points = {"clean": WorkingPoint(background_rejection=0.9)}
    table = working_point_table(evaluated(impure(0.3), points, bootstrap=50).against_truth)
    row = table.iloc[0]
    assert row["rejection"] == 1
    found = [row["closure"], row["closure_low"], row["closure_high"]]
    assert found == pytest.approx([0.1, 0.1, 0.1])
