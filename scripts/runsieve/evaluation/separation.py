"""How well classes are separated within each bin of a variable."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from runsieve.evaluation.efficiency import bin_of
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.metrics import auc, column_names, columns, factor, fraction
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision

QUANTITIES = ("auc", "rejection", "rejection_factor")
COLUMNS = ("working_point", "threshold", "class", "variable", "low", "high", "signal", "background")


def separation_table(evaluated: Evaluated) -> pd.DataFrame:
    """One row per working point, signal class and bin, from the test events.

    signal, background: numbers of events
    auc: of the class against the rest, within the bin, with the interval of `auc_interval`
    threshold: with folds, the mean of theirs
    rejection, rejection_factor: of the background in the bin at the threshold of the working point,
        which is the same in all bins
    Bins without events of both are blank. Quantities have columns QUANTITY, QUANTITY_low and
    QUANTITY_high. Without variable or edges there is one bin.
    """
    settings = evaluated.settings
    edges = np.array([np.nan, np.nan]) if settings.bin_edges is None else settings.bin_edges
    parts = _by_bin(evaluated)
    rows = []
    for index in evaluated.predictions.signal_classes:
        for part, (low, high) in zip(parts, pairwise(edges), strict=True):
            area = _area(part, index)
            for decision in evaluated.defined:
                rows.append(
                    {
                        "working_point": decision.name,
                        "threshold": decision.threshold(index),
                        "class": part.classes[index],
                        "variable": settings.binned,
                        "low": low,
                        "high": high,
                        **area,
                        **_rejection(part, index, decision),
                    }
                )
    names = [name for quantity in QUANTITIES for name in column_names(quantity)]
    table = pd.DataFrame(rows, columns=[*COLUMNS, *names])
    order = {one.name: place for place, one in enumerate(evaluated.decisions)}
    return table.sort_values("working_point", key=lambda names: names.map(order), kind="stable")


def _by_bin(evaluated: Evaluated) -> list[Predictions]:
    """Test events of each bin; all of them in one if there are no bins."""
    test, edges = evaluated.test, evaluated.settings.bin_edges
    if edges is None:
        return [test]
    place = bin_of(test.value, edges)
    return [test.where(place == number) for number in range(len(edges) - 1)]


def _area(part: Predictions, index: int) -> dict[str, Any]:
    signal = part.true == index
    counts = {"signal": int(signal.sum()), "background": int((~signal).sum())}
    if not signal.any() or signal.all():
        return counts
    return counts | columns("auc", auc(part.against_rest(index)))


def _rejection(part: Predictions, index: int, decision: Decision) -> dict[str, Any]:
    """Fraction of the other classes below the threshold; blank for the most probable class."""
    if decision.settings is None:
        return {}
    others = part.true != index
    below = part.probability[:, index] < decision.of_events(part, index)
    rejection = fraction(below[others], part.weight[others])
    return columns("rejection", rejection) | columns("rejection_factor", factor(rejection))
