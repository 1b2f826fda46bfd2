"""Previous arrays: rows that an earlier job gathered and that need not be read from runs again."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from runsieve.runs.files import local
from runsieve.samples.mapped import Resident

if TYPE_CHECKING:
    from runsieve.samples.gathering import RunFiles

KEY = ["run", "entry", "event", "channel"]
SOURCES = b"sources"
CHUNK = 32e6  # bytes that are copied at a time


def source_of(files: "RunFiles", how: Any) -> str | None:
    """A hash of what the rows of a run are read from, and how; None unless all files are local.

    how: the settings, plain values. Files are known by path, size and time of change.
    """
    paths = [*files.run, *files.input, *([] if files.computed is None else [files.computed])]
    paths += [path for friend in files.friends.values() for path in friend["files"]]
    if local(paths) != paths:
        return None
    try:
        found = {path: Path(path).stat() for path in paths}
    except OSError:  # who reads the run says it better
        return None
    states = {path: (one.st_size, one.st_mtime_ns) for path, one in found.items()}
    text = json.dumps([states, asdict(files), how], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class PreviousArray:
    """An array of an input that was gathered before.

    array: mapped, shape (rows, *shape)
    rows: run, entry, event, channel and row of each of its events
    sources: by run, what its rows were read from (see `source_of`)
    """

    array: np.ndarray
    rows: pd.DataFrame
    sources: Mapping[int, str]

    def copy(
        self, events: pd.DataFrame, source: str | None, array: np.ndarray, resident: Resident
    ) -> pd.DataFrame:
        """Copy the rows of those `events` of one run that are here into `array`; return the others.

        None is here unless the rows were read from the same `source`. `array` has the same type and
        shape, but for the number of rows; `resident` is of both arrays.
        """
        run = int(events["run"].iloc[0])
        if not self._has(run, source):
            return events
        mine = self.rows[self.rows["run"] == run]
        found = events[[*KEY, "row"]].merge(mine, how="left", on=KEY, suffixes=("", "_before"))
        here = found["row_before"].notna().to_numpy()
        rows = found.loc[here, "row"].to_numpy()
        before = found.loc[here, "row_before"].to_numpy(dtype=np.int64)
        step = max(1, int(CHUNK // max(1, array[:1].nbytes)))
        for start in range(0, len(rows), step):
            part = slice(start, start + step)
            array[rows[part]] = self.array[before[part]]
            resident.touch(2 * array[:1].nbytes * len(rows[part]))
        return events[~here]

    def has_any(self, sources: Mapping[int, str | None], shape: tuple[int, ...]) -> bool:
        """True if rows of an array of this shape could be here: of any run, from its source."""
        same = self.array.shape[1:] == shape[1:]
        return same and any(self._has(run, source) for run, source in sources.items())

    def _has(self, run: int, source: str | None) -> bool:
        return source is not None and self.sources.get(run) == source


def open_previous(path: str | Path) -> PreviousArray | None:
    """The array that `keep_previous` has kept at `path`; None if there is none, or no whole one."""
    path = Path(path)
    try:
        table = pq.read_table(path.with_suffix(".parquet"))
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError, pa.ArrowInvalid):
        return None
    sources = json.loads(table.schema.metadata[SOURCES])
    rows = table.to_pandas()
    if len(rows) != len(array):
        return None
    return PreviousArray(array, rows, {int(run): source for run, source in sources.items()})


def keep_previous(
    array: str | Path, events: pd.DataFrame, sources: Mapping[int, str], path: str | Path
) -> None:
    """Keep an array under a second name, `path`, and beside it what its rows are.

    A hard link takes no space, and stays when Snakemake removes the array before it is gathered
    anew. Where the file system has no hard links, nothing is kept.
    """
    path = Path(path)
    table, link = path.with_suffix(".parquet"), path.with_suffix(".link")
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whoever is killed in between leaves an array without a table, which counts as none.
    for old in (table, link):
        old.unlink(missing_ok=True)
    try:
        os.link(array, link)
    except OSError:
        path.unlink(missing_ok=True)
        return
    link.replace(path)
    rows = pa.Table.from_pandas(events[[*KEY, "row"]], preserve_index=False)
    metadata = {SOURCES: json.dumps({str(run): source for run, source in sources.items()})}
    partial = path.with_suffix(".partial")
    pq.write_table(rows.replace_schema_metadata(metadata), partial)
    partial.replace(table)
