"""Statistics of the selected events: numbers per run, class and channel, and the cut flow."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.intervals import clopper_pearson, ratio

ALL = "all"


def count_events(events: Sequence[str | Path], cutflow: pd.DataFrame) -> pd.DataFrame:
    """Events per run, class and channel of event lists; columns run, class, channel, events.

    The cut flow lists all combinations; those without events count 0.
    """
    keys = ["run", "class", "channel"]
    parts = [pd.read_parquet(path, columns=keys).astype({"class": str}) for path in events]
    counts = pd.concat(parts, ignore_index=True).groupby(keys).size()
    looked_for = pd.MultiIndex.from_frame(cutflow[keys].drop_duplicates())
    counts = counts.reindex(counts.index.union(looked_for), fill_value=0)
    return counts.rename("events").reset_index()


def read_cutflows(paths: Sequence[str | Path]) -> pd.DataFrame:
    """Cut flows of all runs in one table: run, channel, class, step, cut, passed, passed_alone."""
    columns = ["run", "channel", "class", "step", "cut", "passed", "passed_alone"]
    parts = []
    for path in paths:
        part = pd.read_csv(path, keep_default_na=False)
        missing = [name for name in columns if name not in part]
        if missing:
            raise RunsieveError(
                f"{path}: column {missing[0]!r} is missing; found {', '.join(part.columns)}"
            )
        parts.append(part[columns])
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
    """The cut flow summed over runs and channels, in order: class, step, cut, passed, passed_alone.

    The cut is written as in the configuration.
    """
    sums = {"cut": "first", "passed": "sum", "passed_alone": "sum"}
    pooled = cutflow.groupby(["class", "step"], sort=False).agg(sums).reset_index()
    order = pooled["class"].map({name: place for place, name in enumerate(classes)})
    return pooled.iloc[order.argsort(kind="stable")].reset_index(drop=True)
