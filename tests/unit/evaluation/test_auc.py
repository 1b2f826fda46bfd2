"""Interval of the area under the ROC curve; its coverage is in benchmarks/coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from helpers.scored_examples import evaluated, random_predictions
from runsieve.evaluation.auc import auc_interval
from runsieve.evaluation.metrics import summarise
from runsieve.evaluation.predictions import Predictions


def two(signal_scores, other_scores, **more):
    score = np.concatenate([signal_scores, other_scores])
    true = (np.arange(len(score)) >= len(signal_scores)).astype(int)
    split = np.full(len(score), "test")
    return Predictions(("s", "b"), true, np.column_stack([score, 1 - score]), split, **more)


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 3, 5]))
@settings(max_examples=30)
def test_the_value_is_that_of_scikit_learn(seed, size):
    events = random_predictions([f"c{i}" for i in range(size)], events=15, seed=seed)
    value, low, high = auc_interval(events)
    p = events.probability
    expected = roc_auc_score(events.true, p[:, 1] if size == 2 else p, multi_class="ovr")
    assert value == pytest.approx(expected)
    assert 0 <= low < value < high <= 1


def test_perfect_separation_is_not_certain():
    """The old bootstrap gave [1, 1] for every perfect classifier."""
    few = auc_interval(two(np.full(10, 0.9), np.full(10, 0.1)))
    many = auc_interval(two(np.full(1000, 0.9), np.full(1000, 0.1)))
    assert few[0] == few[2] == many[0] == many[2] == 1
    assert 0.8 < few[1] < 0.97 and 0.997 < many[1] < 1
    events = random_predictions(["s", "b"])
    sure = Predictions(events.classes, events.true, np.eye(2)[events.true], events.split)
    found = summarise(evaluated(sure, bootstrap=20), seed=1)["metrics"]
    assert found["balanced_accuracy"]["low"] < 0.99
    assert found["auc"]["low"] < 0.99


def test_perfect_confusion_is_not_certain_either():
    value, low, high = auc_interval(two(np.full(10, 0.1), np.full(10, 0.9)))
    assert value == low == 0 and 0.03 < high < 0.3


def test_equal_weights_change_nothing():
    rng = np.random.default_rng(1)
    scores = rng.uniform(0.3, 1, 40), rng.uniform(0, 0.7, 50)
    plain, weighted = two(*scores), two(*scores, weight=np.full(90, 3.0))
    assert auc_interval(weighted) == pytest.approx(auc_interval(plain))


@pytest.mark.parametrize("distance", [0.8, 2.3])
def test_the_interval_covers(distance):
    rng = np.random.default_rng(2)

    truth, toys, inside = norm.cdf(distance / np.sqrt(2)), 500, 0
    for _ in range(toys):
        shifted = rng.normal(distance, 1, 80), rng.normal(0, 1, 80)
        _, low, high = auc_interval(two(*map(norm.cdf, shifted)))
        inside += low <= truth <= high
    assert abs(inside / toys - 0.6827) < 3 * np.sqrt(0.6827 * 0.3173 / toys)
