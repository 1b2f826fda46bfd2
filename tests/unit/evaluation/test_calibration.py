"""The calibration error is what it says, without what chance adds, and its interval covers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.scored_examples import random_predictions
from runsieve.evaluation.calibration import BINS, calibration_error, reliability_table
from runsieve.evaluation.predictions import Predictions
from runsieve.intervals import clopper_pearson

SEEDS = st.integers(0, 2**32 - 1)
TOYS = 1200


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def logits(rng, events, classes):
    return (
        rng.normal(0, 1.2, (events, classes))
        + 2 * np.eye(classes)[rng.integers(0, classes, events)]
    )


def drawn(rng, events, classes, temperature):
    """Events with probabilities that are right once divided by a temperature."""
    scores = logits(rng, events, classes)
    fraction = softmax(scores / temperature).cumsum(axis=1)
    true = (rng.random((events, 1)) > fraction[:, :-1]).sum(axis=1)
    names = tuple("abc"[:classes])
    return Predictions(names, true, softmax(scores), np.full(events, "test"))


def true_error(classes, temperature, events=400_000):
    """Root mean square difference over bins of equal probability, by many events."""
    scores = logits(np.random.default_rng(0), events, classes)
    shown, right = softmax(scores), softmax(scores / temperature)
    squares = []
    for index in [0] if classes == 2 else range(classes):
        order = np.argsort(shown[:, index])
        difference = (right - shown)[order, index].reshape(BINS, -1).mean(axis=1)
        squares.append((difference**2).mean())
    return np.sqrt(np.mean(squares))


def errors(classes, temperature, events, seed=1, toys=TOYS):
    """Value, low and high of many repetitions, shape (3, toys)."""
    rng = np.random.default_rng(seed)
    found = [calibration_error(drawn(rng, events, classes, temperature)) for _ in range(toys)]
    return np.array([[one[part] for one in found] for part in ("value", "low", "high")])


@pytest.mark.parametrize(
    ("classes", "temperature", "events"),
    [(2, 1.15, 200), (2, 1.5, 1000), (2, 1.15, 4000), (3, 1.5, 1000)],
)
def test_the_interval_covers_the_error(classes, temperature, events):
    """A central interval: it lies above the truth as often as below."""
    truth = true_error(classes, temperature)
    _, low, high = errors(classes, temperature, events)
    covered = np.mean((low <= truth) & (truth <= high))
    assert 0.66 <= covered <= 0.70
    assert 0.11 <= np.mean(low > truth) <= 0.21


def test_the_interval_of_right_probabilities_starts_at_zero():
    """They are at the boundary, so that only a fluctuation to the upper 16 % misses them."""
    value, low, high = errors(2, 1.0, 400, toys=500)
    assert np.mean(low == 0) >= 0.79
    assert np.median(value) < 0.03
    assert (high > 0).all()


def test_chance_adds_nothing_to_the_mean_square():
    """The plain mean square of the same events is too large."""
    truth = true_error(2, 1.5) ** 2
    rng = np.random.default_rng(2)
    plain, found = [], []
    for _ in range(200):
        test = drawn(rng, 1000, 2, 1.5)
        table = reliability_table(test)
        plain.append(np.average((table["observed"] - table["predicted"]) ** 2, weights=table["n"]))
        found.append(calibration_error(test)["value"] ** 2)
    assert np.mean(plain) > 1.2 * truth
    assert np.mean(found) == pytest.approx(truth, rel=0.08)


@given(SEEDS, st.integers(2, 4), st.integers(1, 40))
@settings(max_examples=40)
def test_the_table_holds_every_event_once(seed, classes, events):
    test = random_predictions([f"c{index}" for index in range(classes)], events, seed).part("test")
    table = reliability_table(test)
    for index, (name, part) in enumerate(table.groupby("class", sort=False)):
        assert name == test.classes[index]
        assert part["n"].sum() == pytest.approx(len(test))
        assert part["k"].sum() == pytest.approx((test.true == index).sum())
        assert part["low"].iloc[0] == 0 and part["high"].iloc[-1] == 1
        assert (part["low"].to_numpy()[1:] == part["high"].to_numpy()[:-1]).all()
        assert ((part["low"] <= part["predicted"]) & (part["predicted"] <= part["high"])).all()
        assert part["n"].max() - part["n"].min() <= 2
    low, high = clopper_pearson(table["k"], table["n"])
    np.testing.assert_allclose(table["observed_low"], low)
    np.testing.assert_allclose(table["observed_high"], high)
    error = calibration_error(test)
    assert 0 <= error["low"] <= error["value"] <= error["high"] <= 1
    assert error["high"] > 0


def of(probability, true):
    probability = np.asarray(probability, dtype=float)
    split = np.full(len(probability), "test")
    return Predictions(
        ("s", "b"), np.asarray(true), np.column_stack([probability, 1 - probability]), split
    )


def test_a_table_by_hand():
    test = of([0.2] * 4 + [0.8] * 5, [0, 1, 1, 1, 0, 0, 0, 0, 1])
    table = reliability_table(test)
    assert table["low"].tolist() == [0, 0.8] and table["high"].tolist() == [0.8, 1]
    assert table["k"].tolist() == pytest.approx([1, 4])
    assert table["n"].tolist() == [4, 5]
    assert table["observed"].tolist() == pytest.approx([0.25, 0.8])
    assert table["predicted"].tolist() == pytest.approx([0.2, 0.8])


def test_equal_weights_change_nothing_and_others_lower_the_number_of_events():
    test = random_predictions(["s", "b"], 200).part("test")
    plain, error = reliability_table(test), calibration_error(test)
    same = calibration_error(replace(test, weight=np.full(len(test), 7.0)))
    for part in ("value", "low", "high"):
        assert same[part] == pytest.approx(error[part], abs=1e-6)
    weights = np.where(test.true == 0, 3.0, 1.0)
    table = reliability_table(replace(test, weight=weights))
    assert (table["n"] <= plain["n"] + 1e-9).all()
    assert (table["n"] < 0.9 * plain["n"]).any()
    np.testing.assert_allclose(
        table["observed"], 3 * plain["k"] / (3 * plain["k"] + plain["n"] - plain["k"])
    )


@pytest.mark.parametrize("classes", [2, 3])
def test_certain_and_right_events_have_an_interval(classes):
    true = np.arange(60) % classes
    test = Predictions(tuple("abc"[:classes]), true, np.eye(classes)[true], np.full(60, "test"))
    error = calibration_error(test)
    assert error["value"] == error["low"] == 0
    assert error["high"] >= clopper_pearson(0, 60)[1] > 0.03


def test_certain_and_wrong_events_have_the_largest_error():
    error = calibration_error(of(np.repeat([0.0, 1.0], 30), np.repeat([0, 1], 30)))
    assert error["value"] == pytest.approx(1, abs=1e-3)
    assert error["high"] == pytest.approx(1, abs=1e-3)
