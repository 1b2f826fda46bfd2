"""Writing a simulated run chunk by chunk, with progress, so that any length fits into memory."""

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import awkward as ak
import numpy as np
import uproot

from runsieve.errors import RunsieveError
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


def streams(
    seed: int, run: int, events: int, chunk: int
) -> Iterator[tuple[np.random.Generator, int, int]]:
    """For each chunk: a stream that follows from seed, run and number; its start; its size."""
    for number, first in enumerate(range(0, events, chunk)):
        yield np.random.default_rng([seed, run, number]), first, min(chunk, events - first)


def numbered(run: int, first: int, count: int) -> dict[str, np.ndarray]:
    """Columns run and event of `count` triggers, numbered from 1, of which `first` came before."""
    return {
        "run": np.full(count, run, dtype=np.int32),
        "event": np.arange(first + 1, first + count + 1, dtype=np.uint64),
    }


def require_kind(run: int, kind: str, known: Iterable[str]) -> None:
    """Raise RunsieveError unless the detector model knows the kind of a run."""
    if kind not in known:
        raise RunsieveError(
            f"run {run}: the detector model knows the kinds {', '.join(known)}, not '{kind}'"
        )
