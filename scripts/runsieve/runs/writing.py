"""Writing a run chunk by chunk, with progress, so that runs of any length fit into memory."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import awkward as ak
import numpy as np
import uproot

from runsieve.files import written
from runsieve.progress import Progress

Columns = Mapping[str, np.ndarray | ak.Array]
Types = Mapping[str, str | np.dtype]


def write_chunks(
    path: str | Path,
    run: int,
    events: int,
    trees: Mapping[str, Types],
    chunks: Iterable[Mapping[str, Columns]],
) -> None:
    """Write trees with one entry per trigger to the ROOT file `path`; each chunk makes a basket.

    trees: branches and types by tree; chunks: columns by tree, for `events` triggers in all.
    """
    start = time.monotonic()
    progress = Progress(f"run {run}: triggers written", events)
    with (
        written(path) as partial,
        uproot.recreate(partial, compression=uproot.LZ4(1)) as file,
    ):
        files = {name: file.mktree(name, dict(branches)) for name, branches in trees.items()}
        for chunk in chunks:
            for name, columns in chunk.items():
                files[name].extend(dict(columns))
            progress.advance(len(next(iter(next(iter(chunk.values())).values()))))
    print(f"run {run}: {progress.done} triggers, {time.monotonic() - start:.1f} s", flush=True)
