"""Gathering: one input of every event of a sample, read from the raw runs into one array."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.expressions import for_channel
from runsieve.runs.arrays import fill_rows, read_events, value_type
from runsieve.runs.trees import Chain, open_chain


def gather_input(
    events: pd.DataFrame,
    files: Mapping[int, list[str]],
    settings: Input,
    tree: str,
    event_branch: str,
    path: Path,
    threads: int,
) -> None:
    """Write the input of all `events` (a sample) to `path`, a .npy file of shape (rows, *shape).

    The type is that of the branches. Raises RunsieveError if an entry no longer holds the event
    that was selected, or not as many values as `settings.shape` asks for.
    """
    array = None
    for run, mine in events.sort_values("entry").groupby("run", sort=True):
        with open_chain(run, files[run], tree) as chain:
            _require_same_events(chain, event_branch, mine)
        with open_chain(run, files[run], settings.tree or tree) as chain:
            first = _branches(settings, mine.channel.iloc[0])
            kind = value_type(chain, first)
            if array is None:
                shape = (len(events), *settings.shape)
                array = np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)
            if kind != array.dtype:
                raise RunsieveError(
                    f"run {run}: {', '.join(first)} hold {kind}, in runs before {array.dtype}"
                )
            for channel, wanted in mine.groupby("channel", sort=True):
                _fill(
                    array.reshape(len(array), -1),
                    chain,
                    _branches(settings, channel),
                    wanted,
                    threads,
                )
    array.flush()


def _fill(
    array: np.ndarray, chain: Chain, branches: list[str], wanted: pd.DataFrame, threads: int
) -> None:
    entries, rows = wanted.entry.to_numpy(), wanted.row.to_numpy()
    size = sum(fill_rows(array, chain, branches, entries, rows, threads)) * array.itemsize
    print(
        f"run {chain.run}: {len(wanted)} events from {', '.join(branches)}, {size / 1e6:.1f} MB",
        flush=True,
    )


def _branches(settings: Input, channel: int) -> list[str]:
    return [for_channel(branch, channel) for branch in settings.branches]


def _require_same_events(chain: Chain, branch: str, wanted: pd.DataFrame) -> None:
    unique = wanted.drop_duplicates("entry")
    found = read_events(chain, branch, unique.entry.to_numpy())
    wrong = np.flatnonzero(found != unique.event.to_numpy())
    if len(wrong):
        entry, event = unique.entry.to_numpy()[wrong[0]], unique.event.to_numpy()[wrong[0]]
        raise RunsieveError(
            f"run {chain.run}: {', '.join(chain.files)}: entry {entry} holds event "
            f"{found[wrong[0]]}, but event {event} was selected; the file has changed since "
            f"'select': run select again"
        )
