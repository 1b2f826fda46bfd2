"""Confusion matrix, and the precision and recall that follow for each class."""

import numpy as np
import pandas as pd

from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import clopper_pearson, effective_counts, ratio

WEIGHTED_AVERAGE = "weighted average"


def confusion_matrix(predictions: Predictions, decision: Decision) -> pd.DataFrame:
    """Counts: true classes in rows (index `true_class`), predicted classes in columns."""
    size = len(predictions.classes)
    cells = predictions.true * size + decision.assigned(predictions)
    counts = np.bincount(cells, minlength=size * size)
    index = pd.Index(predictions.classes, name="true_class")
    return pd.DataFrame(counts.reshape(size, size), index=index, columns=predictions.classes)


def class_report(predictions: Predictions, decision: Decision) -> pd.DataFrame:
    """Precision, recall, F1 and support of each class, and their average weighted by support.

    All but the support, a number of events, are weighted. The precision of a class that is never
    predicted is NaN, and so is the average.
    """
    size, weight = len(predictions.classes), predictions.weight
    assigned = decision.assigned(predictions)
    correct = assigned == predictions.true
    columns = {}
    for name, group in (("precision", assigned), ("recall", predictions.true)):
        k, n = effective_counts(correct, weight, group, size)
        low, high = clopper_pearson(k, n)
        columns |= {name: ratio(k, n), f"{name}_low": low, f"{name}_high": high}
    hit, predicted, total = (
        np.bincount(group, weight * counted, size)
        for group, counted in (
            (predictions.true, correct),
            (assigned, np.ones(len(predictions))),
            (predictions.true, np.ones(len(predictions))),
        )
    )
    report = pd.DataFrame(
        {
            "class": predictions.classes,
            **columns,
            "f1": ratio(2 * hit, predicted + total),
            "support": np.bincount(predictions.true, minlength=size),
        }
    )
    average = {"class": WEIGHTED_AVERAGE, "support": report["support"].sum()}
    for name in ("precision", "recall", "f1"):
        average[name] = float(ratio((report[name] * total).sum(skipna=False), total.sum()))
    return pd.concat([report, pd.DataFrame([average])], ignore_index=True)
