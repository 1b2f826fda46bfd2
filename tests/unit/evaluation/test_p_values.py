"""P-values: uniform where nothing differs, small where something does, and corrected."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, chi2_contingency, chisquare, kstest, norm

from runsieve.evaluation.p_values import equal_chances, equal_rates, homogeneity, separation

fractions = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def test_p_values_of_equal_scores_are_uniform():
    rng = np.random.default_rng(1)
    found = [separation(rng.normal(size=60), rng.normal(size=50)) for _ in range(400)]
    assert kstest(found, "uniform").pvalue > 0.01


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_counts_are_compared_as_by_the_binomial_test(count, other):
    expected = binomtest(count, count + other).pvalue if count + other else 1.0
    assert equal_chances(count, other) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_shifted_scores_are_told_apart_in_either_direction():
    rng = np.random.default_rng(2)
    scores, others = rng.normal(0.5, 1, 200), rng.normal(0, 1, 200)
    assert separation(scores, others) < 1e-4
    assert separation(others, scores) == pytest.approx(separation(scores, others))


def test_the_variance_of_the_rank_sum_is_that_of_its_source():
    rng = np.random.default_rng(3)
    scores, others = rng.normal(0.3, 1, 40), rng.normal(0, 1, 30)
    above = (scores[:, None] > others).sum()
    # Mann and Whitney: mean m n / 2, variance m n (m + n + 1) / 12; continuity correction 1/2.
    z = (abs(above - 600) - 0.5) / np.sqrt(1200 * 71 / 12)
    assert separation(scores, others) == pytest.approx(2 * norm.sf(z))


def test_equal_scores_of_all_events_are_not_told_apart():
    assert separation(np.ones(3), np.ones(4)) == 1


def test_chi_square_of_many_events():
    passed, total = np.array([70, 50, 90]), np.array([100, 100, 100])
    expected = chi2_contingency([passed, total - passed], correction=False).pvalue
    assert homogeneity(passed, total) == expected
    assert homogeneity(passed, total) < 1e-6


def test_few_events_are_compared_with_random_tables():
    # Fisher's exact test of this table gives 2 / 70; chi-square alone would give 0.0047.
    found = homogeneity(np.array([4, 0]), np.array([4, 4]))
    assert found == pytest.approx(2 / 70, abs=0.006)
    assert found == homogeneity(np.array([4, 0]), np.array([4, 4]))


def test_homogeneity_of_equal_groups_is_uniform():
    rng = np.random.default_rng(4)
    total = np.array([150, 200, 100])
    found = [homogeneity(rng.binomial(total, 0.7), total) for _ in range(400)]
    assert kstest(found, "uniform").pvalue > 0.01


@pytest.mark.parametrize(("passed", "total"), [([3], [4]), ([3, 0], [4, 0]), ([], [])])
def test_one_group_cannot_differ(passed, total):
    assert np.isnan(homogeneity(np.array(passed), np.array(total)))


@pytest.mark.parametrize("passed", [[0, 0], [4, 7]])
def test_where_none_or_all_pass_nothing_differs(passed):
    assert homogeneity(np.array(passed), np.array([4, 7])) == 1


def test_rates_of_equal_exposures_are_compared_like_a_uniform_distribution():
    counts = np.array([30, 40, 50])
    assert equal_rates(counts, np.full(3, 7.0)) == pytest.approx(chisquare(counts).pvalue)
    exposure = np.array([1.0, 2.0, 3.0])
    expected = counts.sum() * exposure / 6
    assert equal_rates(counts, exposure) == pytest.approx(chisquare(counts, expected).pvalue)


def test_few_counts_of_two_rates_have_the_p_value_of_the_exact_test():
    """With two groups, of all ways to divide the sum: those that are no more likely."""
    for counts, exposure in (((0, 6), (1, 1)), ((1, 5), (1, 2)), ((4, 3), (2, 1))):
        total, share = sum(counts), exposure[0] / sum(exposure)
        found = np.arange(total + 1)
        distance = abs(found - total * share)
        exact = binom.pmf(found, total, share)[distance >= distance[counts[0]] - 1e-9].sum()
        assert equal_rates(np.array(counts), np.array(exposure)) == pytest.approx(exact, abs=0.015)


def test_rates_without_events_or_without_another_group():
    assert equal_rates(np.array([0, 0]), np.ones(2)) == 1
    assert np.isnan(equal_rates(np.array([3]), np.ones(1)))
