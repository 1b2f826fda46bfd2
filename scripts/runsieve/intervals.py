"""68.27 % intervals: exact for counts, bootstrap for metrics without a formula."""

import numpy as np
from hist.intervals import clopper_pearson_interval

LEVEL = 0.682689492137086


def clopper_pearson(passed: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of the interval of `passed / total`; NaN where total is 0.

    Clopper and Pearson, Biometrika 26 (1934) 404; the default of ROOT's TEfficiency.
    """
    passed, total = np.broadcast_arrays(
        np.asarray(passed, dtype=float), np.asarray(total, dtype=float)
    )
    low, high = clopper_pearson_interval(passed, total, LEVEL)
    return np.where(total > 0, low, np.nan), np.where(total > 0, high, np.nan)


def ratio(passed: np.ndarray, total: np.ndarray) -> np.ndarray:
    """`passed / total`; NaN where total is 0."""
    passed, total = np.asarray(passed, dtype=float), np.asarray(total, dtype=float)
    return np.divide(passed, total, out=np.full(np.shape(total), np.nan), where=total > 0)


def percentile_interval(samples: np.ndarray) -> tuple[float, float]:
    """Central interval of bootstrap samples, shape (resamplings,)."""
    low, high = np.quantile(samples, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def resampled_weights(
    group: np.ndarray, resamplings: int, generator: np.random.Generator
) -> np.ndarray:
    """Number of times that each event is drawn in each bootstrap sample, within its group.

    group: integer label of each event, such as its class, shape (events,). Returns shape
    (resamplings, events).
    """
    weights = np.zeros((resamplings, len(group)), dtype=np.int32)
    for label in np.unique(group):
        members = np.flatnonzero(group == label)
        size = len(members)
        drawn = generator.integers(0, size, (resamplings, size))
        drawn += np.arange(resamplings)[:, None] * size
        counts = np.bincount(drawn.ravel(), minlength=resamplings * size)
        weights[:, members] = counts.reshape(resamplings, size)
    return weights
