"""Areas under ROC curves with their covariance, by the method of DeLong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr


@dataclass(frozen=True)
class Area:
    """An area under the curve, or a difference or mean of such, and the events' part in its error.

    influence: how far each event moves the area, shape (events,). The products of two areas of the
    same events sum to their covariance, so that differences and means keep all correlations.
    """

    value: float
    influence: np.ndarray

    def __sub__(self, other: "Area") -> "Area":
        return Area(self.value - other.value, self.influence - other.influence)

    @property
    def variance(self) -> float:
        """Variance of the area, from the finite number of events."""
        return float(self.influence @ self.influence)

    @property
    def interval(self) -> tuple[float, float]:
        """68.27 % interval of one standard error: for differences, which have no limit nearby."""
        error = float(np.sqrt(self.variance))
        return self.value - error, self.value + error


def area_of(true: np.ndarray, probability: np.ndarray, weight: np.ndarray | None = None) -> Area:
    """Area under the curve with the influence of each event; every class must have events.

    true: index of the class of each event, shape (events,); probability: shape (events, classes);
    weight: of each event, positive, 1 if left out. Two classes: the first one is the signal. More:
    the mean over each class against the rest. Ties count half.

    The influence of an event is its structural component (E. R. DeLong et al., Biometrics 44 (1988)
    837): the fraction of opposite events that it is ranked correctly against, minus the mean of its
    class, over the number of events of the class. For two classes the variance is that of DeLong.
    For more, each event has the mean of its components, and the number of events of each class is
    fixed, as in the bootstrap. Components come from the ranks of the scores, in the time that
    sorting them takes (Sun and Xu, IEEE SPL 21 (2014) 1389). NaN where a class has a single event.
    """
    classes = probability.shape[1]
    weight = np.ones(len(true)) if weight is None else np.asarray(weight, dtype=float)
    total = np.bincount(true, weight, minlength=classes)
    signals = range(1 if classes == 2 else classes)
    parts = [_one_against_rest(true == one, probability[:, one], weight) for one in signals]
    moved = np.mean([part for _, part in parts], axis=0)
    centred = moved - (np.bincount(true, weight * moved, minlength=classes) / total)[true]
    effective = total**2 / np.bincount(true, weight**2, minlength=classes)
    several = np.bincount(true, minlength=classes) > 1  # nothing is known of the spread of one
    unbiased = np.sqrt(effective / np.where(several, effective - 1, np.nan))
    return Area(float(np.mean([value for value, _ in parts])), weight * centred * unbiased[true])


def mean_area(areas: Sequence[Area]) -> Area:
    """Mean of areas of the same events, such as those of several trainings of a model."""
    return Area(
        float(np.mean([area.value for area in areas])),
        np.mean([area.influence for area in areas], axis=0),
    )


def p_value(difference: float, error: float, events: int, freedom: float = np.inf) -> float:
    """Two-sided p-value of a difference between two models on the same events.

    error: standard error; freedom: its degrees of freedom, infinite for the normal distribution.
    NaN where the error is unknown. No p-value is below 2 / 2**events: an exact test, which swaps
    the two scores of events, has no more arrangements.
    """
    if difference == 0:
        return 1.0
    if np.isnan(error):
        return np.nan
    tail = 2 * stdtr(freedom, -abs(difference) / error) if error > 0 else 0.0
    return float(max(tail, 2.0 ** (1 - events), np.finfo(float).tiny))


def _one_against_rest(
    signal: np.ndarray, score: np.ndarray, weight: np.ndarray
) -> tuple[float, np.ndarray]:
    """Area of one class against all others, and component over weight of the class, per event."""
    _, place = np.unique(score, return_inverse=True)
    ours, others = np.bincount(place, weight * signal), np.bincount(place, weight * ~signal)
    below = (np.cumsum(others) - others / 2)[place] / others.sum()
    above = 1 - (np.cumsum(ours) - ours / 2)[place] / ours.sum()
    value = float(weight @ (signal * below)) / ours.sum()
    return value, np.where(signal, (below - value) / ours.sum(), (above - value) / others.sum())
