"""A sample on disk: its event table and the array that a model looks at."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.errors import RunsieveError


def open_sample(
    events: str | Path, array: str | Path | None = None
) -> tuple[pd.DataFrame, np.ndarray | None]:
    """Event table and array of a sample; the array is mapped, not read.

    The array has shape (rows, *shape); `row` of the table points into it. Models that look
    at columns of the table alone have none (None or empty). Raises RunsieveError if `row` points
    outside the array.
    """
    table = pd.read_parquet(events)
    if not array:
        return table, None
    values = np.load(array, mmap_mode="r")
    if len(table) and not 0 <= table["row"].min() <= table["row"].max() < len(values):
        raise RunsieveError(
            f"{array}: {events} points to the rows {table['row'].min()} to {table['row'].max()}, "
            f"but the array has {len(values)}"
        )
    return table, values


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
            f"sample: its labels stand for {', '.join(class_names(events))}, "
            f"but the analysis lists the classes {', '.join(classes)}"
        )
