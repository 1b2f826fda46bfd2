"""Efficiency and histogram of the score, in bins of a variable."""

import numpy as np
import pandas as pd

from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import clopper_pearson, effective_counts, ratio


def score_columns(bins: int) -> list[str]:
    """Names of the histogram columns: the lower edge of each of `bins` bins between 0 and 1."""
    digits = 2 if 100 % bins == 0 else 4
    return [f"score_{edge:.{digits}f}" for edge in np.arange(bins) / bins]


def efficiency_table(
    predictions: Predictions,
    decision: Decision,
    variable: str | None,
    edges: np.ndarray | None,
) -> pd.DataFrame:
    """One row per class and bin: total, passed, and efficiency with interval.

    Passed events are assigned to their true class by `decision`, which the columns working_point
    and threshold name (with folds, the mean of their thresholds). others, others_passed, left:
    events of the other classes in the bin, those of them that are taken for this class, and their
    fraction with interval. Fractions are weighted. Bins include their lower edge, the last one also
    its upper edge. Events outside the edges are not counted (see `outside`). Without variable or
    edges there is one row per class, with blank low and high.
    """
    table, place = _bins_of_classes(predictions, variable, edges)
    correct = decision.passed(predictions)
    k, n = effective_counts(correct, predictions.weight, place, len(table))
    low, high = clopper_pearson(k, n)
    names = {name: index for index, name in enumerate(predictions.classes)}
    thresholds = [decision.threshold(names[name]) for name in table["class"]]
    table.insert(0, "working_point", decision.name)
    table.insert(1, "threshold", thresholds)
    table = table.assign(
        total=_counts(place, len(table)),
        passed=_counts(place[correct], len(table)),
        efficiency=ratio(k, n),
        efficiency_low=low,
        efficiency_high=high,
    )
    return pd.concat([table, _others(predictions, decision, place, len(table))], axis=1)


def _others(
    predictions: Predictions, decision: Decision, place: np.ndarray, rows: int
) -> pd.DataFrame:
    """The columns of `efficiency_table` from `others` on; place: the row of each event, or -1."""
    bins = rows // len(predictions.classes)
    parts = []
    for label in range(len(predictions.classes)):
        other = np.where((place >= 0) & (predictions.true != label), place % bins, -1)
        taken = decision.accepted(predictions, label)
        k, n = effective_counts(taken, predictions.weight, other, bins)
        low, high = clopper_pearson(k, n)
        counts = {"others": _counts(other, bins), "others_passed": _counts(other[taken], bins)}
        parts.append(
            pd.DataFrame(counts | {"left": ratio(k, n), "left_low": low, "left_high": high})
        )
    return pd.concat(parts, ignore_index=True)


def score_histogram(
    predictions: Predictions,
    variable: str | None,
    edges: np.ndarray | None,
    score_bins: int = 20,
) -> pd.DataFrame:
    """One row per class and bin: total, and the number of events in each bin of the score.

    The score is the probability of the signal (two classes) or of the true class (more).
    """
    table, place = _bins_of_classes(predictions, variable, edges)
    score = np.minimum((predictions.score * score_bins).astype(int), score_bins - 1)
    histogram = np.zeros((len(table), score_bins), dtype=int)
    inside = place >= 0
    np.add.at(histogram, (place[inside], score[inside]), 1)
    counts = pd.DataFrame(histogram, columns=score_columns(score_bins))
    return pd.concat([table.assign(total=histogram.sum(axis=1)), counts], axis=1)


def _bins_of_classes(
    predictions: Predictions, variable: str | None, edges: np.ndarray | None
) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows class, variable, low, high; and the row of each event, -1 outside the edges."""
    if variable is None or edges is None:
        variable, edges = None, np.array([np.nan, np.nan])
        place = np.zeros(len(predictions), dtype=int)
    else:
        place = bin_of(predictions.value, edges)
    bins, classes = len(edges) - 1, len(predictions.classes)
    table = pd.DataFrame(
        {
            "class": np.repeat(predictions.classes, bins),
            "variable": variable,
            "low": np.tile(edges[:-1], classes),
            "high": np.tile(edges[1:], classes),
        }
    )
    return table, np.where(place >= 0, predictions.true * bins + place, -1)


def _counts(place: np.ndarray, rows: int) -> np.ndarray:
    return np.bincount(place[place >= 0], minlength=rows)


def outside(predictions: Predictions, edges: np.ndarray | None) -> dict[str, int]:
    """Number of events of each class whose variable is outside the edges or NaN."""
    if predictions.value is None or edges is None:
        return {}
    missing = predictions.true[bin_of(predictions.value, edges) < 0]
    counts = np.bincount(missing, minlength=len(predictions.classes))
    return dict(zip(predictions.classes, counts.tolist(), strict=True))


def bin_of(value: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Index of the bin of each value, shape (events,); -1 outside the edges and for NaN."""
    place = np.searchsorted(edges, value, side="right") - 1
    place[value == edges[-1]] = len(edges) - 2
    return np.where((value >= edges[0]) & (value <= edges[-1]), place, -1)
