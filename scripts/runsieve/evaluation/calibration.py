"""Calibration: whether a predicted probability is the fraction of events that turn out so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chndtr, ndtr

from runsieve.evaluation.bisection import bisected
from runsieve.evaluation.predictions import Predictions
from runsieve.intervals import LEVEL, clopper_pearson, ratio

BINS = 10
SMALLEST_VARIANCE = 1e-12
NORMAL = 1e4  # noncentrality from which chi-squared is as good as normal


@dataclass(frozen=True)
class _Binned:
    """Events of one class against the rest in bins of its probability; arrays of shape (bins,).

    edges: shape (bins + 1,); place: bin of each event, shape (events,); weight, squares: sums of
    the weights and of their squares; predicted, observed: weighted means of the probability and of
    being of the class; variance: of `observed` if the probabilities are right.
    """

    edges: np.ndarray
    place: np.ndarray
    weight: np.ndarray
    squares: np.ndarray
    predicted: np.ndarray
    observed: np.ndarray
    variance: np.ndarray

    @property
    def effective(self) -> np.ndarray:
        """Effective number of events, (sum w)^2 / sum w^2 (Kish, Survey Sampling, 1965)."""
        return self.weight**2 / self.squares


def reliability_table(test: Predictions, bins: int = BINS) -> pd.DataFrame:
    """Predicted and observed fraction of a class in bins of its predicted probability.

    The signal of two classes, or each class against the rest of more. Columns: class, low, high
    (edges; a bin includes its lower one, the last bin both), k, n, predicted (mean), observed
    (k / n), observed_low, observed_high (68.27 % Clopper-Pearson). Events count with their weights;
    where these differ, n is the effective number of events.

    Bins hold equal numbers of events, so that all points have similar intervals: scores pile up
    near 0 and 1, where equal widths would hide most events in two bins and leave others empty.
    Equal probabilities are never divided, so that ties can leave fewer bins than `bins`.
    """
    parts = []
    for index in test.signal_classes:
        binned = _binned(test, index, bins)
        n = binned.effective
        k = binned.observed * n
        low, high = clopper_pearson(k, n)
        parts.append(
            pd.DataFrame(
                {
                    "class": test.classes[index],
                    "low": binned.edges[:-1],
                    "high": binned.edges[1:],
                    "k": k,
                    "n": n,
                    "predicted": binned.predicted,
                    "observed": ratio(k, n),
                    "observed_low": low,
                    "observed_high": high,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def calibration_error(test: Predictions, bins: int = BINS) -> dict[str, Any]:
    """Root mean square of predicted minus true fraction, in bins of the predicted probability.

    Bins, classes and weights as in `reliability_table`; of more than two classes, the mean of the
    squares over the classes (marginal calibration error of Kumar, Liang and Ma, NeurIPS 32 (2019)).
    Differences within a bin are not seen. Squares, because their bias is known: the mean square of
    the observed differences exceeds that of the true ones by the binomial variance, whatever the
    true ones are. It is subtracted (Bröcker, Q. J. R. Meteorol. Soc. 138 (2012) 1873; Ferro and
    Fricker, ibid. 1954). The bias of the mean absolute difference depends on the unknown true ones.

    Returns value, low, high and interval. The interval contains all errors for which the observed
    mean square is within its central 68.27 %. Its distribution is a scaled noncentral chi-squared
    one with the right mean and variance (Satterthwaite, Biometrics Bulletin 2 (1946) 110). An error
    is never negative, hence the interval of perfectly calibrated probabilities includes 0 in 84 %
    of cases; it is short where they agree better than expected by chance, and it always reaches
    the rate that no failure among these events cannot exclude. Simulated coverage is 68 +- 2 %
    from 200 events on with two classes, and from 1000 with three (64 % with 200).
    """
    parts = [_binned(test, index, bins) for index in test.signal_classes]
    square = _MeanSquare.of(test, parts)
    value, low, high = square.error()
    events = test.weight.sum() ** 2 / (test.weight**2).sum()
    unseen = float(clopper_pearson(0, events)[1])
    return {"value": value, "low": low, "high": max(high, unseen), "interval": "chi-squared"}


@dataclass(frozen=True)
class _MeanSquare:
    """Mean square of the differences over bins and classes; arrays of shape (n,).

    share: weight of each bin in the mean, their sum is 1; direction: observed differences scaled to
    a mean square of 1; correlation: of the differences, shape (n, n); scale: squared weights over
    the square of their sum; within: the part of the variance that is due to different
    probabilities within a bin.
    """

    observed: float
    share: np.ndarray
    predicted: np.ndarray
    direction: np.ndarray
    correlation: np.ndarray
    scale: np.ndarray
    within: np.ndarray

    @classmethod
    def of(cls, test: Predictions, parts: list[_Binned]) -> "_MeanSquare":
        """The mean square of binned events; `parts`: each class with a curve."""

        def joined(name: str) -> np.ndarray:
            return np.concatenate([getattr(part, name) for part in parts])

        share = joined("weight") / joined("weight").sum()
        predicted, variance = joined("predicted"), joined("variance")
        difference = joined("observed") - predicted
        observed = float(share @ difference**2)
        # Without any difference, one in proportion to the errors.
        shape = difference if observed > 0 else np.sqrt(variance + SMALLEST_VARIANCE)
        scale = joined("squares") / joined("weight") ** 2
        return cls(
            observed,
            share,
            predicted,
            shape / np.sqrt(share @ shape**2),
            _correlation(test, parts),
            scale,
            variance - scale * predicted * (1 - predicted),
        )

    def error(self) -> tuple[float, float, float]:
        """Root mean square of the true differences: value, low, high."""
        below, above = (1 - LEVEL) / 2, (1 + LEVEL) / 2
        expected = self._moments(0.0)[0]
        value = low = 0.0
        if expected < self.observed:
            value = _root(lambda error: self.observed - self._moments(error)[0])
        if self._probability(self.observed, 0.0) > above:
            low = _root(lambda error: self._probability(self.observed, error) - above)
        high = _root(lambda error: self._probability(self.observed, error) - below)
        return value, low, high

    def _moments(self, error: float) -> tuple[float, float, float]:
        """Mean of the mean square if the true error is `error`, its part by chance, variance."""
        true = error * self.direction
        fraction = np.clip(self.predicted + true, 0, 1)
        variance = self.scale * fraction * (1 - fraction) + self.within
        spread = np.sqrt(np.maximum(variance, SMALLEST_VARIANCE))
        chance = float(self.share @ spread**2)
        # Of a quadratic form of normal variables, whose covariance is the correlation times both
        # spreads: 2 tr(A C A C) + 4 m A C A m, where A are the shares and m the true differences.
        chances, slopes = self.share * spread**2, self.share * spread * true
        variance = 2 * chances @ self.correlation**2 @ chances
        variance += 4 * slopes @ self.correlation @ slopes
        return chance + error**2, chance, float(variance)

    def _probability(self, observed: float, error: float) -> float:
        """Probability of a mean square below `observed` if the true error is `error`."""
        mean, chance, variance = self._moments(error)
        unit = variance / (2 * (2 * mean - chance))
        if error**2 > NORMAL * unit:
            return float(ndtr((observed - mean) / np.sqrt(variance)))
        return float(chndtr(observed / unit, chance / unit, error**2 / unit))


def _root(decreasing: Callable[[float], float]) -> float:
    """Where a decreasing function of the error is zero, between 0 and 1, the largest error."""
    if decreasing(0.0) <= 0:
        return 0.0
    high = 0.01
    while decreasing(high) > 0:
        if high >= 1:
            return 1.0
        high = min(2 * high, 1.0)
    return bisected(decreasing, 0.0, high)


def _binned(test: Predictions, index: int, bins: int) -> _Binned:
    probability, weights = test.probability[:, index], test.weight
    inner = np.quantile(probability, np.arange(1, bins) / bins, method="higher")
    inner = np.unique(inner[inner > probability.min()])
    place = np.searchsorted(inner, probability, side="right")

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(place, values, minlength=len(inner) + 1)

    weight = total(weights)
    return _Binned(
        np.concatenate([[0.0], inner, [1.0]]),
        place,
        weight,
        total(weights**2),
        total(weights * probability) / weight,
        total(weights * (test.true == index)) / weight,
        total(weights**2 * probability * (1 - probability)) / weight**2,
    )


def _correlation(test: Predictions, parts: list[_Binned]) -> np.ndarray:
    """Correlation of the observed fractions of all bins of all classes, shape (n, n).

    An event of one class is not of another, so bins of different classes are anticorrelated by
    the events that are in both; bins of one class are independent.
    """
    starts = np.cumsum([0, *(len(part.weight) for part in parts)])
    correlation = np.eye(starts[-1])
    for one, first in enumerate(parts):
        for two, second in enumerate(parts[:one]):
            size = len(first.weight), len(second.weight)
            product = -(test.weight**2) * test.probability[:, one] * test.probability[:, two]
            both = np.bincount(first.place * size[1] + second.place, product, size[0] * size[1])
            covariance = both.reshape(size) / np.outer(first.weight, second.weight)
            error = np.sqrt(np.outer(first.variance, second.variance))
            block = np.divide(covariance, error, out=np.zeros(size), where=error > 0)
            rows, columns = slice(starts[one], starts[one + 1]), slice(starts[two], starts[two + 1])
            correlation[rows, columns], correlation[columns, rows] = block, block.T
    return correlation
