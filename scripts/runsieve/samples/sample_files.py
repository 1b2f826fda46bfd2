"""A sample on disk: its event table and the arrays that models see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class FitSample:
    """The events that a model is fitted to, and what it sees of them.

    events: columns label, split, weight and row (into each of `arrays`, of shape (rows, *shape)),
        and the columns of the event lists
    classes: names of the classes in the order of their labels
    matched: True where the classes have the same energy spectrum
    pulses: by input, what turns its raw values into pulses (default: they are as they should be)
    """

    events: pd.DataFrame
    arrays: Arrays
    classes: Sequence[str]
    matched: bool = False
    pulses: Mapping[str, Pulse] = field(default_factory=dict)

    def split(self, name: str) -> pd.DataFrame:
        """Events of one split."""
        return self.events[self.events["split"] == name]


def pulses_of(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Pulse]:
    """The pulses of inputs from plain values."""
    return {name: Pulse.model_validate(one) for name, one in values.items()}


def open_sample(
    events: str | Path, arrays: Iterable[str | Path] = (), splits: Sequence[str] | None = None
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Event table of a sample, and its arrays by input name; these are mapped, not read.

    splits: the table has events of these alone (default: of all)

    Each array has shape (rows, *shape); `row` of the table points into all of them. Models that
    see only columns of the table have none. Raises RunsieveError if `row` points outside of
    an array, or if a file holds objects instead of numbers.
    """
    only = None if splits is None else [("split", "in", list(splits))]
    table = pd.read_parquet(events, filters=only)
    found = {}
    for path in map(Path, arrays):
        try:
            values = np.load(path, mmap_mode="r", allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise RunsieveError(f"{path}: not an array of numbers: {error}") from None
        if len(table) and not 0 <= table["row"].min() <= table["row"].max() < len(values):
            raise RunsieveError(
                f"{path}: {events} points to the rows {table['row'].min()} to "
                f"{table['row'].max()}, but the array has {len(values)}"
            )
        found[path.stem] = values
    return table, found


def raw_values(arrays: Arrays, rows: np.ndarray) -> np.ndarray | dict[str, np.ndarray]:
    """Raw values of these rows: an array, or a dictionary of arrays if there are several inputs."""
    if len(arrays) == 1:
        return next(iter(arrays.values()))[rows]
    return {name: array[rows] for name, array in arrays.items()}


def class_names(events: pd.DataFrame) -> list[str]:
    """Names of the classes in the order of their labels.

    Raises RunsieveError unless the labels are 0, 1, 2, … and each has one name.
    """
    pairs = events[["label", "class"]].drop_duplicates().sort_values("label")
    if list(pairs["label"]) != list(range(len(pairs))):
        found = ", ".join(f"{label} {name}" for label, name in pairs.itertuples(index=False))
        raise RunsieveError(
            f"sample: labels 0, 1, 2, … with one class each expected, found {found or 'no event'}"
        )
    return list(pairs["class"].astype(str))


def require_classes(events: pd.DataFrame, classes: Sequence[str], splits: Sequence[str]) -> None:
    """Raise RunsieveError unless every class has events in every one of the splits.

    The label of an event must be the index of its class in `classes`.
    """
    for split in splits:
        present = events.loc[events["split"] == split, "label"]
        for label, name in enumerate(classes):
            if not (present == label).any():
                raise RunsieveError(
                    f"sample: class {name} has no event in the {split} split, "
                    f"which holds {len(present)} events; at least one is needed"
                )
    if class_names(events) != list(classes):
        raise RunsieveError(
            f"sample: its labels mean {', '.join(class_names(events))}, "
            f"but the analysis lists the classes {', '.join(classes)}"
        )
