import numpy as np
import pytest
from scipy.stats import t as student

from runsieve.evaluation.seeds import freedom, total_error, variance_of_mean
from runsieve.intervals import LEVEL


def test_variance_of_a_mean_over_seeds():
    assert variance_of_mean(np.array([0.90, 0.94, 0.95])) == pytest.approx(0.0007 / 3)
    assert variance_of_mean(np.array([0.9])) == 0


def test_degrees_of_freedom():
    assert freedom(2.0) == freedom(2.0, (0.0, 1)) == freedom(2.0, (0.0, 3)) == np.inf
    assert freedom(2.0, (2.0, 3)) == pytest.approx(2)
    assert freedom(2.0, (1.0, 3), (1.0, 3)) == pytest.approx(4)


def test_a_single_seed_adds_nothing():
    assert total_error(0.01, 0.0, 1) == pytest.approx(0.01)
    assert np.isnan(total_error(np.nan, 0.0, 1))


@pytest.mark.parametrize(("seeds", "factor"), [(2, 1.837), (3, 1.321)])
def test_factor_where_the_spread_is_everything(seeds, factor):
    assert total_error(0.0, 1.0, seeds) == pytest.approx(factor, abs=5e-4)
    assert factor == pytest.approx(student.ppf((1 + LEVEL) / 2, seeds - 1), abs=5e-4)


@pytest.mark.parametrize("spread", [0.3, 1, 3, 30])
@pytest.mark.parametrize("seeds", [2, 3, 5])
def test_the_total_interval_covers_as_often_as_it_says(seeds, spread):
    """The statistical error is 1; the approximation is off by up to 2 %."""
    rng = np.random.default_rng(1)
    values = rng.normal(0, spread, (4000, seeds))
    mean = rng.normal(0, 1, 4000) + values.mean(axis=1)
    errors = [total_error(1.0, variance_of_mean(of_one), seeds) for of_one in values]
    assert np.mean(np.abs(mean) <= errors) == pytest.approx(LEVEL, abs=0.035)
