"""Event lists and cut flows of three runs, as the selection writes them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd


def write_run(
    folder: Path,
    run: int,
    name: str,
    channels: Mapping[int, int],
    steps: Sequence[str] = ("all", "energy"),
) -> tuple[Path, Path]:
    """Event list and cut flow of a run; `channels` says how many events each has."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [(run, e, e, c, name, 1.0) for c, n in channels.items() for e in range(n)]
    columns = ["run", "entry", "event", "channel", "class", "energy"]
    events = pd.DataFrame(rows, columns=columns)
    events.to_parquet(folder / f"run{run}.parquet")
    names = ["run", "channel", "class", "step", "cut", "passed", "passed_alone", "passed_others"]
    cutflow = pd.DataFrame(
        [
            (run, channel, name, step, _cut(step), count, count * 3, count)
            for channel, count in channels.items()
            for step in steps
        ],
        columns=names,
    )
    cutflow.to_csv(folder / f"run{run}.cutflow.csv", index=False)
    return folder / f"run{run}.parquet", folder / f"run{run}.cutflow.csv"


def _cut(step: str) -> str:
    return "" if step == "all" else f"{step} > 0"


def runs(folder: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Event lists, and cut flows in the same order."""
    made = [
        write_run(folder, 1, "signal", {1: 3, 2: 0}),
        write_run(folder, 2, "signal", {1: 2, 2: 1}),
        write_run(folder, 3, "background", {1: 10, 2: 20}, ("all", "energy", "coincidence")),
    ]
    return tuple(zip(*made, strict=True))
