"""Counting scored runs: selected events, those that a model has learnt from, and those kept."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from runsieve.errors import RunsieveError
from runsieve.evaluation.efficiency import bin_of
from runsieve.files import written
from runsieve.runs.sources import reading
from runsieve.scoring.cut import Cut
from runsieve.selection.statistics import ALL

LEARNT = ("train", "validation")  # splits that a model and its threshold were made from
EVENTS = 200_000  # in memory at a time
OUTSIDE = -1  # bin of what no bin holds
COUNTS = ["selected", "counted", "kept"]
GROUP = ["kind", "run", "channel", "class"]


@dataclass(frozen=True)
class ScoredRun:
    """A run that was scored.

    livetime: days, None if it is not known; evenly: False if what a sample has drawn of the run
    need not be a random part of its selected events
    """

    run: int
    kind: str
    livetime: float | None = None
    evenly: bool = True


@dataclass(frozen=True)
class Bins:
    """The bins that events are counted in; edges: shape (bins + 1,), None without a variable."""

    variable: str | None = None
    edges: np.ndarray | None = None

    @property
    def number(self) -> int:
        """Number of bins; 1 without a variable."""
        return 1 if self.edges is None else len(self.edges) - 1

    @property
    def columns(self) -> list[str]:
        """The column of the variable, if there is one."""
        return [] if self.variable is None else [self.variable]

    def of(self, events: pd.DataFrame) -> np.ndarray:
        """Bin of each event, or `OUTSIDE`; shape (events,)."""
        if self.variable is None or self.edges is None:
            return np.zeros(len(events), int)
        return bin_of(events[self.variable].to_numpy(dtype=float), self.edges)


def read_selected(path: str | Path, columns: Collection[str]) -> Iterator[pd.DataFrame]:
    """The selected events of a table of scores (`layout.RUN_SCORE_TABLE`), part by part.

    Raises RunsieveError for a column that is missing.
    """
    with reading(str(path), "scores of a run", "a parquet file"), pq.ParquetFile(path) as file:
        names = ["selected", *columns]
        missing = [name for name in names if name not in file.schema_arrow.names]
        if missing:
            raise RunsieveError(
                f"{path}: column {missing[0]!r} is missing; found "
                f"{', '.join(file.schema_arrow.names)}"
            )
        for part in file.iter_batches(EVENTS, columns=names):
            events = part.to_pandas()
            yield events[events["selected"]].drop(columns="selected")


def count_run(path: str | Path, cut: Cut, channels: Sequence[int], bins: Bins) -> pd.DataFrame:
    """Events of a table of scores, one row per class that is kept, channel and bin.

    Columns class, channel, bin (`OUTSIDE` for what is in none), selected; counted: those of them
    that the model has not learnt from; kept: counted events that pass the cut.
    """
    shape = len(channels), bins.number + 1
    counts = {name: np.zeros((3, *shape), int) for name in cut.columns}
    wanted = ["channel", "split", *bins.columns, *cut.columns.values()]
    for events in read_selected(path, wanted):
        row = pd.Index(channels).get_indexer(events["channel"])
        place = np.ravel_multi_index((row, bins.of(events) + 1), shape)
        unseen = ~events["split"].isin(LEARNT).to_numpy()
        for name, column in cut.columns.items():
            kept = unseen & events[column].to_numpy(dtype=bool)
            for number, these in enumerate((slice(None), unseen, kept)):
                found = np.bincount(place[these], minlength=shape[0] * shape[1])
                counts[name][number] += found.reshape(shape)
    return pd.concat([_table(name, one, channels) for name, one in counts.items()])


def _table(name: str, counts: np.ndarray, channels: Sequence[int]) -> pd.DataFrame:
    bins = counts.shape[2]
    table = {"class": name, "channel": np.repeat(channels, bins)}
    table["bin"] = np.tile(np.arange(bins) - 1, len(channels))
    return pd.DataFrame({**table, **dict(zip(COUNTS, counts.reshape(3, -1), strict=True))})


def count_runs(
    tables: Mapping[int, str | Path], cut: Cut, channels: Sequence[int], bins: Bins
) -> pd.DataFrame:
    """`count_run` of several runs, with a column run; tables: by run."""
    parts = [count_run(path, cut, channels, bins).assign(run=run) for run, path in tables.items()]
    return pd.concat(parts, ignore_index=True)


def with_sums(counts: pd.DataFrame, runs: Sequence[ScoredRun]) -> pd.DataFrame:
    """Counts by kind of run, run, class, channel and bin; runs and channels also summed up (`all`).

    counts: `count_runs`. A column scale is what a number of counted events is multiplied by to be
    that of all selected ones, selected / counted. It is NaN where no event is left, or where what a
    sample has drawn, and a model has learnt, is not a random part of the selected events.
    """
    whole = counts["selected"] == counts["counted"]
    counts = counts.assign(
        kind=counts["run"].map({one.run: one.kind for one in runs}),
        even=whole | counts["run"].map({one.run: one.evenly for one in runs}),
    )
    order = {name: list(dict.fromkeys(counts[name])) for name in ("kind", "class")}
    order |= {name: [*sorted(set(counts[name])), ALL] for name in ("run", "channel")}
    summed = {**dict.fromkeys(COUNTS, "sum"), "even": "all"}
    for name in ("channel", "run"):
        both = pd.concat([counts, counts.assign(**{name: ALL})])
        counts = both.groupby([*GROUP, "bin"], as_index=False, sort=False).agg(summed)
    places = {
        name: counts[name].map({one: at for at, one in enumerate(order[name])}) for name in GROUP
    }
    places = pd.DataFrame({**places, "bin": counts["bin"]})
    counts = counts.loc[places.sort_values(list(places)).index].reset_index(drop=True)
    none_left = (counts["counted"] == 0) & (counts["selected"] > 0)
    scale = counts["selected"] / counts["counted"].where(counts["counted"] > 0, 1)
    scale = scale.where(counts["selected"] > 0, 1.0).where(~none_left & counts["even"])
    return counts.drop(columns="even").assign(scale=scale)


def livetimes(runs: Iterable[ScoredRun]) -> dict[tuple[str, int | str], float]:
    """Days by kind of run and run, and of all runs of a kind; NaN where one is not known."""
    found: dict[tuple[str, int | str], float] = {}
    for one in runs:
        days = np.nan if one.livetime is None else one.livetime
        found[one.kind, one.run] = days
        found[one.kind, ALL] = found.get((one.kind, ALL), 0.0) + days
    return found


def write_kept(
    tables: Iterable[str | Path], cut: Cut, variable: str | None, path: str | Path
) -> None:
    """Write a list of all events that pass the cut, those that a model has learnt from included.

    Columns run, entry, event, channel, class (as which an event is kept), the variable, score (its
    probability) and split (empty if the event was not drawn). Sorted by run, entry and channel if
    the tables are in the order of their runs.
    """
    keys = ["run", "entry", "event", "channel"]
    values = [] if variable is None else [variable]
    columns = [*keys, "class", *values, "score", "split"]
    read = [*keys, *values, "split", *cut.columns.values(), *(f"p_{n}" for n in cut.columns)]
    with written(path) as place, place.open("w", encoding="utf-8", newline="") as file:
        pd.DataFrame(columns=columns).to_csv(file, index=False)
        for table in tables:
            for events in read_selected(table, dict.fromkeys(read)):
                parts = []
                for name, column in cut.columns.items():
                    passing = events[events[column]]
                    about = {"class": name, "score": passing[f"p_{name}"]}
                    parts.append(passing.assign(**about))
                kept = pd.concat(parts).sort_values(["entry", "channel"], kind="stable")
                kept[columns].to_csv(file, index=False, header=False, float_format="%.8g")
