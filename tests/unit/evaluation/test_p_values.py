"""P-values: uniform where nothing differs, small where something does, and corrected."""

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, kstest, norm

from runsieve.evaluation.p_values import homogeneity, separation

fractions = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def test_p_values_of_equal_scores_are_uniform():
    rng = np.random.default_rng(1)
    found = [separation(rng.normal(size=60), rng.normal(size=50)) for _ in range(400)]
    assert kstest(found, "uniform").pvalue > 0.01


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
