"""Statistics of the selected events: numbers per run, class and channel, and the cut flow."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.intervals import clopper_pearson, ratio

ALL = "all"
COUNTS = ["passed", "passed_alone", "passed_others"]
CUTFLOW = ["run", "channel", "class", "step", "cut", *COUNTS]


def count_events(cutflow: pd.DataFrame) -> pd.DataFrame:
    """Selected events per run, class and channel; columns run, class, channel, events.

    They are those that pass the last step: the event lists, which can be large, are not read.
    """
    keys = ["run", "class", "channel"]
    selected = cutflow.astype({"class": str}).groupby(keys)["passed"].last()
    return selected.rename("events").reset_index()


def read_cutflows(paths: Sequence[str | Path]) -> pd.DataFrame:
    """Cut flows of all runs in one table with the columns `CUTFLOW`; see `CutFlow`."""
    parts = []
    for path in paths:
        part = pd.read_csv(path, keep_default_na=False)
        missing = [name for name in CUTFLOW if name not in part]
        if missing:
            raise RunsieveError(
                f"{path}: column {missing[0]!r} is missing; found {', '.join(part.columns)}"
            )
        parts.append(part[CUTFLOW])
    return pd.concat(parts, ignore_index=True)


def class_ratios(statistics: pd.DataFrame, classes: Sequence[str]) -> pd.DataFrame:
    """Events per class and channel, and the fraction of the first class in percent with interval.

    With several channels, the last row, `all`, is their sum.
    """
    counts = statistics.pivot_table(
        index="channel", columns="class", values="events", aggfunc="sum", fill_value=0
    )
    counts = counts.reindex(columns=list(classes), fill_value=0).astype(int)
    if len(counts) > 1:
        counts.loc[ALL] = counts.sum()
    total = counts.sum(axis=1)
    low, high = clopper_pearson(counts[classes[0]], total)
    table = counts.assign(
        total=total,
        ratio_percent=100 * ratio(counts[classes[0]], total),
        ratio_low=100 * low,
        ratio_high=100 * high,
    )
    return table.rename_axis(columns=None).reset_index()


def pooled_cutflow(cutflow: pd.DataFrame, classes: Sequence[str]) -> pd.DataFrame:
    """The cut flow summed over runs and channels: one row per class and step, in order.

    Columns class, step, cut (as in the configuration), and the sums of passed, passed_alone and
    passed_others. The efficiency of a step is the fraction of the entries before it that pass it;
    the N-1 efficiency is the fraction of the entries that pass all other steps that pass it, too.
    Both are in percent, with intervals, and blank for the step `all`. Runs without a step do not
    count in its efficiencies.
    """
    flows = cutflow.groupby(["run", "channel", "class"], sort=False)["passed"]
    parts = cutflow.assign(before=flows.shift(1, fill_value=0), selected=flows.transform("last"))
    sums = {"cut": "first", **dict.fromkeys([*COUNTS, "before", "selected"], "sum")}
    pooled = parts.groupby(["class", "step"], sort=False).agg(sums).reset_index()
    order = pooled["class"].map({name: place for place, name in enumerate(classes)})
    pooled = pooled.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    is_cut = pooled["step"] != ALL
    for name, passed, total in (
        ("efficiency", "passed", "before"),
        ("efficiency_n_1", "selected", "passed_others"),
    ):
        of = pooled[total].where(is_cut, 0)
        low, high = clopper_pearson(pooled[passed].where(is_cut, 0), of)
        pooled[name] = 100 * ratio(pooled[passed], of)
        pooled[f"{name}_low"], pooled[f"{name}_high"] = 100 * low, 100 * high
    return pooled.drop(columns=["before", "selected"])
