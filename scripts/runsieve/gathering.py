"""Gathering: one input of every event of a sample, read from the raw runs into one array."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.expressions import for_channel, parse
from runsieve.mapped import Resident
from runsieve.reduction import reduction_of
from runsieve.runs.arrays import fill_columns, fill_rows, value_type
from runsieve.runs.event_numbers import require_same_events
from runsieve.runs.trees import Chain, open_chain

PROGRESS = 10.0  # seconds between progress lines


@dataclass(frozen=True)
class RunFiles:
    """The files of a run: those with its columns, and those with the input (often the same)."""

    run: list[str]
    input: list[str]


def gather_input(
    events: pd.DataFrame,
    files: Mapping[int, RunFiles],
    settings: Input,
    tree: str,
    columns: Mapping[str, str],
    path: Path,
    threads: int,
) -> None:
    """Write the input of all `events` (a sample) to `path`, a .npy file of shape (rows, *shape).

    `columns` are those of the analysis: name, branch or expression. The type is that of the
    branches; columns become float32. Raises RunsieveError if an entry no longer holds the event
    that was selected, or not as many values as the shape asks for.
    """
    array = None
    for run, mine in events.sort_values("entry").groupby("run", sort=True):
        unique = mine.drop_duplicates("entry")
        numbers = unique.entry.to_numpy(), unique.event.to_numpy()
        with open_chain(run, files[run].run, tree) as chain:
            require_same_events(chain, columns["event"], *numbers)
            entries = chain.starts[-1]
        with open_chain(run, files[run].input, settings.tree or tree) as chain:
            if (files[run].input, settings.tree or tree) != (files[run].run, tree):
                _require_friend(chain, entries, columns["event"], *numbers)
            kind = _type(chain, settings, mine.channel.iloc[0])
            if array is None:
                shape = (len(events), *settings.event_shape())
                array = np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)
            if kind != array.dtype:
                raise RunsieveError(
                    f"run {run}: {', '.join(settings.branches)} hold {kind}, in runs before "
                    f"{array.dtype}"
                )
            for channel, wanted in mine.groupby("channel", sort=True):
                _fill(array, chain, settings, columns, channel, wanted, threads)
    array.flush()


def _type(chain: Chain, settings: Input, channel: int) -> np.dtype:
    if settings.columns:
        return np.dtype(np.float32)
    return value_type(chain, _branches(settings, channel))


def _require_friend(
    chain: Chain, entries: int, event: str, drawn: np.ndarray, numbers: np.ndarray
) -> None:
    """A friend has as many entries as the run, with the same event numbers if it has any."""
    if chain.starts[-1] != entries:
        raise RunsieveError(
            f"run {chain.run}: {', '.join(chain.files)}: tree '{chain.trees[0].name}' has "
            f"{chain.starts[-1]} entries, the run {entries}; a friend must have one for each"
        )
    if all(event in tree.keys(full_paths=False) for tree in chain.trees):
        require_same_events(chain, event, drawn, numbers)


def _fill(
    array: np.ndarray,
    chain: Chain,
    settings: Input,
    columns: Mapping[str, str],
    channel: int,
    wanted: pd.DataFrame,
    threads: int,
) -> None:
    entries, rows = wanted.entry.to_numpy(), wanted.row.to_numpy()
    if settings.columns:
        texts = [for_channel(columns[name], channel) for name in settings.columns]
        fill_columns(array, chain, map(parse, texts), entries, rows)
    else:
        texts = _branches(settings, channel)
        parts = _parts(array, texts, settings.join)
        window = slice(None)
        if settings.window is not None:
            window = slice(settings.window.start, settings.window.stop)
        total = len(rows) * len(texts)
        reduction = reduction_of(settings)
        counts = fill_rows(parts, chain, entries, rows, window, threads, reduction)
        _report(counts, total, array, chain.run)
    print(f"run {chain.run}: {len(rows)} events from {', '.join(texts)}", flush=True)


def _report(counts: Iterator[int], total: int, array: np.memmap, run: int) -> None:
    """Follow the writing: say how far it is, and keep written pages out of memory."""
    done, resident = 0, Resident(array)
    shown = time.monotonic()
    for count in counts:
        done += count
        resident.touch(count * array[0].nbytes)
        if time.monotonic() - shown > PROGRESS:
            shown = time.monotonic()
            print(f"run {run}: {100 * done / total:.0f} % read", flush=True)


def _parts(array: np.ndarray, branches: list[str], join: str) -> dict[str, np.ndarray]:
    """For each branch the part of `array` that it fills, shape (rows, ...)."""
    rows, count = len(array), len(branches)
    if join == "first":
        divided = array.reshape(rows, count, -1)
        return {branch: divided[:, number] for number, branch in enumerate(branches)}
    divided = array.reshape(rows, -1, count, array.shape[-1] // count)
    return {branch: divided[:, :, number] for number, branch in enumerate(branches)}


def _branches(settings: Input, channel: int) -> list[str]:
    return [for_channel(branch, channel) for branch in settings.branches]
