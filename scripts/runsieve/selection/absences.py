"""Runs that were left out, as the cut flows say: a file of them is missing or damaged."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from runsieve.config.ranges import run_ranges
from runsieve.config.selection import LEFT_OUT
from runsieve.errors import RunsieveError


def runs_left_out(cutflow: pd.DataFrame) -> dict[int, str]:
    """By run, why it is left out, from the cut flows of all runs."""
    rows = cutflow[cutflow["step"] == LEFT_OUT].drop_duplicates("run")
    return dict(zip(rows["run"].tolist(), rows["cut"], strict=True))


def read_runs_left_out(cutflows: Sequence[str | Path]) -> dict[int, str]:
    """By run, why it is left out, from files with cut flows, if there are any."""
    found: dict[int, str] = {}
    for path in cutflows:
        found |= runs_left_out(pd.read_csv(path, usecols=["run", "step", "cut"]))
    return found


def with_events(cutflow: pd.DataFrame) -> pd.DataFrame:
    """The cut flows of the runs that are not left out."""
    return cutflow[cutflow["step"] != LEFT_OUT]


def require_complete(cutflow: pd.DataFrame, paths: Sequence[str | Path]) -> None:
    """Raise RunsieveError if a run was left out when that was allowed.

    paths: of the cut flows of the runs
    """
    found = runs_left_out(cutflow)
    for run, reason in found.items():
        others = f" (and runs {run_ranges(set(found) - {run})})" if len(found) > 1 else ""
        path = next(path for path in paths if run in runs_left_out(pd.read_csv(path)))
        raise RunsieveError(
            f"{reason}; the run was left out{others}, which missing_runs: error does not allow; "
            f"delete {path} to read it again"
        )


def left_out_sentence(runs: Mapping[int, str]) -> str:
    """One sentence that names all runs that are left out."""
    if len(runs) == 1:
        return f"Run {run_ranges(runs)} is left out: a file of it is missing or damaged."
    return (
        f"{len(runs)} runs are left out, because files are missing or damaged: {run_ranges(runs)}."
    )
