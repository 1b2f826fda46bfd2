"""Reading the events that a sample can draw, so that memory follows what is drawn.

Events are drawn in the order of a hash. How far a limit and undersampling reach is found by
counting, in a first pass that reads few columns; the second keeps the events up to there.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from runsieve.config.base import SPLITS
from runsieve.config.sample import Sample
from runsieve.samples.drawing import bin_of, counts, placed

ROWS = 200_000  # read at a time
COLUMNS = ("run", "entry", "event", "channel", "class")
HIGHEST = 2**64 - 1  # hash
OUTSIDE = -1  # of all bins
SPREAD, MORE = 6, 20  # standard deviations, and events, that a reach allows for


@dataclass(frozen=True)
class Reach:
    """Up to which hash events are drawn.

    available: numbers of all events by class, fold and split
    limits: of each `group`, the hash of the last event within the limit
    cells: of each `cell`, a hash up to which its `drawn` events lie, or chance is extreme
    drawn: of each `cell`, the number of events that are drawn
    """

    available: pd.Series
    limits: dict[int, int]
    cells: dict[int, int]
    drawn: pd.Series

    def reaches(self, keys: pd.DataFrame) -> np.ndarray:
        """True for the events that can be drawn, shape (events,); keys: see `_keys`."""
        order = keys["order"].to_numpy()
        within = order <= _looked_up(self.limits, keys["group"])
        return within & (order <= _looked_up(self.cells, keys["cell"]))


def read_drawable(
    paths: Sequence[str | Path],
    settings: Sample,
    classes: list[str],
    name: str,
    runs: Collection[int] | None = None,
) -> tuple[pd.DataFrame, pd.Series | None]:
    """Rows of event lists that a sample can draw, and numbers of all events (see `build_sample`).

    runs: those that it draws from; others, which may be in the same lists, do not count. All rows
    of these, and None, where a group decides the split: its events can be in any file.
    """
    if settings.split.group is not None:
        return _joined(_parts(paths, runs)), None
    reach = find_reach(paths, settings, classes, name, runs)
    parts, found = [], []
    for part in _parts(paths, runs):
        keys = _keys(placed(part, settings, classes, name), settings, classes)
        keys = keys[reach.reaches(keys)]
        parts.append(part.loc[keys.index])
        found.append(keys["cell"].value_counts())
    number = pd.concat(found).groupby(level=0).sum().reindex(reach.drawn.index, fill_value=0)
    if (number < reach.drawn).any():
        return _joined(_parts(paths, runs)), reach.available
    return _joined(parts), reach.available


def find_reach(
    paths: Sequence[str | Path],
    settings: Sample,
    classes: list[str],
    name: str,
    runs: Collection[int] | None = None,
) -> Reach:
    """Count the events of event lists, and find how far drawing them reaches."""
    columns = [*COLUMNS, *([settings.match.column] if settings.match else [])]
    available, numbers, low = None, [], None
    for part in _parts(paths, runs, columns):
        events = placed(part, settings, classes, name)
        more = counts(events, classes, settings)
        available = more if available is None else available + more
        keys = _keys(events, settings, classes)
        if settings.limit is None:
            numbers.append(keys.groupby(["group", "cell"]).size())
        else:
            low = _lowest(keys if low is None else pd.concat([low, keys]), settings, classes)
    limits = {}
    if low is None:
        number = pd.concat(numbers).groupby(level=[0, 1]).sum()
    else:
        number = low.groupby(["group", "cell"]).size()
        most = _most(low["group"], settings, classes)
        for group, part in low.groupby("group"):
            full = len(part) >= most[part.index[0]]
            limits[group] = int(part["order"].max()) if full else HIGHEST
    limits = {group: limits.get(group, HIGHEST) for group in number.index.unique(0)}
    number = number.drop(OUTSIDE, level="cell", errors="ignore")
    drawn = _drawn(number, settings, classes)
    cells = {}
    for (group, cell), all_events in number.items():
        some = drawn[cell]
        part = (some + SPREAD * some**0.5 + MORE) / all_events if some else 0.0
        whole = some == all_events or part >= 1
        cells[cell] = HIGHEST if whole else int(part * limits[group]) if some else -1
    return Reach(available, limits, cells, drawn)


def _keys(events: pd.DataFrame, settings: Sample, classes: list[str]) -> pd.DataFrame:
    """What decides whether events are drawn, one row per event.

    order: the hash
    group: number of what a limit counts together
    cell: number of the label and of what is balanced together; OUTSIDE all bins
    """
    split = pd.Categorical(events["split"], categories=SPLITS).codes.astype(np.int64)
    balanced = np.array([mode != "none" for mode in settings.modes().values()])[split]
    bins = np.where(balanced, bin_of(events, settings), 0)
    fold = events["fold"].to_numpy() if settings.folds is not None else np.zeros_like(split)
    label = events["label"].to_numpy()
    of_split = split if isinstance(settings.limit, dict) else np.zeros_like(split)
    block = (fold * len(SPLITS) + split) * _bins(settings) + bins
    keys = {
        "order": events["_order"],
        "group": of_split * len(classes) + label,
        "cell": np.where(bins >= 0, block * len(classes) + label, OUTSIDE),
    }
    return pd.DataFrame(keys, index=events.index)


def _bins(settings: Sample) -> int:
    return 1 if settings.match is None else len(settings.match.edges.array()) - 1


def _most(group: pd.Series, settings: Sample, classes: list[str]) -> pd.Series:
    """The limit of the group of each event."""
    if not isinstance(settings.limit, dict):
        return pd.Series(settings.limit, group.index)
    limits = {place: settings.limit.get(split, np.inf) for place, split in enumerate(SPLITS)}
    return (group // len(classes)).map(limits)


def _lowest(keys: pd.DataFrame, settings: Sample, classes: list[str]) -> pd.DataFrame:
    """The events within the limit of their group, as far as all events are known."""
    keys = keys.sort_values("order", kind="stable", ignore_index=True)
    return keys[keys.groupby("group").cumcount() < _most(keys["group"], settings, classes)]


def _drawn(number: pd.Series, settings: Sample, classes: list[str]) -> pd.Series:
    """The number of events that are drawn of each cell, by cell.

    number: of the events within the limit, by group and cell
    """
    number = number.groupby(level="cell").sum()
    cell = number.index.to_series()
    block = cell // len(classes)
    mode = (block // _bins(settings) % len(SPLITS)).map(dict(enumerate(settings.modes().values())))
    fewest = number.groupby(block).transform("min")
    complete = number.groupby(block).transform("size") == len(classes)
    drawn = number.where(mode != "undersample", fewest)
    return drawn.where(complete | (mode == "none"), 0)


def _looked_up(values: dict[int, int], keys: pd.Series) -> np.ndarray:
    """The hash of each key, as uint64; no event is up to that of a key that is not known."""
    known = sorted(values)
    place = np.searchsorted(known, keys).clip(max=len(known) - 1)
    found = np.array(known)[place] == keys.to_numpy()
    hashes = np.array([max(values[one], 0) for one in known], dtype=np.uint64)[place]
    return np.where(found, hashes, np.uint64(0))


def _parts(
    paths: Sequence[str | Path],
    runs: Collection[int] | None,
    columns: Sequence[str] | None = None,
) -> Iterator[pd.DataFrame]:
    """Rows of event lists, a number of them at a time; one part without rows if there are none."""
    empty = None
    rows = 0
    for path in paths:
        file = pq.ParquetFile(path)
        for batch in file.iter_batches(ROWS, columns=columns):
            part = batch.to_pandas()
            part = part if runs is None else part[part["run"].isin(runs)]
            rows += len(part)
            yield part
        if empty is None:
            empty = file.schema_arrow.empty_table().to_pandas()
    if not rows:
        yield empty if columns is None else empty[list(columns)]


def _joined(parts: Iterator[pd.DataFrame] | list[pd.DataFrame]) -> pd.DataFrame:
    parts = list(parts)
    # The columns of a run that is left out have no types of their own.
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
