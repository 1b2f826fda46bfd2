import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn import metrics as reference

from helpers.scored_examples import DATA, evaluated, printed_predictions, random_predictions
from runsieve.evaluation.confusion import WEIGHTED_AVERAGE, class_report, confusion_matrix
from runsieve.evaluation.metrics import fraction, summarise
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.roc import roc_table
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import percentile_interval, resampled_weights

SEEDS = st.integers(0, 2**32 - 1)
LIKELIEST = Decision("most_probable", None, ())


def from_confusion(matrix):
    """Events that have this confusion matrix."""
    counts = matrix.to_numpy()
    true, predicted = (np.repeat(i.ravel(), counts.ravel()) for i in np.indices(counts.shape))
    split = np.full(len(true), "test")
    return Predictions(tuple(matrix.index), true, np.eye(len(counts))[predicted], split)


def printed_confusion():
    table = pd.read_csv(DATA / "images_confusion_matrix.csv", index_col="true_class")
    return table.drop(columns="support"), table["support"]


def test_printed_confusion_matrix_of_the_images():
    matrix, support = printed_confusion()
    events = from_confusion(matrix)
    summary = summarise(evaluated(events, bootstrap=20), seed=1)
    assert summary["metrics"]["accuracy"]["value"] == pytest.approx(0.9211, abs=5e-5)
    assert summary["metrics"]["balanced_accuracy"]["value"] == pytest.approx(0.9037, abs=5e-5)
    assert summary["majority"] == pytest.approx(0.6095, abs=5e-5)
    assert "rejection" not in summary["metrics"]
    found = confusion_matrix(events, LIKELIEST)
    assert (found.to_numpy() == matrix.to_numpy()).all()
    assert (found.sum(axis=1) == support).all()


def test_printed_table_of_crystal_3():
    summary = summarise(evaluated(printed_predictions(), bootstrap=100), seed=1)
    accuracy = summary["metrics"]["accuracy"]
    assert (accuracy["k"], accuracy["n"]) == (3435, 4000)
    assert summary["events"] == {"signal": 2000, "background": 2000}
    # Interpolated on the test curve: no validation events are printed to choose a threshold on.
    assert summary["metrics"]["rejection"]["at_efficiency"] == 0.9
    json.dumps(summary, allow_nan=False)


