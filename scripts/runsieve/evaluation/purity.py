"""Purity of labels: which simulated processes the events of each class are of."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from runsieve.evaluation.efficiency import bin_of
from runsieve.evaluation.scores import classes_of
from runsieve.intervals import clopper_pearson, ratio

ALL = "all"


def purity_table(
    events: pd.DataFrame,
    processes: np.ndarray,
    classes: Sequence[str],
    by_class: Mapping[str, Sequence[int]],
    variable: str | None = None,
    edges: np.ndarray | None = None,
) -> pd.DataFrame:
    """Events of each class by simulated process, and their fraction with interval.

    events: columns class and, if given, variable; processes: number of each, shape (events,)
    by_class: numbers of the processes that belong to each class, see `classes_of`

    One row per class, bin and process; rows with blank low and high are of all events, also of
    those outside the edges. `truth` is the class that a process belongs to, and the process `all`
    the sum of the processes of that class: where class and truth are equal, its fraction is the
    purity. Every process of the sample has rows in every class. Events are counted without
    weights; intervals are those of Clopper and Pearson.
    """
    numbers = processes.reshape(-1)
    truth = classes_of(numbers, by_class)
    label = events["class"].astype(str).to_numpy()
    rows = []
    for name in classes:
        for low, high, inside in _bins(events, variable, edges):
            total = int(np.sum((label == name) & inside))
            for of, process, mine in _processes(numbers, truth, classes):
                count = int(np.sum((label == name) & inside & mine))
                rows.append((name, of, process, low, high, total, count))
    columns = ["class", "truth", "process", "low", "high", "total", "events"]
    table = pd.DataFrame(rows, columns=columns)
    low, high = clopper_pearson(table["events"], table["total"])
    fraction = ratio(table["events"], table["total"])
    return table.assign(fraction=fraction, fraction_low=low, fraction_high=high)


def _bins(
    events: pd.DataFrame, variable: str | None, edges: np.ndarray | None
) -> Iterator[tuple[float, float, np.ndarray]]:
    """Edges of each bin and which events are in it; last, without edges, all of them."""
    if variable is not None and edges is not None:
        place = bin_of(events[variable].to_numpy(dtype=float), edges)
        for index, (low, high) in enumerate(pairwise(edges)):
            yield low, high, place == index
    yield np.nan, np.nan, np.ones(len(events), dtype=bool)


def _processes(
    numbers: np.ndarray, truth: np.ndarray, classes: Sequence[str]
) -> Iterator[tuple[str, int | str, np.ndarray]]:
    """The class of each process, the process and its events, and last those of all of a class."""
    for of in classes:
        mine = truth == of
        for number in np.unique(numbers[mine]):
            yield of, int(number), numbers == number
        yield of, ALL, mine
