"""Errors of means over the seeds of a model."""

import numpy as np
from scipy.special import stdtrit

from runsieve.intervals import ABOVE


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
    return float(np.sqrt(total) * stdtrit(freedom(total, (variance, seeds)), ABOVE))


def over_seeds(
    values: np.ndarray, low: float, high: float, limits: tuple[float, float]
) -> dict[str, float]:
    """A metric of a model from its values for each seed, shape (seeds,).

    low, high: statistical interval of the first seed; limits: of the values of the metric

    mean: over the seeds, the value to quote for a model
    spread: standard deviation over the seeds; NaN for a single one
    total_low, total_high: interval of the mean. Each side adds, in quadrature, the statistical
        error of the first seed and the error of the mean, spread / sqrt(seeds), as in
        `total_error`. All seeds are tested on the same events, so the statistical error does not
        shrink with their number. With a single seed it is the statistical interval; the spread,
        then, is unknown or, for models that ignore the seed, 0.
    """
    mean, of_seeds = float(np.mean(values)), variance_of_mean(values)
    below, above = (total_error(end - values[0], of_seeds, len(values)) for end in (low, high))
    ends = np.clip([mean - below, mean + above], *limits)
    return {
        "mean": mean,
        "spread": float(np.std(values, ddof=1)) if len(values) > 1 else np.nan,
        "total_low": float(ends[0]),
        "total_high": float(ends[1]),
    }
