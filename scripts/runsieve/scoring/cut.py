"""The cut at the working point to quote: what scored runs keep, and how efficient it is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint, headline
from runsieve.evaluation.efficiency import efficiency_table
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision, decisions
from runsieve.scoring.branches import Branches


@dataclass(frozen=True)
class Cut:
    """A working point, and how tables of scored runs name what it keeps.

    columns: by class that is kept, the column that says whether an event passes: of two classes
    the signal, of more each one against the rest
    """

    decision: Decision
    columns: Mapping[str, str]

    @property
    def thresholds(self) -> dict[str, float]:
        """Threshold by class that is kept; NaN where validation has no event to choose it on."""
        return {name: self.decision.threshold(at) for at, name in enumerate(self.columns)}


def headline_cut(points: Mapping[str, WorkingPoint], predictions: Predictions) -> Cut:
    """The cut at the working point to quote, with the thresholds that the runs were scored with."""
    name = headline({name: one.kind for name, one in points.items()})
    chosen = decisions({name: points[name]}, predictions)
    classes = predictions.classes
    passing = Branches({}, classes, chosen).passing
    columns = {classes[place]: column for column, (_, place) in passing.items()}
    return Cut(chosen[-1], columns)


def efficiencies(cut: Cut, predictions: Predictions, report: Report) -> pd.DataFrame:
    """Efficiency of each class that is kept, per bin, from the test events.

    Columns class, bin (counted from 0), efficiency_events, and efficiency with its ends, which are
    those of `efficiency_table`.
    """
    test = predictions.part("test")
    table = efficiency_table(test, cut.decision, report.binned, report.bin_edges)
    bins = len(table) // len(predictions.classes)
    table = table.assign(bin=np.tile(np.arange(bins), len(predictions.classes)))
    table = table[table["class"].isin(cut.columns)].rename(columns={"total": "efficiency_events"})
    wanted = ["class", "bin", "efficiency_events"]
    return table[[*wanted, "efficiency", "efficiency_low", "efficiency_high"]]
