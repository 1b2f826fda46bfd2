"""68.27 % intervals: exact for counts, bootstrap for metrics without a formula."""

from collections.abc import Iterator

import numpy as np
from scipy.special import betaincinv, gammaincinv  # scipy.stats takes half a second to import

LEVEL = 0.682689492137086
BELOW, ABOVE = (1 - LEVEL) / 2, (1 + LEVEL) / 2  # the probabilities at the two ends
CHUNK = 2_000_000  # weights of bootstrap samples in memory at a time


def clopper_pearson(passed: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of the interval of `passed / total`; NaN where total is 0.

    Clopper and Pearson, Biometrika 26 (1934) 404; the default of ROOT's TEfficiency.
    """
    passed, total = np.broadcast_arrays(
        np.asarray(passed, dtype=float), np.asarray(total, dtype=float)
    )
    if np.any(passed > total):
        raise ValueError("more events passed than there are")
    failed = total - passed
    with np.errstate(invalid="ignore"):
        low = np.where(passed > 0, betaincinv(passed, failed + 1, BELOW), 0)
        high = np.where(failed > 0, betaincinv(passed + 1, failed, ABOVE), 1)
    return np.where(total > 0, low, np.nan), np.where(total > 0, high, np.nan)


def effective_counts(
    passed: np.ndarray, weight: np.ndarray, group: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers k and n of unweighted events that carry as much information, by group.

    passed: bool, weight: float, group: integer from 0 to groups - 1 (negative: left out), all of
    shape (events,). n = (sum w)^2 / sum w^2 (Kish, Survey Sampling (1965)), and k/n is the weighted
    fraction that passed; with equal weights they are the counts. Returns two arrays (groups,).
    """
    inside = group >= 0
    passed, weight, group = passed[inside], weight[inside], group[inside]
    total = np.bincount(group, weight, groups)
    number = ratio(total**2, np.bincount(group, weight**2, groups))
    fraction = ratio(np.bincount(group, weight * passed, groups), total)
    # Equal weights give the counts but for rounding; whole numbers make equal tables equal bytes.
    counts = np.bincount(group, minlength=groups)
    number = np.where(np.isclose(number, counts, rtol=1e-12), counts, np.nan_to_num(number))
    passing = np.nan_to_num(fraction) * number
    return np.where(np.isclose(passing, np.rint(passing)), np.rint(passing), passing), number


def garwood(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of the interval of the mean of a Poisson distribution.

    Garwood, Biometrika 28 (1936) 437. The upper end of 0 events is 1.84.
    """
    counts = np.asarray(counts, dtype=float)
    low = gammaincinv(np.where(counts > 0, counts, 1), BELOW)
    return np.where(counts > 0, low, 0), gammaincinv(counts + 1, ABOVE)


def ratio(passed: np.ndarray, total: np.ndarray) -> np.ndarray:
    """`passed / total`; NaN where total is 0."""
    passed, total = np.asarray(passed, dtype=float), np.asarray(total, dtype=float)
    return np.divide(passed, total, out=np.full(np.shape(total), np.nan), where=total > 0)


def percentile_interval(samples: np.ndarray) -> tuple[float, float]:
    """Central interval of bootstrap samples, shape (resamplings,)."""
    low, high = np.quantile(samples, [BELOW, ABOVE])
    return float(low), float(high)


def jeffreys(passed: float, total: float) -> tuple[float, float]:
    """Interval of a fraction whose numbers of events need not be whole; `total` is above 0.

    Quantiles of the beta distribution (k + 1/2, n - k + 1/2), but down to 0 where nothing has
    passed and up to 1 where everything has (Brown, Cai and DasGupta, Stat. Sci. 16 (2001) 101). It
    always holds the fraction itself.
    """
    low, high = betaincinv(passed + 0.5, max(total - passed, 0) + 0.5, [BELOW, ABOVE])
    low, high = 0 if passed <= 0 else low, 1 if passed >= total else high
    return min(float(low), passed / total), max(float(high), passed / total)


def paired_difference(gained: float, lost: float, total: float) -> tuple[float, float]:
    """Interval of a change of a fraction, of events that pass now or did before.

    gained: events that pass only now; lost: those that passed only before; total: all events, above
    0. Half an event is added to each number of changed events, as Agresti and Min, Stat. Med. 24
    (2005) 729, add z^2 / 2 for an interval of z standard errors; so it has a width where none has
    changed. The interval always holds the change itself.
    """
    new, old = (gained + 0.5) / (total + 1), (lost + 0.5) / (total + 1)
    error = np.sqrt((new + old - (new - old) ** 2) / (total + 1))
    change = (gained - lost) / total
    return min(float(new - old - error), change), max(float(new - old + error), change)


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


def resampled_chunks(
    group: np.ndarray, resamplings: int, generator: np.random.Generator
) -> Iterator[np.ndarray]:
    """`resampled_weights` in parts of at most `CHUNK` weights, or one row, at a time."""
    rows = max(1, CHUNK // len(group))
    for start in range(0, resamplings, rows):
        yield resampled_weights(group, min(rows, resamplings - start), generator)


def mean_interval(
    passed: np.ndarray, total: np.ndarray, draws: int = 20_000
) -> tuple[float, float]:
    """Interval of the mean of several independent fractions `passed / total`, shape (groups,).

    Each fraction has Jeffreys' distribution, beta (k + 1/2, n - k + 1/2), and their mean is drawn;
    it has a width where nothing, or everything, has passed (Brown, Cai and DasGupta, Stat. Sci. 16
    (2001) 101). The interval always holds the mean of the fractions themselves.
    """
    generator = np.random.default_rng(0)
    parts = [
        generator.beta(k + 0.5, n - k + 0.5, draws) for k, n in zip(passed, total, strict=True)
    ]
    low, high = percentile_interval(np.mean(parts, axis=0))
    value = float(np.mean(ratio(passed, total)))
    return min(low, value), max(high, value)
