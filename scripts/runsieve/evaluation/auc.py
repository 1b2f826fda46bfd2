"""Area under the ROC curve with an interval that holds near 1, where a bootstrap has no width."""

import numpy as np

from runsieve.evaluation.bisection import bisected
from runsieve.evaluation.delong import Area, area_of
from runsieve.evaluation.predictions import Predictions

PRIOR = 2.0  # misordered events that the Hanley-McNeil variance counts for


def area(events: Predictions) -> Area:
    """Area of weighted events, with what is needed for its error; see `area_of`."""
    return area_of(events.true, events.probability, events.weight)


def auc_interval(events: Predictions) -> tuple[float, float, float]:
    """The area and the ends of its interval; every class must have events.

    Two classes: the area of the signal; more: the mean over each class against the rest. The ends
    solve (found - A)^2 = k V(A), with the variance V of Hanley and McNeil (Radiology 143 (1982) 29)
    as in method 5 of Newcombe (Stat. Med. 25 (2006) 559). The factor k makes the variance at the
    value found that of DeLong, as far as there are misordered events to measure it with:
    k = (u V_DeLong / V(found) + 2) / (u + 2), where u is the smaller of the numbers of signal
    events with an event of another class above them and of others with a signal event below.
    """
    found = area(events)
    sizes, misordered = [], []
    for index in events.signal_classes:
        signal, score = events.true == index, events.probability[:, index]
        sizes += [_effective(events.weight[signal]), _effective(events.weight[~signal])]
        above = np.count_nonzero(score[signal] <= score[~signal].max())
        below = np.count_nonzero(score[~signal] >= score[signal].min())
        misordered.append(min(above, below))
    # With several classes, the smallest class against its rest: fewest events, widest interval.
    place = 2 * int(np.argmin(sizes[::2]))
    first, second, count = sizes[place], sizes[place + 1], min(misordered)
    factor = 1.0
    expected = _variance(found.value, first, second)
    if count and expected > 0 and np.isfinite(found.variance):
        ratio = found.variance / expected
        factor = (count * ratio + PRIOR) / (count + PRIOR)
    low, high = _solved(found.value, lambda value: factor * _variance(value, first, second))
    return found.value, low, high


def _variance(area: float, first: float, second: float) -> float:
    """Of an area, for numbers of signal and other events (Hanley and McNeil, equation 2)."""
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    spread = (first - 1) * (one - area**2) + (second - 1) * (two - area**2)
    return (area * (1 - area) + spread) / (first * second)


def _solved(value: float, variance) -> tuple[float, float]:
    def distance(area: float) -> float:
        return (value - area) ** 2 - variance(area)

    low = 0.0 if value <= 0 else bisected(distance, 0.0, value - 1e-12)
    high = 1.0 if value >= 1 else bisected(distance, value + 1e-12, 1.0)
    return low, high


def _effective(weight: np.ndarray) -> float:
    return float(weight.sum() ** 2 / (weight**2).sum())
