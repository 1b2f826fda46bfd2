"""Receiver operating characteristic: what each threshold keeps and what it rejects."""

import numpy as np
import pandas as pd

from runsieve.evaluation.predictions import Predictions
from runsieve.intervals import clopper_pearson


def roc_table(predictions: Predictions) -> pd.DataFrame:
    """Curve of each signal class against the rest.

    Columns: class, threshold, signal_efficiency, background_rejection, and the interval of the
    latter (`rejection_band`). The first point of a curve (nothing kept) has an infinite threshold.
    """
    parts = []
    for index in predictions.signal_classes:
        signal = predictions.true == index
        score = predictions.probability[:, index]
        threshold, kept, accepted = roc_points(signal, score, predictions.weight)
        numbers = (_effective(predictions.weight[some]) for some in (signal, ~signal))
        low, high = rejection_band(kept, 1 - accepted, *numbers)
        parts.append(
            pd.DataFrame(
                {
                    "class": predictions.classes[index],
                    "threshold": threshold,
                    "signal_efficiency": kept,
                    "background_rejection": 1 - accepted,
                    "background_rejection_low": low,
                    "background_rejection_high": high,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def roc_points(
    signal: np.ndarray, score: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Threshold, and fractions of signal and of the others from it on, each of shape (points,).

    signal: bool, score, weight: float, of shape (events,). One point per distinct score, but for
    those on the line between their neighbours, after one that keeps nothing. The same points as
    those of `sklearn.metrics.roc_curve`, whose import takes longer than a whole report.
    """
    order = np.argsort(-score, kind="stable")
    signal, score, weight = signal[order], score[order], weight[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    kept, accepted = (np.cumsum(weight * one)[last] for one in (signal, ~signal))
    corner = np.ones(len(last), dtype=bool)
    corner[1:-1] = (np.diff(kept, 2) != 0) | (np.diff(accepted, 2) != 0)
    kept, accepted = (np.append(0, one[corner]) / one[-1] for one in (kept, accepted))
    return np.append(np.inf, score[last][corner]), kept, accepted


def rejection_band(
    efficiency: np.ndarray, rejection: np.ndarray, signal: float, background: float
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of the rejection at the signal efficiency of each point of a curve, on its own.

    efficiency, rejection: of rising efficiency, shape (points,); signal, background: numbers of
    events. Both are binomial: a side adds, in quadrature, the end of the rejection's
    Clopper-Pearson interval and what the rejection is at the end of the efficiency's.
    """
    low, high = clopper_pearson(background * rejection, background)
    less, more = clopper_pearson(signal * efficiency, signal)
    at_less, at_more = (np.interp(ends, efficiency, rejection) for ends in (less, more))
    below = np.hypot(rejection - low, np.clip(rejection - at_more, 0, None))
    above = np.hypot(high - rejection, np.clip(at_less - rejection, 0, None))
    return np.clip(rejection - below, 0, 1), np.clip(rejection + above, 0, 1)


def _effective(weight: np.ndarray) -> float:
    """Number of events without weights that carry as much information (`effective_counts`)."""
    total = (weight**2).sum()
    return float(weight.sum() ** 2 / total) if total else 0.0
