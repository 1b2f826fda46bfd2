"""Differences of scale between events that should look alike: splits, and runs of one class."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

ROWS_PER_PART = 256
FEWEST = 10  # events of a run below which it is not compared


@dataclass(frozen=True)
class Shift:
    """How the values of an input differ between two groups of events.

    first, second: names of the groups
    mean: difference of the means, second minus first, in standard deviations of all values
    ratio: typical distance of a value from the mean, second over first
    mean_p, ratio_p: p-values (Mann-Whitney, one number per event) times the number of comparisons
    """

    input: str
    first: str
    second: str
    mean: float
    ratio: float
    mean_p: float
    ratio_p: float


def shifts(
    scaled: Callable[[np.ndarray], np.ndarray], name: str, events: pd.DataFrame
) -> list[Shift]:
    """Compare training with validation events, and each run with the others of its class.

    scaled: from rows to values (events, *shape) of the input `name`. events: columns row, split,
    class and run. Runs with fewer than 10 events, or without others, are not compared.
    """
    means, squares = _moments(scaled, events["row"].to_numpy())
    pairs = list(_pairs(events))
    return [
        _compared(name, first, second, means, squares, members, len(pairs))
        for first, second, members in pairs
    ]


def _moments(
    scaled: Callable[[np.ndarray], np.ndarray], rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and mean square of the values of each event, both of shape (events,)."""
    means, squares = np.empty(len(rows)), np.empty(len(rows))
    for start in range(0, len(rows), ROWS_PER_PART):
        part = slice(start, start + ROWS_PER_PART)
        values = np.asarray(scaled(rows[part]), dtype=float).reshape(len(rows[part]), -1)
        means[part], squares[part] = values.mean(axis=1), (values**2).mean(axis=1)
    return means, squares


def _pairs(events: pd.DataFrame) -> Iterator[tuple[str, str, Sequence[np.ndarray]]]:
    """Names of two groups, and which events belong to each, two arrays (events,) of bool."""
    split = events["split"].to_numpy()
    yield "training", "validation", (split == "train", split == "validation")
    run = events["run"].to_numpy()
    for name in pd.unique(events["class"]):
        of_class = (events["class"] == name).to_numpy()
        counts = events.loc[of_class, "run"].value_counts().sort_index()
        runs = counts.index[counts >= FEWEST].tolist()
        # Of two runs, each is the other's rest: one comparison says it all.
        for one in runs[1:] if len(runs) == 2 else runs if len(runs) > 2 else ():
            others = [other for other in runs if other != one]
            rest = ("run " if len(others) == 1 else "runs ") + _listed(others)
            members = of_class & np.isin(run, others), of_class & (run == one)
            yield f"{rest} of class {name}", f"run {one}", members


def _listed(runs: Sequence[int]) -> str:
    return ", ".join(map(str, runs)) if len(runs) <= 5 else f"{runs[0]} to {runs[-1]}"


def _compared(
    name: str,
    first: str,
    second: str,
    means: np.ndarray,
    squares: np.ndarray,
    members: Sequence[np.ndarray],
    comparisons: int,
) -> Shift:
    from scipy.stats import mannwhitneyu

    level = [means[one] for one in members]
    centre = float(np.mean([one.mean() for one in level]))
    # Root mean square distance of the values of an event from the centre; the mean over events
    # depends less on single large events than that of the squares.
    distance = [
        np.sqrt(np.maximum(squares[one] - 2 * centre * means[one] + centre**2, 0))
        for one in members
    ]
    deviation = np.sqrt(np.mean([np.mean(one**2) for one in distance])) or 1.0
    typical = [float(one.mean()) for one in distance]
    p = [
        min(1.0, comparisons * float(mannwhitneyu(*both, method="asymptotic").pvalue))
        if min(map(len, both)) and np.ptp(np.concatenate(both)) > 0
        else 1.0
        for both in (level, distance)
    ]
    return Shift(
        name,
        first,
        second,
        float((level[1].mean() - level[0].mean()) / deviation),
        typical[1] / typical[0] if min(typical) > 0 else 1.0,
        *p,
    )
