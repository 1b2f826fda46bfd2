"""DeLong's method: against a slow implementation of the paper, scikit-learn and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, norm
from sklearn.metrics import roc_auc_score

from runsieve.evaluation.delong import Area, area_of, mean_area, p_value

NAMES = {2: ("s", "b"), 3: ("a", "b", "c")}


def slow(true, scores):
    """Areas of several models and their covariance, as in the paper: from all pairs of events."""
    signal, background = np.flatnonzero(true == 0), np.flatnonzero(true == 1)
    of_signal = np.zeros((len(scores), len(signal)))
    of_background = np.zeros((len(scores), len(background)))
    for model, score in enumerate(scores):
        for i, x in enumerate(score[signal]):
            for j, y in enumerate(score[background]):
                kernel = 1.0 if x > y else 0.5 if x == y else 0.0
                of_signal[model, i] += kernel / len(background)
                of_background[model, j] += kernel / len(signal)
    covariance = np.cov(of_signal) / len(signal) + np.cov(of_background) / len(background)
    return of_signal.mean(axis=1), np.atleast_2d(covariance)


def slow_weighted(signal, score, weight):
    """Area of one class against the rest, and what each event adds to it."""
    kernel = np.heaviside(np.subtract.outer(score[signal], score[~signal]), 0.5)
    ours, others = weight[signal], weight[~signal]
    value = ours @ kernel @ others / (ours.sum() * others.sum())
    part = np.empty(len(score))
    part[signal] = ours * (kernel @ others / others.sum() - value) / ours.sum()
    part[~signal] = others * (ours @ kernel / ours.sum() - value) / others.sum()
    return value, part


def binary(scores):
    """Two columns of probability from the scores of the signal."""
    return np.column_stack([scores, 1 - scores])


def softmax(logits):
    weights = np.exp(logits)
    return weights / weights.sum(axis=1, keepdims=True)


@given(
    st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=4, max_size=15),
    st.data(),
)
def test_areas_and_covariances_are_those_of_the_paper_with_ties(scores, data):
    signal = data.draw(st.integers(2, len(scores) - 2))
    true = np.repeat([0, 1], [signal, len(scores) - signal])
    scores = np.array(scores).T / 5
    areas = [area_of(true, binary(score)) for score in scores]
    values, covariance = slow(true, scores)
    influence = np.array([area.influence for area in areas])
    assert [area.value for area in areas] == pytest.approx(values)
    assert influence @ influence.T == pytest.approx(covariance, abs=1e-12)
    difference = areas[0] - areas[1]
    expected = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert difference.variance == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("classes", NAMES)
def test_the_area_is_that_of_scikit_learn(classes):
    rng = np.random.default_rng(1)
    true = rng.integers(0, classes, 300)
    probability = softmax(rng.normal(0, 1, (300, classes)).round(1) + np.eye(classes)[true])
    weight = rng.uniform(0.5, 2, 300)
    expected = [
        roc_auc_score(true == one, probability[:, one], sample_weight=weight)
        for one in range(1 if classes == 2 else classes)
    ]
    assert area_of(true, probability, weight).value == pytest.approx(np.mean(expected))


def test_several_classes_and_weights_against_all_pairs():
    """Each event has the mean of its components; the variance is that within every class."""
    rng = np.random.default_rng(2)
    true = np.repeat([0, 1, 2], [20, 30, 40])
    probability = softmax(rng.normal(0, 1, (90, 3)).round(1) + np.eye(3)[true])
    weight = rng.uniform(0.5, 2, 90)
    parts = [slow_weighted(true == one, probability[:, one], weight) for one in range(3)]
    moved = np.mean([part for _, part in parts], axis=0)
    variance = 0
    for one in range(3):
        w, v = weight[true == one], (moved / weight)[true == one]
        size = w.sum() ** 2 / (w**2).sum()
        variance += (w**2 * (v - np.average(v, weights=w)) ** 2).sum() * size / (size - 1)
    area = area_of(true, probability, weight)
    assert area.value == pytest.approx(np.mean([value for value, _ in parts]))
    assert area.variance == pytest.approx(variance)


def test_a_common_factor_of_all_weights_changes_nothing():
    rng = np.random.default_rng(3)
    true, score = rng.integers(0, 2, 50), rng.uniform(0, 1, 50)
    plain, doubled = (area_of(true, binary(score), w) for w in (None, np.full(50, 2)))
    assert doubled.value == pytest.approx(plain.value)
    assert doubled.influence == pytest.approx(plain.influence)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("classes", NAMES)
def test_the_variance_is_that_of_repeated_experiments(classes, weighted):
    rng = np.random.default_rng(4)
    true = np.repeat(np.arange(classes), 60)
    found = []
    for _ in range(1000):
        logits = rng.normal(0, 1, (len(true), classes)) + np.eye(classes)[true]
        weight = rng.uniform(0, 2, len(true)) if weighted else None
        area = area_of(true, softmax(logits), weight)
        found.append((area.value, area.variance))
    values, variances = np.array(found).T
    # The variance of 1000 values is known to 4.5 %.
    assert np.mean(variances) == pytest.approx(np.var(values), rel=0.135)


def test_the_mean_of_areas_keeps_their_correlation():
    rng = np.random.default_rng(5)
    true, score = rng.integers(0, 2, 50), rng.uniform(0, 1, 50)
    one = area_of(true, binary(score))
    same = mean_area([one, one, one])
    assert (same.value, same.variance) == pytest.approx((one.value, one.variance))
    opposite = area_of(true, binary(1 - score))
    both = mean_area([one, opposite])
    assert (both.value, both.variance) == pytest.approx((0.5, 0), abs=1e-15)


def test_the_spread_of_a_single_event_is_unknown():
    area = area_of(np.array([0, 1, 1]), binary(np.array([0.9, 0.1, 0.2])))
    assert area.value == 1
    assert np.isnan(area.variance)
    assert np.isnan(p_value(0.1, np.sqrt(area.variance), 3))


@pytest.mark.parametrize("classes", NAMES)
def test_p_is_uniform_for_models_of_equal_strength(classes):
    """Models share a part of what they know, so their errors are correlated."""
    rng = np.random.default_rng(6)
    true = np.repeat(np.arange(classes), 100)
    shape, found = (len(true), classes), []
    for _ in range(800):
        common = rng.normal(0, 1, shape) + np.eye(classes)[true]
        one, other = (area_of(true, softmax(common + rng.normal(0, 1, shape))) for _ in range(2))
        difference = one - other
        found.append(p_value(difference.value, np.sqrt(difference.variance), len(true)))
    assert kstest(found, "uniform").pvalue > 0.01
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.023)


def test_the_interval_of_a_difference_covers_as_often_as_it_says():
    """Of models with AUC 0.8697 and 0.7602, on 50 events of each class."""
    rng, true, covered = np.random.default_rng(7), np.arange(100) % 2, []
    strengths = (1.5921, 1.0)
    expected = norm.cdf(strengths[0] / np.sqrt(2)) - norm.cdf(strengths[1] / np.sqrt(2))
    for _ in range(1000):
        common = rng.normal(0, np.sqrt(0.5), 100)
        one, other = (
            area_of(true, binary(rng.normal(apart * (0.5 - true), np.sqrt(0.5)) + common))
            for apart in strengths
        )
        difference = one - other
        covered.append(abs(difference.value - expected) <= np.sqrt(difference.variance))
    # 1000 experiments know the coverage to 1.5 %.
    assert np.mean(covered) == pytest.approx(0.683, abs=0.045)


def test_p_is_two_sided_and_reaches_far():
    assert p_value(1.0, 1.0, 10_000) == pytest.approx(2 * norm.sf(1))
    assert p_value(-10.0, 1.0, 10_000) == pytest.approx(2 * norm.sf(10), rel=1e-9)
    assert p_value(1.0, 1.0, 10_000, freedom=2) == pytest.approx(0.42265, abs=1e-5)
    assert p_value(0.0, 0.0, 10) == 1
    assert 0 < p_value(1.0, 1e-3, 10_000) < 1e-300


def test_p_of_few_events_is_no_smaller_than_that_of_an_exact_test():
    """Perfect scores against constant ones: DeLong's error is zero, but events are few."""
    true = np.repeat([0, 1], 3)
    difference = area_of(true, binary(1.0 - true)) - area_of(true, binary(np.full(6, 0.5)))
    assert (difference.value, difference.variance) == (0.5, 0)
    assert p_value(difference.value, 0.0, 6) == 2 / 2**6


def test_a_difference_has_the_influences_of_both():
    difference = Area(0.9, np.array([0.1, 0.2])) - Area(0.7, np.array([0.1, 0.1]))
    assert difference.value == pytest.approx(0.2)
    assert difference.variance == pytest.approx(0.01)
