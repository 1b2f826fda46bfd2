"""Intervals of fractions: exact, weighted, and of means."""

import numpy as np
import pytest
from hist.intervals import clopper_pearson_interval, poisson_interval
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from runsieve.intervals import (
    LEVEL,
    clopper_pearson,
    effective_counts,
    garwood,
    jeffreys,
    mean_interval,
    paired_difference,
)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_clopper_and_pearson_as_in_hist(counts):
    passed, total = (np.array([float(count)]) for count in counts)
    expected = clopper_pearson_interval(passed, total, LEVEL)
    np.testing.assert_allclose(clopper_pearson(passed, total), expected, rtol=1e-12)


def test_without_events_a_fraction_is_unknown():
    assert np.isnan(clopper_pearson(0, 0)).all()
    with pytest.raises(ValueError, match="more events"):
        clopper_pearson(2, 1)


@given(st.integers(0, 10**6))
def test_counts_as_in_hist(count):
    counts = np.array([float(count)])
    np.testing.assert_allclose(garwood(counts), poisson_interval(counts, None, LEVEL), rtol=1e-12)


def test_one_fraction_has_jeffreys_interval():
    low, high = mean_interval(np.array([7]), np.array([10]))
    tails = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    assert (low, high) == pytest.approx(beta.ppf(tails, 7.5, 3.5), abs=0.005)


def test_a_mean_without_failures_is_not_certain():
    low, high = mean_interval(np.array([5, 5]), np.array([5, 5]))
    assert high == 1 and 0.8 < low < 0.97
    low, high = mean_interval(np.array([0, 0]), np.array([5, 5]))
    assert low == 0 and 0.03 < high < 0.2


def test_equal_weights_are_counts():
    passed = np.array([True, False, True, True, False])
    group = np.array([0, 0, 1, 1, -1])
    k, n = effective_counts(passed, np.full(5, 0.3), group, 3)
    assert k.tolist() == [1, 2, 0] and n.tolist() == [2, 2, 0]


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 10)), min_size=1, max_size=30))
def test_unequal_weights_count_for_fewer_events(rows):
    passed, weight = (np.array(column) for column in zip(*rows, strict=True))
    (k,), (n,) = effective_counts(passed, weight, np.zeros(len(rows), dtype=int), 1)
    assert k / n == pytest.approx((weight * passed).sum() / weight.sum())
    assert 0 < n <= len(rows) * (1 + 1e-9)
    low, high = clopper_pearson(k, n)
    assert low <= k / n + 1e-9 and k / n <= high + 1e-9


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.floats(0, n), st.floats(n, n + 0.9))))
def test_the_interval_of_a_fraction_of_events_that_are_not_whole(counts):
    passed, total = counts
    low, high = jeffreys(passed, total)
    assert 0 <= low <= passed / total <= high <= 1
    assert low < high
    mirrored = jeffreys(total - passed, total)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_it_has_a_width_where_nothing_or_all_passed():
    assert jeffreys(0, 50) == pytest.approx((0, beta.ppf(0.84134, 0.5, 50.5)), abs=1e-5)
    assert jeffreys(50, 50)[1] == 1


@pytest.mark.parametrize(("total", "gained", "lost"), [(300, 0.02, 0.01), (1500, 0.01, 0.002)])
def test_changes_are_inside_as_often_as_promised(total, gained, lost):
    generator = np.random.default_rng(1)
    counts = generator.multinomial(total, [gained, lost, 1 - gained - lost], 4000)
    inside = [
        low <= gained - lost <= high
        for low, high in (paired_difference(new, old, total) for new, old, _ in counts)
    ]
    # 0.683 with a spread of 0.0074; the counts are few, so that it is not met exactly.
    assert 0.65 < np.mean(inside) < 0.72


def test_no_change_is_not_certain():
    low, high = paired_difference(0, 0, 100)
    assert low == -high and 0.005 < high < 0.02
    low, high = paired_difference(3, 3, 3)
    assert low <= 0 <= high
