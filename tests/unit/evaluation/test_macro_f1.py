"""Macro F1 and its interval at the edges of what is possible."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from runsieve.evaluation.macro_f1 import macro_f1
from runsieve.evaluation.predictions import Predictions


def predictions(true, predicted, size, weight=None):
    split = np.full(len(true), "test")
    names = tuple(f"c{index}" for index in range(size))
    return Predictions(names, np.array(true), np.eye(size)[predicted], split, weight=weight)


events = st.integers(2, 5).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.lists(
            st.tuples(*[st.integers(0, size - 1)] * 2, st.floats(0.1, 10)), min_size=1, max_size=30
        ),
    )
)


@given(events)
def test_the_value_is_that_of_scikit_learn_and_within_its_interval(given):
    size, rows = given
    # Each class has an event, as the test events of a report.
    rows = [*rows, *((label, 0, 1.0) for label in range(size))]
    true, predicted, weight = (np.array(column) for column in zip(*rows, strict=True))
    value, low, high = macro_f1(predictions(true, predicted, size, weight))
    expected = f1_score(true, predicted, average="macro", labels=range(size), sample_weight=weight)
    assert value == pytest.approx(expected)
    assert 0 <= low <= value <= high <= 1
    assert low < high


@pytest.mark.parametrize("size", [2, 3, 10])
def test_without_a_mistake_the_interval_has_a_width_that_shrinks(size):
    widths = []
    for events in (10, 1000):
        true = np.repeat(np.arange(size), events)
        value, low, high = macro_f1(predictions(true, true, size))
        assert value == high == 1
        widths.append(1 - low)
    assert 0.005 < widths[0] < 0.1
    assert widths[1] == pytest.approx(widths[0] / 100, rel=0.2)


def test_a_class_that_is_never_predicted_counts_as_zero():
    true = np.repeat([0, 1, 2], 50)
    value, low, high = macro_f1(predictions(true, np.where(true == 2, 1, true), 3))
    assert value == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert low < value < high


@pytest.mark.parametrize("factor", [0.01, 7.0])
def test_a_common_factor_on_all_weights_changes_nothing(factor):
    rng = np.random.default_rng(1)
    true, predicted = np.repeat([0, 1, 2], 40), rng.integers(0, 3, 120)
    weight = rng.uniform(0.5, 2, 120)
    assert macro_f1(predictions(true, predicted, 3, factor * weight)) == pytest.approx(
        macro_f1(predictions(true, predicted, 3, weight))
    )


def test_unequal_weights_widen_the_interval():
    rng = np.random.default_rng(1)
    true, predicted = np.repeat([0, 1, 2], 400), rng.integers(0, 3, 1200)
    weight = np.tile([0.1, 4.0], 600)
    _, low, high = macro_f1(predictions(true, predicted, 3))
    _, wide_low, wide_high = macro_f1(predictions(true, predicted, 3, weight))
    # (sum w)^2 / (n sum w^2) of the events count: intervals are wider by the root of it.
    ratio = np.sqrt(np.mean(weight**2)) / np.mean(weight)
    assert (wide_high - wide_low) / (high - low) == pytest.approx(ratio, rel=0.05)
