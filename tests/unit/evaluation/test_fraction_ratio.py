"""The interval of a ratio of fractions covers 68.27 %, also next to its bound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import binom

from runsieve.evaluation.fraction_ratio import accepted_deviations, fraction_ratio_interval
from runsieve.intervals import LEVEL


@pytest.mark.parametrize("at_most_one", [True, False])
@pytest.mark.parametrize("events", [50, 100, 250, 1000])
@pytest.mark.parametrize("value", [0.1, 0.5, 0.9])
def test_coverage_summed_over_all_counts(value, events, at_most_one):
    passed, other = np.arange(events + 1)[:, None], np.arange(events + 1)[None]
    likely = np.ix_(
        *(
            np.flatnonzero(binom.pmf(np.arange(events + 1), events, fraction) > 1e-6)
            for fraction in (value / 2, 0.5)
        )
    )
    probability = binom.pmf(passed, events, value / 2) * binom.pmf(other, events, 0.5)
    counts = np.broadcast_arrays(passed, events, other, events)
    low, high = fraction_ratio_interval(*(item[likely] for item in counts), at_most_one)
    covered = (low <= value) & (value <= high)
    assert (probability[likely] * covered).sum() == pytest.approx(LEVEL, abs=0.02)


@settings(max_examples=50)
@given(
    st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
)
def test_interval_is_within_bounds_holds_the_ratio_and_is_never_a_point(numbers):
    passed, failed, other_passed, other_failed = numbers
    total, other_total = passed + failed, other_passed + other_failed
    low, high = fraction_ratio_interval(passed, total, other_passed, other_total)
    if not total or not other_total:
        assert np.isnan([low, high]).all()
        return
    assert 0 <= low < high <= 1
    if other_passed:
        assert low <= min(1, passed * other_total / (total * other_passed)) <= high + 1e-9


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_interval_shrinks_with_more_events(passed, failed, other_passed, other_failed):
    counts = np.array([passed, passed + failed, other_passed, other_passed + other_failed])
    low, high = fraction_ratio_interval(*counts, at_most_one=False)
    more_low, more_high = fraction_ratio_interval(*(9 * counts), at_most_one=False)
    assert more_high - more_low < high - low


def test_bound_is_felt_only_near_it():
    far = (100, 1000, 500, 1000)
    near = (495, 1000, 500, 1000)
    assert np.allclose(fraction_ratio_interval(*far), fraction_ratio_interval(*far, False))
    assert fraction_ratio_interval(*near)[1] == 1 < fraction_ratio_interval(*near, False)[1]


def test_nothing_above_the_cut():
    low, high = fraction_ratio_interval([0, 0, 3], [50, 50, 50], [25, 0, 0], [50, 50, 50])
    assert low[:2].tolist() == [0, 0] and high[0] < 0.05 and high[1:].tolist() == [1, 1]
    _, unbounded = fraction_ratio_interval(3, 50, 0, 50, at_most_one=False)
    assert np.isinf(unbounded)


def test_score_interval_by_hand():
    """At the ends, the difference is one standard deviation of the most likely fractions."""
    passed, total, other_passed, other_total = 30, 200, 60, 100
    for end in fraction_ratio_interval(passed, total, other_passed, other_total, False):
        grid = np.linspace(1e-4, min(1, 1 / end) - 1e-4, 200_001)
        likelihood = binom.logpmf(passed, total, end * grid)
        likelihood += binom.logpmf(other_passed, other_total, grid)
        p = grid[likelihood.argmax()]
        variance = end * p * (1 - end * p) / total + end**2 * p * (1 - p) / other_total
        difference = passed / total - end * other_passed / other_total
        assert abs(difference) / np.sqrt(variance) == pytest.approx(1, abs=1e-3)


def test_deviations_of_feldman_and_cousins():
    distance = np.array([0.001, 0.0386, 0.2, 0.6, 0.99, 1, 3, np.inf])
    towards, away = accepted_deviations(distance)
    assert ndtr(towards) - ndtr(-away) == pytest.approx(np.full(8, LEVEL), abs=1e-6)
    # At the bound only deviations away from it count: 31.7 % are larger than 0.475.
    assert away[0] == pytest.approx(0.475, abs=2e-3)
    assert towards[-3:] == pytest.approx(1, abs=1e-5) and away[-3:] == pytest.approx(1, abs=1e-5)
