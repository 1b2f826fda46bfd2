"""Results by run and by channel."""

import numpy as np
import pandas as pd

from runsieve.evaluation.auc import auc_interval
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.p_values import homogeneity
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import clopper_pearson, effective_counts, ratio

COLUMNS = (
    "working_point", "threshold", "by", "group", "class", "events", "passed", "efficiency",
    "efficiency_low", "efficiency_high", "p_homogeneity", "auc", "auc_low", "auc_high",
)  # fmt: skip


def grouped(evaluated: Evaluated) -> pd.DataFrame:
    """`group_table` by run, then by channel, at each working point; columns are `COLUMNS`.

    auc: of all classes in the group, blank unless each has events, with a 68.27 % interval. Without
    rows where the events name neither run nor channel.
    """
    test = evaluated.test
    tables = []
    for by, group in (("run", test.run), ("channel", test.channel)):
        if group is not None:
            areas = group_areas(test, group)
            tables += [
                group_table(test, one, group, by).merge(areas, how="left", on="group")
                for one in evaluated.defined
            ]
    if not tables:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def group_table(test: Predictions, decision: Decision, group: np.ndarray, by: str) -> pd.DataFrame:
    """One row per group and class with events.

    group: run or channel of each event, shape (events,); by: what it is. events, passed: counts,
    of all and of those that `decision` assigns to their true class; efficiency: the weighted
    fraction of the latter, with a 68.27 % Clopper-Pearson interval; p_homogeneity: of counts that
    differ as much between the groups of a class by chance (`homogeneity`); threshold: with folds,
    the mean of theirs.
    """
    passed = decision.passed(test)
    numbers, place = np.unique(group, return_inverse=True)
    size = len(test.classes)
    cell = place * size + test.true
    k, n = effective_counts(passed, test.weight, cell, len(numbers) * size)
    low, high = clopper_pearson(k, n)
    table = pd.DataFrame(
        {
            "working_point": decision.name,
            "threshold": [decision.threshold(label) for label in range(size)] * len(numbers),
            "by": by,
            "group": np.repeat(numbers, size),
            "class": list(test.classes) * len(numbers),
            "events": np.bincount(cell, minlength=len(n)),
            "passed": np.bincount(cell[passed], minlength=len(n)),
            "efficiency": ratio(k, n),
            "efficiency_low": low,
            "efficiency_high": high,
        }
    )
    chances = {
        name: homogeneity(part["passed"].to_numpy(), part["events"].to_numpy())
        for name, part in table.groupby("class", sort=False)
    }
    table["p_homogeneity"] = table["class"].map(chances)
    return table[table["events"] > 0].reset_index(drop=True)


def group_areas(test: Predictions, group: np.ndarray) -> pd.DataFrame:
    """AUC with its interval of each group that has events of all classes; by column `group`."""
    rows = []
    for number in np.unique(group):
        part = test.where(group == number)
        if len(np.unique(part.true)) == len(test.classes):
            rows.append((number, *auc_interval(part)))
    columns = ["group", "auc", "auc_low", "auc_high"]
    return pd.DataFrame(rows, columns=columns).astype({"group": group.dtype})
