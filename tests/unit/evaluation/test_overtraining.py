"""Training against test events: a p-value with the distribution that it should have."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, ks_2samp

from helpers.scored_examples import random_predictions
from runsieve.evaluation.overtraining import (
    kolmogorov_smirnov,
    overtraining,
    overtraining_table,
)

TOYS = 1500


def p_values(spread: float, decimals: int = 9) -> np.ndarray:
    """P-values of samples of one distribution, the first with lognormal weights of this spread."""
    generator = np.random.default_rng(5)

    def sample(size, sigma):
        return generator.beta(2, 0.5, size).round(decimals), generator.lognormal(0, sigma, size)

    return np.array(
        [kolmogorov_smirnov(sample(300, spread), sample(120, 0))[1] for _ in range(TOYS)]
    )


@pytest.mark.parametrize("spread", [0, 0.7])
def test_p_values_of_untrained_samples_are_uniform(spread):
    found = p_values(spread)
    for level in (0.05, 0.2, 0.5):
        below = (found < level).sum()
        # The steps of the distance leave the p-value up to a tenth too large.
        assert binom.ppf(1e-4, TOYS, 0.85 * level) <= below <= binom.isf(1e-4, TOYS, level)


def test_p_values_of_equal_scores_are_only_too_large():
    found = p_values(0, decimals=1)
    for level in (0.01, 0.05, 0.2, 0.5):
        assert (found < level).sum() <= binom.isf(1e-4, TOYS, level)


def test_unweighted_samples_are_those_of_scipy():
    generator = np.random.default_rng(2)
    one, other = generator.normal(0, 1, 200), generator.normal(0.2, 1, 90)
    expected = ks_2samp(one, other, method="asymp")
    found = kolmogorov_smirnov((one, np.ones(200)), (other, np.full(90, 3.0)))
    assert found == pytest.approx((expected.statistic, expected.pvalue))


def test_weights_count_as_repeated_events_in_the_distance():
    generator = np.random.default_rng(3)
    one, times, other = generator.random(50), generator.integers(1, 4, 50), generator.random(40)
    weighted, _ = kolmogorov_smirnov((one, times.astype(float)), (other, np.ones(40)))
    repeated, _ = kolmogorov_smirnov(
        (np.repeat(one, times), np.ones(times.sum())), (other, np.ones(40))
    )
    assert weighted == pytest.approx(repeated)


def test_training_events_that_are_known_by_heart_are_noticed():
    events = random_predictions(["s", "b"], events=200)
    honest = overtraining_table(events)
    assert (honest["p_holm"] > 0.01).all()
    learned = (events.split == "train")[:, None]
    right = np.where(learned, np.eye(2)[events.true] * 0.98 + 0.01, events.probability)
    table = overtraining_table(replace(events, probability=right))
    assert table["class"].tolist() == ["s", "b"]
    assert table[["train", "test"]].to_numpy().tolist() == [[200, 200], [200, 200]]
    assert (table["p_holm"] < 1e-10).all()
    assert (table["auc_train"] == 1).all() and (table["auc_test"] < 1).all()
    assert honest["auc_test"].equals(table["auc_test"])


def test_without_training_events_nothing_is_said():
    events = random_predictions(["a", "b", "c"])
    table = overtraining_table(events.where(events.split != "train"))
    assert table[["distance", "p", "p_holm", "auc_train"]].isna().all(axis=None)
    found = overtraining(table)
    assert found["p_holm"] == dict.fromkeys(["a", "b", "c"])
    assert found["auc_train"] is None and 0 < found["auc_test"] < 1
