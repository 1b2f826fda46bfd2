"""Interval of the ratio of two binomial fractions, and of one that is known to be at most 1."""

from functools import cache

import numpy as np
from scipy.special import ndtr

from runsieve.intervals import LEVEL

STEPS = 40  # halvings of a range of length 1


def fraction_ratio_interval(
    passed: np.ndarray,
    total: np.ndarray,
    other_passed: np.ndarray,
    other_total: np.ndarray,
    at_most_one: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of (passed / total) / (other_passed / other_total), of arrays of the same shape.

    Inverted score test of two independent binomials (Koopman, Biometrics 40 (1984) 513): the counts
    are compared with the most likely fractions of each ratio. With `at_most_one` the ratio is known
    to be between 0 and 1, and near 1 the limits of the test are those of Feldman and Cousins, PRD
    57 (1998) 3873, for a Gaussian near a boundary, so that the interval is never empty. Counts may
    be effective numbers of weighted events. NaN where a total is 0; the upper end may be infinite.
    """
    counts = [np.asarray(item, dtype=float) for item in (passed, total, other_passed, other_total)]
    counts = np.broadcast_arrays(*counts)
    # The ratio is searched for as ratio / (1 + ratio), which is between 0 and 1.
    top = 0.5 if at_most_one else 1.0
    ends = []
    for side in (1, -1):
        low, high = np.zeros(counts[0].shape), np.full(counts[0].shape, top)
        for _ in range(STEPS):
            middle = (low + high) / 2
            value = middle / (1 - middle)
            statistic, error = _score(value, *counts)
            away = (1 - value) / error if at_most_one else np.full_like(value, np.inf)
            towards, back = accepted_deviations(away)
            beyond = statistic > (towards if side == 1 else -back)
            low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
        ends.append(low if side == 1 else high)
    # Where nothing is excluded, the halvings end one step short of the range.
    ends[0] = np.where(ends[0] < 2 * 0.5**STEPS, 0, ends[0])
    ends[1] = np.where(ends[1] > top - 2 * 0.5**STEPS, top, ends[1])
    with np.errstate(divide="ignore"):
        low, high = (np.where(end < 1, end / (1 - end), np.inf) for end in ends)
    defined = (counts[1] > 0) & (counts[3] > 0)
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)


def _score(
    value: np.ndarray,
    passed: np.ndarray,
    total: np.ndarray,
    other_passed: np.ndarray,
    other_total: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Standardised difference from the ratio `value`, and the standard error of the ratio there."""
    # The other fraction, most likely for this ratio, solves a p^2 - b p + c = 0.
    a = value * (total + other_total)
    b = value * (total + other_passed) + passed + other_total
    c = passed + other_passed
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = np.clip(2 * c / (b + np.sqrt(np.maximum(b * b - 4 * a * c, 0))), 0, 1)
        mine = np.minimum(value * fraction, 1)
        variance = mine * (1 - mine) / total + value**2 * fraction * (1 - fraction) / other_total
        spread = np.sqrt(variance)
        difference = passed / total - value * other_passed / other_total
        statistic = np.where(difference == 0, 0, difference / spread)
        error = np.where(variance > 0, spread / fraction, np.inf)
    return statistic, error


def accepted_deviations(distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Largest accepted deviations of an estimate from the true value, in standard deviations.

    First towards a bound that the true value cannot exceed, then away from it; `distance`: of the
    true value from the bound, in standard deviations. Both are 1 from a distance of 1 on. Gaussian
    estimates; Feldman and Cousins, PRD 57 (1998) 3873, at 68.27 %.
    """
    grid, away = _table()
    distance = np.nan_to_num(np.clip(distance, 1e-9, 2), nan=2)
    back = np.interp(distance, grid, away)
    return np.where(distance < 1, (back**2 + distance**2) / (2 * distance), 1), back


@cache
def _table() -> tuple[np.ndarray, np.ndarray]:
    """Distances to the bound (sigma), and the largest accepted deviation away from it."""
    # So fine that interpolation moves no end of an interval by 1e-5: the curve bends near 0.04.
    distance = np.linspace(1e-6, 1, 4001)
    low, high = np.zeros(len(distance)), np.ones(len(distance))
    for _ in range(STEPS):
        middle = (low + high) / 2
        above = (middle**2 + distance**2) / (2 * distance)
        enough = ndtr(np.where(distance < middle, above, middle)) - ndtr(-middle) > LEVEL
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return distance, high
