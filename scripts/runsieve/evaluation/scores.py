"""Scores: the probabilities that a model assigns to each event of a sample."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from runsieve.computing import importing
from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import Arrays


class Scorer(Protocol):
    """A fitted model, network or baseline."""

    def inputs(self) -> list[str]:
        """Names of the inputs that it sees."""
        ...

    def probabilities(self, events: pd.DataFrame, arrays: Arrays) -> np.ndarray:
        """Probabilities of the classes for each event, shape (events, classes)."""
        ...


def load_scorer(module: str, path: str | Path, user_files: list[str]) -> Scorer:
    """Load a fitted model from its file with the function `load` of `module`."""
    with importing():
        loader = import_module(module)
    return loader.load(path, user_files)


def score_table(
    events: pd.DataFrame,
    probabilities: np.ndarray,
    classes: Sequence[str],
    variable: str | None = None,
    truth: np.ndarray | None = None,
) -> pd.DataFrame:
    """Scores in the order of the events.

    Columns: run, event, channel, class, [variable], split, weight, [truth], p_CLASS.
    `probabilities` has shape (events, classes), `truth` (names of classes) shape (events,). Raises
    RunsieveError if the sample lacks the variable, or if the model has a different number of
    classes.
    """
    if probabilities.shape != (len(events), len(classes)):
        raise RunsieveError(
            f"model: it was trained on {probabilities.shape[1]} classes, "
            f"but the sample has {len(classes)}: {', '.join(classes)}"
        )
    if variable is not None and variable not in events.columns:
        raise RunsieveError(
            f"sample: no column {variable} to bin the report in; "
            f"columns: {', '.join(map(str, events.columns))}"
        )
    names = ["run", "event", "channel", "class", variable, "split", "weight"]
    scores = events[[name for name in names if name is not None]].reset_index(drop=True)
    if truth is not None:
        scores["truth"] = truth
    for label, name in enumerate(classes):
        scores[f"p_{name}"] = probabilities[:, label].astype(np.float32)
    return scores


def classes_of(processes: np.ndarray, by_class: Mapping[str, Sequence[int]]) -> np.ndarray:
    """Name of the class of each process number, shape (events,).

    by_class: numbers of each class; an empty list takes all others. Raises RunsieveError for a
    number that belongs to no class.
    """
    numbers = processes.reshape(-1)
    found = np.full(len(numbers), None, dtype=object)
    for name, listed in by_class.items():
        if not listed:
            found[:] = name
    for name, listed in by_class.items():
        found[np.isin(numbers, listed)] = name
    missing = np.equal(found, None)
    if missing.any():
        known = ", ".join(str(number) for listed in by_class.values() for number in listed)
        raise RunsieveError(
            f"truth.processes: {np.count_nonzero(missing)} events are of no class, the first of "
            f"process {numbers[missing][0]}; expected one of {known}"
        )
    return found
