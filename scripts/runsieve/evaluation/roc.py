"""Receiver operating characteristic: what each threshold keeps and what it rejects."""

import numpy as np
import pandas as pd
from sklearn.metrics import roc_curve

from runsieve.evaluation.predictions import Predictions


def signal_classes(predictions: Predictions) -> list[int]:
    """Indices of the classes with a curve: the signal of two classes, or every one of more."""
    return [0] if predictions.binary else list(range(len(predictions.classes)))


def roc_table(predictions: Predictions) -> pd.DataFrame:
    """Curve of each signal class against the rest.

    Columns: class, threshold, signal_efficiency, background_rejection. The first point of a curve
    (nothing kept) has an infinite threshold.
    """
    parts = []
    for index in signal_classes(predictions):
        accepted, kept, threshold = roc_curve(
            predictions.true == index,
            predictions.probability[:, index],
            sample_weight=predictions.weight,
        )
        parts.append(
            pd.DataFrame(
                {
                    "class": predictions.classes[index],
                    "threshold": threshold,
                    "signal_efficiency": kept,
                    "background_rejection": 1 - accepted,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def weighted_auc(signal: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Area under the curve for each row of weights: the Mann-Whitney statistic, ties count half.

    signal: bool, shape (events,); score: shape (events,); weights: counts, shape (rows, events).
    Returns shape (rows,). Mann and Whitney, Ann. Math. Stat. 18 (1947) 50.
    """
    order = np.argsort(score, kind="stable")
    first = np.flatnonzero(np.diff(score[order], prepend=-np.inf) > 0)
    signal = signal[order]
    weights = weights[:, order].astype(float)
    ours = np.add.reduceat(weights * signal, first, axis=1)
    others = np.add.reduceat(weights * ~signal, first, axis=1)
    below = np.cumsum(others, axis=1) - others / 2
    return (ours * below).sum(axis=1) / (ours.sum(axis=1) * others.sum(axis=1))


def mean_auc(predictions: Predictions, weights: np.ndarray) -> np.ndarray:
    """Area under the curve for each row of weights; with more than two classes, their mean.

    The mean is over each class against the rest (scikit-learn: macro, `ovr`). Shape (rows,).
    """
    areas = [
        weighted_auc(predictions.true == index, predictions.probability[:, index], weights)
        for index in signal_classes(predictions)
    ]
    return np.mean(areas, axis=0)
