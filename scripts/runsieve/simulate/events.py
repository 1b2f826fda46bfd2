"""Common to all simulated runs: random streams, event numbers, kinds of run."""

from collections.abc import Iterable, Iterator

import numpy as np

from runsieve.errors import RunsieveError


def streams(
    seed: int, run: int, events: int, chunk: int
) -> Iterator[tuple[np.random.Generator, int, int]]:
    """For each chunk: a generator seeded by seed, run and chunk number; its start; its size."""
    for number, first in enumerate(range(0, events, chunk)):
        yield np.random.default_rng([seed, run, number]), first, min(chunk, events - first)


def numbered(run: int, first: int, count: int) -> dict[str, np.ndarray]:
    """Columns run and event of `count` triggers, numbered from `first` + 1."""
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
