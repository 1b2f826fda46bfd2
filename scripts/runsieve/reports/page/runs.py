"""Runs on the page: all of a few, and of a campaign those that stand out."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from runsieve.config.ranges import run_ranges
from runsieve.reports.page.columns import STATISTICS
from runsieve.reports.page.numbers import count
from runsieve.reports.page.tables import Column, Table, table

MANY = 50  # runs, from which on the page shows a choice of them
EXTREME = 3


def runs_table(statistics: pd.DataFrame, link: str, channel: str) -> Table:
    """Selected events by run; of many runs, those that have the fewest and the most.

    statistics: run, class, channel and events; link: of their file; channel: what one is called
    """
    runs, note = statistics["run"].unique().tolist(), ""
    if len(runs) > MANY:
        ordered = statistics.sort_values("events", kind="stable").groupby(["class", "channel"])
        extreme = pd.concat([ordered.head(EXTREME), ordered.tail(EXTREME)])
        statistics = extreme[~extreme.index.duplicated()].sort_index()
        note = (
            f"Of {count(len(runs))} runs ({run_ranges(runs)}), the {EXTREME} with the fewest and "
            f"the {EXTREME} with the most events of each class and {channel}; the file has all."
        )
    columns = (*STATISTICS[:2], Column(channel, "channel"), STATISTICS[3])
    options = {"sortable": True, "note": note}
    return table("Selected events by run", link, columns, statistics, **options)


def files_of_runs(runs: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """Runs, kind, origin, file and checksum of each row of the table of files.

    runs: as in provenance.json. A row is a file; of many runs, it is a kind of run and origin.
    """
    if len(runs) <= MANY:
        for run in runs:
            for file, checksum in run["files"].items():
                yield {
                    "runs": str(run["run"]),
                    "kind": run["kind"],
                    "origin": run["origin"],
                    "file": file,
                    "checksum": checksum or "not given",
                }
        return

    def group(run: Mapping[str, Any]) -> tuple[str, str]:
        return run["kind"], run["origin"]

    for (kind, origin), some in groupby(sorted(runs, key=group), group):
        alike = list(some)
        given = [checksum for run in alike for checksum in run["files"].values()]
        files = f"{count(len(given))} files"
        with_checksum = sum(checksum is not None for checksum in given)
        yield {
            "runs": run_ranges(run["run"] for run in alike),
            "kind": kind,
            "origin": origin,
            "file": f"{files}, see provenance.json",
            "checksum": f"given for {count(with_checksum)} of {files}",
        }
