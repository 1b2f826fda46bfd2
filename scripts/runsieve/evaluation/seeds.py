"""Errors of means over the seeds of a model."""

import numpy as np
from scipy.stats import t as student

from runsieve.intervals import LEVEL


def variance_of_mean(values: np.ndarray) -> float:
    """Variance of the mean over seeds from their spread, shape (seeds,); 0 for a single seed.

    Of a single seed the spread is unknown; the value, then, stands for one training.
    """
    return float(np.var(values, ddof=1) / len(values)) if len(values) > 1 else 0.0


def freedom(variance: float, *means: tuple[float, int]) -> float:
    """Degrees of freedom of a variance to which means over seeds contribute.

    means: variance of each mean, and its number of seeds. The rest of `variance` counts as known.
    Infinite without a contribution of seeds. Welch, Biometrika 34 (1947) 28: an approximation.
    """
    of_seeds = sum(part**2 / (seeds - 1) for part, seeds in means if seeds > 1)
    return variance**2 / of_seeds if of_seeds > 0 else np.inf


def total_error(statistical: float, variance: float, seeds: int) -> float:
    """Half of the 68.27 % interval of a mean over seeds.

    The statistical error and the error of the mean over seeds, with its `variance`, are added in
    quadrature. Two or three seeds give their spread poorly, for which Student's distribution makes
    up with a factor of at most 1.84 (two seeds) or 1.32 (three).
    """
    total = statistical**2 + variance
    return float(np.sqrt(total) * student.ppf((1 + LEVEL) / 2, freedom(total, (variance, seeds))))
