"""Gathering: one input of every event of a sample, read from the raw runs into one array."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.conditions import with_conditions
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.expressions import ENTRY, parse
from runsieve.files import reserve
from runsieve.progress import Progress
from runsieve.runs.arrays import Wanted
from runsieve.runs.event_numbers import require_same_events
from runsieve.runs.friends import open_run, require_as_many
from runsieve.runs.inputs import branch_names, fill_input, input_type
from runsieve.runs.trees import Chain
from runsieve.runs.windows import wanted_of
from runsieve.samples.mapped import Resident
from runsieve.samples.previous import PreviousArray, source_of


@dataclass(frozen=True)
class RunFiles:
    """The files of a run: those with its columns, and those with the input (often the same).

    kind: of the run, on which a window can depend
    computed: the file with the computed columns of the run, if the input needs them
    friends: the friends that the input needs, by name (plain values of `FriendFiles`)
    conditions: those of the run that the columns read, by name
    """

    run: list[str]
    input: list[str]
    kind: str
    computed: str | None = None
    friends: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)

    def filled(self, columns: Mapping[str, str], channels: Iterable[int]) -> dict[str, str]:
        """Columns with the conditions of the run in place of `sheet.NAME`."""
        channels = list(channels)
        return {
            name: with_conditions(text, self.conditions, channels) for name, text in columns.items()
        }


def gather_input(
    events: pd.DataFrame,
    files: Mapping[int, RunFiles],
    settings: Input,
    tree: str,
    columns: Mapping[str, str],
    path: Path,
    threads: int,
    code: str = "",
    previous: PreviousArray | None = None,
) -> dict[int, str]:
    """Write the input of all `events` (a sample) to `path`, a .npy file of shape (rows, *shape).

    `columns`: branch or expression by name. The type is that of the branches; columns become
    float32. Rows that `previous` has from the same source, read by the same `code`, are copied; a
    run of which nothing else is needed is not opened. Returns the source by run, as far as they are
    known (see `source_of`). Raises RunsieveError if an entry no longer holds the event that was
    selected, or has another number of values than the shape, or if there is no space.
    """
    shape = (len(events), *settings.event_shape())
    how = [settings.model_dump(mode="json"), tree, dict(columns), code]
    sources = {int(run): source_of(files[run], how) for run in events["run"].unique()}
    array = resident = None
    if previous is not None and previous.has_any(sources, shape):
        array = reserved(path, previous.array.dtype, shape)
        resident = Resident(array, previous.array)
    else:
        previous = None
    for run, drawn in events.sort_values("entry").groupby("run", sort=True):
        mine = drawn if previous is None else previous.copy(drawn, sources[run], array, resident)
        if len(mine) < len(drawn):
            print(f"run {run}: {len(drawn) - len(mine)} events are in the previous array")
        if mine.empty:
            continue
        unique = mine.drop_duplicates("entry")
        numbers = unique.entry.to_numpy(), unique.event.to_numpy()
        one, place = files[run], (files[run].input, settings.tree or tree)
        here, texts = settings.of_kind(one.kind), one.filled(columns, mine.channel.unique())
        # Joining friends takes time; only windows and baselines need them here.
        needed = (one.computed, one.friends) if here.expressions() else ()
        with open_run(run, one.run, tree, *needed) as chain:
            require_same_events(chain, texts["event"], *numbers)
            entries = chain.starts[-1]
            wanted = {
                channel: wanted_of(
                    chain, here, texts, channel, part.entry.to_numpy(), part.row.to_numpy()
                )
                for channel, part in mine.groupby("channel", sort=True)
            }
        with open_run(run, *place, one.computed, one.friends) as chain:
            if place != (one.run, tree):
                require_friend(chain, entries, texts["event"], *numbers)
            kind = input_type(chain, settings, mine.channel.iloc[0])
            if array is None:
                array = reserved(path, kind, shape)
                resident = Resident(array)
            if kind != array.dtype:
                raise RunsieveError(
                    f"run {run}: {', '.join(settings.branches)} are {kind}, but "
                    f"{array.dtype} in earlier runs; all runs must have the same type"
                )
            for channel, part in wanted.items():
                _fill(array, resident, chain, here, texts, channel, part, threads)
    array.flush()
    return {run: source for run, source in sources.items() if source is not None}


def reserved(path: Path, kind: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    """A new .npy file, mapped, whose space is taken at once.

    A disk that fills up later would end the job without a word, because the array is mapped. Raises
    OSError if there is not enough space.
    """
    array = np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)
    reserve(path, path.stat().st_size)
    return array


def require_friend(
    chain: Chain, entries: int, event: str, drawn: np.ndarray, numbers: np.ndarray
) -> None:
    """A friend must have as many entries as the run, and the same event numbers if it has any."""
    require_as_many(chain, entries)
    names = parse(event).names - {ENTRY}
    if names and all(names <= present for present in chain.branches):
        require_same_events(chain, event, drawn, numbers)


def _fill(
    array: np.ndarray,
    resident: Resident,
    chain: Chain,
    settings: Input,
    columns: Mapping[str, str],
    channel: int,
    wanted: Wanted,
    threads: int,
) -> None:
    """Write the input of one channel, and keep written pages out of memory."""
    names = settings.columns or branch_names(settings, channel)
    parts = 1 if settings.columns else len(names)
    progress = Progress(f"run {chain.run}: parts of events read", len(wanted.rows) * parts)
    for count in fill_input(array, chain, settings, columns, channel, wanted, threads):
        progress.advance(count)
        resident.touch(count * array[0].nbytes)
    print(f"run {chain.run}: {len(wanted.rows)} events from {', '.join(names)}", flush=True)
