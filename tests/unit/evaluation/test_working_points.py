"""Thresholds are chosen on validation events and judged on test events."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.metrics import f1_score

from helpers.scored_examples import POINTS, evaluated, random_predictions
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.closure import working_point_table
from runsieve.evaluation.working_points import MOST_PROBABLE, choose, decisions
from runsieve.intervals import clopper_pearson

EVENTS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 8), st.integers(1, 4)), min_size=1, max_size=40
)
FRACTIONS = st.floats(0.01, 0.99)


def columns(rows):
    """Signal, score and weight of events, at least one of each class."""
    rows = [*rows, (True, 3, 1), (False, 3, 1)]
    signal, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    return signal, score.astype(float), weight.astype(float)


@given(EVENTS, FRACTIONS)
def test_a_fixed_efficiency_keeps_just_enough(rows, efficiency):
    signal, score, weight = columns(rows)
    threshold = choose(WorkingPoint(signal_efficiency=efficiency), signal, score, weight)
    total = weight[signal].sum()
    assert weight[signal & (score >= threshold)].sum() >= efficiency * total - 1e-6
    assert weight[signal & (score > threshold)].sum() < efficiency * total


@given(EVENTS, FRACTIONS)
def test_a_fixed_rejection_rejects_just_enough(rows, rejection):
    signal, score, weight = columns(rows)
    threshold = choose(WorkingPoint(background_rejection=rejection), signal, score, weight)
    total = weight[~signal].sum()
    assert weight[~signal & (score < threshold)].sum() >= rejection * total - 1e-6
    lower = np.nextafter(threshold, -np.inf)
    assert weight[~signal & (score < lower)].sum() < rejection * total


@given(EVENTS)
def test_no_threshold_has_a_better_f1(rows):
    signal, score, weight = columns(rows)
    chosen = choose(WorkingPoint(maximise="f1"), signal, score, weight)
    best = f1_score(signal, score >= chosen, sample_weight=weight)
    for other in np.unique(score):
        assert f1_score(signal, score >= other, sample_weight=weight) <= best + 1e-12


def test_a_given_score_is_the_threshold():
    assert choose(WorkingPoint(score=0.3), *columns([])) == 0.3


def test_without_events_of_a_class_there_is_no_threshold():
    nothing = np.array([], dtype=bool), np.array([]), np.array([])
    assert choose(POINTS["efficiency90"], *nothing) is None
    only_signal = np.array([True]), np.array([0.5]), np.array([1.0])
    assert choose(WorkingPoint(background_rejection=0.9), *only_signal) is None
    assert choose(POINTS["efficiency90"], *only_signal) == 0.5


@pytest.mark.parametrize("keys", [{}, {"score": 0.5, "maximise": "f1"}])
def test_exactly_one_key_is_needed(keys):
    with pytest.raises(ValidationError, match="exactly one of signal_efficiency"):
        WorkingPoint(**keys)


def test_thresholds_come_from_validation_and_results_from_test():
    events = random_predictions(["s", "b"], events=100)
    table = working_point_table(evaluated(events, bootstrap=50)).set_index("working_point")
    validation, test = events.part("validation"), events.part("test")
    row = table.loc["efficiency90"]
    threshold = np.sort(validation.score[validation.true == 0])[::-1][89]
    assert row["threshold"] == threshold
    k = (test.score[test.true == 1] < threshold).sum()
    assert row["rejection"] == k / 100
    low, high = map(float, clopper_pearson(k, 100))
    assert (row["rejection_low"], row["rejection_high"]) == pytest.approx((low, high))
    assert row["rejection_factor_low"] == pytest.approx(1 / (1 - low))
    kept = (test.score[test.true == 0] >= threshold).mean()
    assert row["efficiency"] == kept
    assert row["closure"] == pytest.approx(kept - 0.9)
    assert row["closure_low"] < row["closure"] < row["closure_high"]
    assert np.isnan(table.loc["half", "closure"])


def test_the_closure_includes_the_choice_of_the_threshold():
    """Test events alone would give an interval that is too short by the square root of two."""
    rng = np.random.default_rng(3)
    inside = 0
    for seed in range(150):
        events = random_predictions(["s", "b"], events=60, seed=int(rng.integers(2**32)))
        table = working_point_table(
            evaluated(events, {"wide": WorkingPoint(signal_efficiency=0.7)}, bootstrap=120), seed
        )
        inside += table["closure_low"][0] <= 0 <= table["closure_high"][0]
    # 68.27 % of 150 are 102.4, with a standard deviation of 5.7.
    assert 102.4 - 3 * 5.7 < inside < 102.4 + 3 * 5.7


def test_with_several_classes_each_has_thresholds_against_the_rest():
    events = random_predictions(["a", "b", "c"], events=50)
    found = decisions(POINTS, events)
    assert [one.name for one in found] == [MOST_PROBABLE, "efficiency90", "half"]
    assert len(set(found[1].thresholds)) == 3
    table = working_point_table(evaluated(events, bootstrap=20))
    assert table["class"].tolist() == ["a", "b", "c"] * 2
    assert (table["signal"] == 50).all() and (table["background"] == 100).all()
    validation = events.part("validation")
    assert (found[1].passed(validation)[validation.true == 1]).mean() == pytest.approx(0.9)
