"""Confusion matrix, and the precision and recall that follow for each class."""

import numpy as np
import pandas as pd

from runsieve.evaluation.predictions import Predictions
from runsieve.intervals import clopper_pearson, ratio

WEIGHTED_AVERAGE = "weighted average"


def confusion_matrix(predictions: Predictions) -> pd.DataFrame:
    """Counts: true classes in rows (index `true_class`), predicted classes in columns."""
    size = len(predictions.classes)
    counts = np.bincount(predictions.true * size + predictions.predicted, minlength=size * size)
    index = pd.Index(predictions.classes, name="true_class")
    return pd.DataFrame(counts.reshape(size, size), index=index, columns=predictions.classes)


def class_report(matrix: pd.DataFrame) -> pd.DataFrame:
    """Precision, recall, F1 and support of each class, and their average weighted by support.

    The precision of a class that is never predicted is NaN, and so is the average.
    """
    counts = matrix.to_numpy()
    hit, predicted, support = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    precision_low, precision_high = clopper_pearson(hit, predicted)
    recall_low, recall_high = clopper_pearson(hit, support)
    report = pd.DataFrame(
        {
            "class": matrix.index,
            "precision": ratio(hit, predicted),
            "precision_low": precision_low,
            "precision_high": precision_high,
            "recall": ratio(hit, support),
            "recall_low": recall_low,
            "recall_high": recall_high,
            "f1": ratio(2 * hit, predicted + support),
            "support": support,
        }
    )
    average = {"class": WEIGHTED_AVERAGE, "support": support.sum()}
    for name in ("precision", "recall", "f1"):
        average[name] = float(ratio((report[name] * support).sum(skipna=False), support.sum()))
    return pd.concat([report, pd.DataFrame([average])], ignore_index=True)
