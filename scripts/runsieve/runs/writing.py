"""Writing a run chunk by chunk, with progress, so that any length fits into memory."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import awkward as ak
import numpy as np
import uproot

from runsieve.files import written

PROGRESS = 10.0  # seconds between progress lines

Columns = Mapping[str, np.ndarray | ak.Array]
Types = Mapping[str, str | np.dtype]


def write_chunks(
    path: str | Path,
    run: int,
    events: int,
    trees: Mapping[str, Types],
    chunks: Iterable[Mapping[str, Columns]],
) -> None:
    """Write trees of one entry a trigger to the ROOT file `path`; each chunk makes a basket.

    trees: branches and types by tree; chunks: columns by tree, for `events` triggers in all.
    """
    start = shown = time.monotonic()
    done = 0
    with (
        written(path) as partial,
        uproot.recreate(partial, compression=uproot.LZ4(1)) as file,
    ):
        files = {name: file.mktree(name, dict(branches)) for name, branches in trees.items()}
        for chunk in chunks:
            for name, columns in chunk.items():
                files[name].extend(dict(columns))
            done += len(next(iter(next(iter(chunk.values())).values())))
            if time.monotonic() - shown > PROGRESS:
                shown = time.monotonic()
                print(f"run {run}: {done} of {events} triggers, {shown - start:.0f} s", flush=True)
    print(f"run {run}: {done} triggers, {time.monotonic() - start:.1f} s", flush=True)
