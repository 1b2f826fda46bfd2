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
    from sklearn.metrics import roc_curve  # takes longer to import than most tables to compute

    parts = []
    for index in predictions.signal_classes:
        signal = predictions.true == index
        accepted, kept, threshold = roc_curve(
            signal, predictions.probability[:, index], sample_weight=predictions.weight
        )
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
