"""Log losses and recalls, by hand and against scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from runsieve.losses import SMALLEST_PROBABILITY, log_losses, recalls

SEEDS = st.integers(0, 2**32 - 1)


def test_log_losses_are_those_of_the_true_class():
    probability = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.0, 1.0, 0.0]])
    found = log_losses(probability, np.array([1, 2, 1]))
    np.testing.assert_allclose(found, [math.log(4), -math.log(0.8), 0])


def test_a_probability_of_zero_has_a_finite_loss():
    found = log_losses(np.array([[0.0, 1.0], [1e-9, 1.0], [1e-6, 1.0]]), np.zeros(3, int))
    smallest = -math.log(SMALLEST_PROBABILITY)
    assert found.tolist() == pytest.approx([smallest, smallest, -math.log(1e-6)])
    assert smallest == pytest.approx(16.118, abs=1e-3)


@settings(deadline=None)
@given(SEEDS, st.integers(2, 5))
def test_the_mean_of_the_losses_is_that_of_scikit_learn(seed, classes):
    rng = np.random.default_rng(seed)
    probability = rng.dirichlet(np.ones(classes), 30)
    true = rng.integers(0, classes, 30)
    expected = reference.log_loss(true, probability, labels=range(classes))
    clipped = np.take_along_axis(probability, true[:, None], axis=1).min() < SMALLEST_PROBABILITY
    assert clipped or log_losses(probability, true).mean() == pytest.approx(expected)


def test_recalls_count_each_class_by_itself():
    true = np.array([0, 0, 0, 0, 1, 1])
    correct = np.array([True, True, True, False, False, True])
    assert recalls(correct, true, 2).tolist() == [[0.75, 0.5]]


def test_rows_of_weights_are_independent():
    true = np.array([0, 0, 1, 1])
    correct = np.array([True, False, True, False])
    weights = np.array([[1, 1, 1, 1], [3, 1, 0, 2], [0, 0.5, 2, 0]])
    assert recalls(correct, true, 2, weights).tolist() == [[0.5, 0.5], [0.75, 0], [0, 1]]


def test_a_class_without_events_has_no_recall():
    found = recalls(np.array([True, False]), np.array([0, 2]), 3)
    np.testing.assert_array_equal(found, [[1, np.nan, 0]])
    unweighted = recalls(np.array([True, True]), np.array([0, 1]), 2, np.array([[1.0, 0.0]]))
    np.testing.assert_array_equal(unweighted, [[1, np.nan]])


@settings(deadline=None)
@given(SEEDS, st.integers(2, 4))
def test_weighted_recalls_are_those_of_scikit_learn(seed, classes):
    rng = np.random.default_rng(seed)
    true = np.concatenate([np.arange(classes), rng.integers(0, classes, 20)])
    predicted = rng.integers(0, classes, len(true))
    weights = rng.uniform(0.1, 5, (3, len(true)))
    found = recalls(predicted == true, true, classes, weights)
    expected = [
        reference.recall_score(true, predicted, average=None, sample_weight=row) for row in weights
    ]
    np.testing.assert_allclose(found, expected)
