"""Rejection at exactly a given signal efficiency."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import roc_curve

from helpers.scored_examples import evaluated
from runsieve.evaluation.interpolation import Curve
from runsieve.evaluation.metrics import summarise
from runsieve.evaluation.predictions import Predictions
from runsieve.intervals import jeffreys

FRACTIONS = st.floats(0.02, 0.98)


def curve_of(signal_scores, other_scores, weight=None):
    score = np.concatenate([signal_scores, other_scores])
    signal = np.arange(len(score)) < len(signal_scores)
    return Curve.of(signal, score, np.ones(len(score)) if weight is None else weight)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=40), FRACTIONS)
def test_equal_scores_are_split_in_proportion(rows, efficiency):
    """Where every score occurs in both groups, the curve is the one of scikit-learn."""
    rows += [(kind, score) for kind in (True, False) for score in range(5)]
    signal, score = (np.array(column) for column in zip(*rows, strict=True))
    found = Curve.of(signal, score.astype(float), np.ones(len(score))).accepted(efficiency)[0]
    accepted, kept, _ = roc_curve(signal, score)
    assert found == pytest.approx(np.interp(efficiency, kept, accepted))


@given(st.integers(0, 2**32 - 1), FRACTIONS)
def test_counts_are_repeated_events(seed, efficiency):
    rng = np.random.default_rng(seed)
    signal, score = rng.random(30) < 0.5, rng.integers(0, 9, 30).astype(float)
    signal[:2] = True, False
    counts = rng.integers(1, 4, 30)
    order = np.argsort(-score, kind="stable")
    found = Curve.of(signal, score, np.ones(30)).accepted(efficiency, counts[None, order])[0]
    repeated = Curve.of(*(np.repeat(one, counts) for one in (signal, score)), np.ones(counts.sum()))
    assert found == pytest.approx(repeated.accepted(efficiency)[0])
    weighted = Curve.of(signal, score, counts.astype(float))
    assert found == pytest.approx(weighted.accepted(efficiency)[0])


def test_an_oracle_with_few_scores_is_compared_at_the_same_efficiency():
    """Ties all pass a threshold: 98 % of the signal where 90 % were asked for."""
    few = curve_of(np.repeat([3.0, 2.0, 1.0], [50, 48, 2]), np.repeat([3.0, 2.0, 1.0], [2, 30, 68]))
    assert 1 - few.accepted(0.98)[0] == pytest.approx(0.68)
    assert 1 - few.accepted(0.9)[0] == pytest.approx(1 - (2 + 30 * 40 / 48) / 100)


@pytest.mark.parametrize("size", [60, 250])
def test_the_interval_covers(size):
    """Every coverage that is quoted comes from benchmarks/coverage; this is a smaller one."""
    rng = np.random.default_rng(size)
    truth, toys, inside = norm.cdf(1.5 + norm.ppf(0.1)), 300, 0
    for _ in range(toys):
        curve = curve_of(rng.normal(1.5, 1, size), rng.normal(0, 1, size))
        low, high = curve.interval(0.9, 150, rng)
        inside += low <= 1 - truth <= high
    assert abs(inside / toys - 0.6827) < 3 * np.sqrt(0.6827 * 0.3173 / toys)


def test_the_interval_has_a_width_where_no_event_is_accepted():
    curve = curve_of(np.linspace(2, 3, 40), np.linspace(0, 1, 30))
    low, high = curve.interval(0.9, 50, np.random.default_rng(1))
    assert (low, high) == pytest.approx(jeffreys(0, 30))
    assert high > 0.01


def test_models_are_compared_at_the_same_efficiency():
    """The threshold from validation keeps another fraction of the test signal."""
    rng = np.random.default_rng(5)
    score = np.clip(rng.normal(0.4, 0.1, 400) + 0.2 * (np.arange(400) % 2 == 0), 0, 1)
    split = np.where(np.arange(400) < 40, "validation", "test")
    events = Predictions(("s", "b"), np.arange(400) % 2, np.column_stack([score, 1 - score]), split)
    found = summarise(evaluated(events, bootstrap=50), seed=1)["metrics"]["rejection"]
    test = events.part("test")
    curve = curve_of(test.score[test.true == 0], test.score[test.true == 1])
    assert found["value"] == pytest.approx(1 - curve.accepted(0.9)[0])
    assert found["low"] < found["value"] < found["high"]
