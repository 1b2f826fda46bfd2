"""What was selected, and what it is in truth, counted one step and one bin at a time."""

import numpy as np
import pandas as pd

from helpers.recount.scored import Scored
from helpers.recount.statistics import clopper_pearson, named


def purity(scored: Scored, events: pd.DataFrame, by_class: dict) -> pd.DataFrame:
    """events: of the sample, with their process; scored: for the classes and bins."""
    listed = {number: name for name, numbers in by_class.items() for number in numbers}
    (others,) = (name for name, numbers in by_class.items() if not numbers)
    truth = events["process"].map(lambda number: listed.get(number, others))
    whole = [(np.nan, np.nan)]
    rows = []
    for name in scored.classes:
        for low, high in (scored.bins() if scored.variable else []) + whole:
            mine = events[(events["class"] == name) & scored.inside(events, low, high)]
            for of in scored.classes:
                for number in [*sorted(events["process"][truth == of].unique()), "all"]:
                    is_it = truth[mine.index] == of
                    count = int((is_it if number == "all" else mine["process"] == number).sum())
                    part = count / len(mine) if len(mine) else np.nan
                    rows.append(
                        {
                            "class": name,
                            "truth": of,
                            "process": str(number),
                            "low": low,
                            "high": high,
                            "total": len(mine),
                            "events": count,
                            **named("fraction", [part, *clopper_pearson(count, len(mine))]),
                        }
                    )
    return pd.DataFrame(rows)


def pooled_cutflow(flow: pd.DataFrame, classes: list[str]) -> pd.DataFrame:
    """flow: of all runs and channels, in the order of the steps."""
    rows = []
    for name in classes:
        mine = flow[flow["class"] == name]
        for step in mine["step"].unique():
            row = {"class": name, "step": step}
            row["cut"] = mine.loc[mine["step"] == step, "cut"].iloc[0]
            row |= dict.fromkeys(("passed", "passed_alone", "passed_others"), 0)
            before = selected = 0
            for _, part in mine.groupby(["run", "channel"]):
                steps = part["step"].tolist()
                if step not in steps:
                    continue
                place = steps.index(step)
                for count in ("passed", "passed_alone", "passed_others"):
                    row[count] += part[count].iloc[place]
                before += part["passed"].iloc[place - 1] if place else 0
                selected += part["passed"].iloc[-1]
            for column, k, n in (
                ("efficiency", row["passed"], before),
                ("efficiency_n_1", selected, row["passed_others"]),
            ):
                blank = step == "all" or n == 0
                values = [np.nan] * 3 if blank else [k / n, *clopper_pearson(k, n)]
                row |= named(column, [100 * value for value in values])
            rows.append(row)
    return pd.DataFrame(rows)
