"""Calibrators undo what made probabilities wrong, and keep what they promise to keep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from runsieve.calibrators import Calibrator, describe, fit_calibrator
from runsieve.losses import log_losses

SEEDS = st.integers(0, 2**32 - 1)
METHODS = ["temperature", "isotonic"]


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def events(seed=1, count=400, classes=2, temperature=2.0):
    """Labels follow the softmax of the logits over the temperature; probabilities do not."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (count, classes))
    fraction = softmax(logits / temperature).cumsum(axis=1)
    label = (rng.random((count, 1)) > fraction[:, :-1]).sum(axis=1)
    label[:classes] = np.arange(classes)
    return softmax(logits), label, rng.uniform(0.5, 2, count)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_the_temperature_is_found(classes, temperature):
    probability, label, weight = events(1, 20_000, classes, temperature)
    found = fit_calibrator("temperature", probability, label, weight)
    assert found.values[0] == pytest.approx([temperature], rel=0.05)
    assert describe(found).endswith(f"temperature {found.values[0][0]:.4g}")


@given(SEEDS, st.sampled_from([2, 3]))
@settings(max_examples=25)
def test_no_other_temperature_has_a_smaller_loss(seed, classes):
    probability, label, weight = events(seed, 60, classes)
    found = fit_calibrator("temperature", probability, label, weight)

    def loss(factor):
        other = Calibrator("temperature", [factor * found.values[0]])
        return np.average(log_losses(other(probability), label), weights=weight)

    assert loss(1.0) <= min(loss(0.9), loss(1.1)) + 1e-9


@given(SEEDS, st.floats(0.7, 20))
@settings(max_examples=40)
def test_a_temperature_keeps_the_order_and_the_class(seed, temperature):
    probability, label, _ = events(seed, 60)
    changed = Calibrator("temperature", [np.array([temperature])])(probability)
    np.testing.assert_allclose(changed.sum(axis=1), 1)
    assert roc_auc_score(label == 0, changed[:, 0]) == roc_auc_score(label == 0, probability[:, 0])
    three = events(seed, 60, 3)[0]
    changed = Calibrator("temperature", [np.array([temperature])])(three)
    assert (changed.argmax(axis=1) == three.argmax(axis=1)).all()


@given(SEEDS, st.sampled_from([2, 3]))
@settings(max_examples=25)
def test_isotonic_maps_increase_and_give_probabilities(seed, classes):
    probability, label, weight = events(seed, 80, classes)
    found = fit_calibrator("isotonic", probability, label, weight)
    assert len(found.maps) == (1 if classes == 2 else classes)
    for knots, values in found.maps:
        assert (np.diff(knots) > 0).all() and (np.diff(values) >= 0).all()
    changed = found(probability)
    assert ((changed >= 0) & (changed <= 1)).all()
    np.testing.assert_allclose(changed.sum(axis=1), 1)


def test_an_isotonic_map_of_events_has_their_weighted_fraction():
    """The mean of a least-squares fit is that of the data."""
    probability, label, weight = events()
    changed = fit_calibrator("isotonic", probability, label, weight)(probability)
    expected = np.average(label == 0, weights=weight)
    assert np.average(changed[:, 0], weights=weight) == pytest.approx(expected)
    assert len(np.unique(changed[:, 0])) < len(np.unique(probability[:, 0]))


def test_events_that_are_all_alike_get_the_fraction_of_the_class():
    probability, label = np.full((4, 2), 0.5), np.array([0, 1, 1, 1])
    found = fit_calibrator("isotonic", probability, label, np.ones(4))
    assert found(np.array([[0.1, 0.9], [0.5, 0.5]]))[:, 0].tolist() == [0.25, 0.25]
    assert describe(found).endswith("isotonic, 2 knots")


def test_no_class_of_all_maps_means_equal_probabilities():
    nothing = [np.array([0.0, 1.0]), np.zeros(2)] * 3
    assert Calibrator("isotonic", nothing)(np.eye(3)).tolist() == [[1 / 3] * 3] * 3


@pytest.mark.parametrize("method", METHODS)
def test_a_weight_counts_as_repeated_events(method):
    probability, label, _ = events(count=50)
    weight = np.arange(50) % 3 + 1
    weighted = fit_calibrator(method, probability, label, weight)
    repeated = fit_calibrator(
        method,
        np.repeat(probability, weight, axis=0),
        np.repeat(label, weight),
        np.ones(weight.sum()),
    )
    np.testing.assert_allclose(weighted(probability), repeated(probability), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_certain_probabilities_are_no_obstacle(method):
    probability, label = np.eye(2)[[0, 0, 1, 1]], np.array([0, 1, 1, 1])
    found = fit_calibrator(method, probability, label, np.ones(4))(probability)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)
