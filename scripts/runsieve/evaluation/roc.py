"""Receiver operating characteristic: what each threshold keeps and what it rejects."""

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