def test_energy_alone_scores_as_found():
    printed = printed_predictions()
    bins = (printed.value // 0.5).astype(int)
    counts = np.zeros((20, 2))
    np.add.at(counts, (bins, printed.true), 1)
    share = counts / counts.sum(axis=1, keepdims=True)
    only = Predictions(printed.classes, printed.true, share[bins], printed.split)
    assert only.correct.mean() == pytest.approx(0.7765, abs=5e-5)


@given(SEEDS, st.sampled_from([2, 3, 5]))
@settings(max_examples=30, deadline=None)
def test_values_are_those_of_scikit_learn(seed, size):
    names = [f"c{index}" for index in range(size)]
    events = random_predictions(names, events=12, seed=seed).part("test")
    found = summarise(evaluated(events, bootstrap=2), seed=1)["metrics"]
    p, true = events.probability, events.true
    area = (
        reference.roc_auc_score(true == 0, p[:, 0])
        if size == 2
        else reference.roc_auc_score(true, p, multi_class="ovr", average="macro")
    )
    assert found["auc"]["value"] == pytest.approx(area)
    balanced = reference.balanced_accuracy_score(true, events.predicted)
    assert found["balanced_accuracy"]["value"] == pytest.approx(balanced)
    macro = reference.f1_score(true, events.predicted, average="macro", labels=range(size))
    assert found["macro_f1"]["value"] == pytest.approx(macro)
    assert found["log_loss"]["value"] == pytest.approx(reference.log_loss(true, p))
    brier = np.mean((p[:, 0] - (true == 0)) ** 2)
    if size > 2:
        brier = np.mean(((p - np.eye(size)[true]) ** 2).sum(axis=1))
    assert found["brier"]["value"] == pytest.approx(brier)


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_curves_are_monotonic_and_end_in_the_corners(seed):
    table = roc_table(random_predictions(["a", "b", "c"], events=10, seed=seed))
    for _, curve in table.groupby("class"):
        assert (np.diff(curve["signal_efficiency"]) >= 0).all()
        assert (np.diff(curve["background_rejection"]) <= 0).all()
        first, last = curve.iloc[0], curve.iloc[-1]
        assert (first["signal_efficiency"], first["background_rejection"]) == (0, 1)
        assert (last["signal_efficiency"], last["background_rejection"]) == (1, 0)
        low, high = curve["background_rejection_low"], curve["background_rejection_high"]
        assert ((low >= 0) & (low <= curve["background_rejection"])).all()
        assert ((high <= 1) & (high >= curve["background_rejection"])).all()


@pytest.mark.parametrize(("distance", "at"), [(1.5, 0.5), (1.5, 0.9), (3.0, 0.95)])
def test_the_band_of_a_curve_covers_the_true_rejection(distance, at):
    """Of two Gaussians, the rejection at an efficiency is known."""
    generator, toys, size = np.random.default_rng(7), 300, 500
    truth = norm.cdf(distance + norm.ppf(1 - at))
    true = np.repeat([0, 1], size)
    covered = 0
    for _ in range(toys):
        score = norm.cdf(generator.normal(np.where(true == 0, distance, 0.0)))
        probability = np.column_stack([score, 1 - score])
        events = Predictions(("s", "b"), true, probability, np.full(2 * size, "test"))
        curve = roc_table(events)
        ends = (curve[f"background_rejection_{end}"] for end in ("low", "high"))
        low, high = (np.interp(at, curve["signal_efficiency"], end) for end in ends)
        covered += low <= truth <= high
    # At least 68.27 % within three errors of 300 toys; counts make it more where few are accepted.
    assert 0.6827 - 0.08 < covered / toys < 0.86


def test_of_two_classes_the_signal_alone_has_a_curve():
    assert roc_table(random_predictions(["s", "b"]))["class"].unique().tolist() == ["s"]


def test_the_bootstrap_covers_and_repeats():
    events = random_predictions(["s", "b"], events=200)
    first = summarise(evaluated(events, bootstrap=200), seed=7)
    assert first == summarise(evaluated(events, bootstrap=200), seed=7)
    assert first != summarise(evaluated(events, bootstrap=200), seed=8)
    for name in ("auc", "balanced_accuracy", "macro_f1", "log_loss", "brier"):
        metric = first["metrics"][name]
        assert metric["low"] < metric["value"] < metric["high"]
    # Hanley and McNeil, Radiology 143 (1982) 29: standard error of the area.
    area, size = first["metrics"]["auc"]["value"], 200
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (size - 1) * (one + two - 2 * area**2)
    width = (first["metrics"]["auc"]["high"] - first["metrics"]["auc"]["low"]) / 2
    assert width == pytest.approx(np.sqrt(variance) / size, rel=0.25)


def test_resampling_keeps_the_size_of_each_class():
    group = np.array([0] * 7 + [1] * 3 + [2])
    weights = resampled_weights(group, 50, np.random.default_rng(1))
    for label, size in ((0, 7), (1, 3), (2, 1)):
        assert (weights[:, group == label].sum(axis=1) == size).all()


def test_a_fraction_of_nothing_is_none():
    nothing = fraction(np.array([], dtype=bool), np.array([]))
    assert nothing["value"] is None and nothing["n"] == 0
    half = fraction(np.array([True, False]), np.ones(2))
    assert (half["value"], half["k"], half["n"]) == (0.5, 1, 2)


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_class_report_is_that_of_scikit_learn(seed):
    events = random_predictions(["a", "b", "c"], events=15, seed=seed)
    report = class_report(events, LIKELIEST).set_index("class")
    precision, recall, f1, support = reference.precision_recall_fscore_support(
        events.true, events.predicted
    )
    assert np.allclose(report["precision"][:3], precision)
    assert np.allclose(report["recall"][:3], recall)
    assert np.allclose(report["f1"][:3], f1)
    assert (report["support"][:3] == support).all()
    average = report.loc[WEIGHTED_AVERAGE]
    assert average["recall"] == pytest.approx(events.correct.mean())
    assert np.isnan(average["recall_low"])
    assert (report["precision_low"][:3] <= report["precision"][:3]).all()
    assert (report["recall"][:3] <= report["recall_high"][:3]).all()


def test_a_class_that_is_never_predicted_has_no_precision():
    names = ["a", "b"]
    events = from_confusion(pd.DataFrame([[3, 0], [2, 0]], index=names, columns=names))
    report = class_report(events, LIKELIEST)
    assert report["precision"].isna().tolist() == [False, True, True]
    assert report["f1"].tolist()[1] == 0


def test_percentile_interval_is_central():
    assert percentile_interval(np.arange(10001)) == pytest.approx((1586.55, 8413.45), abs=0.01)
