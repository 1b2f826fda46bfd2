"""Columns computed from arrays by user-supplied functions, as a friend tree of the run."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from math import prod
from pathlib import Path

import numpy as np
import uproot

from runsieve.config.columns import ComputedColumn, computed_branch
from runsieve.errors import DamagedError, RunsieveError
from runsieve.expressions import for_channel
from runsieve.files import written
from runsieve.runs.columns import read_columns
from runsieve.runs.files import local
from runsieve.runs.inputs import InputFiles, read_input
from runsieve.runs.root_files import DAMAGE
from runsieve.runs.trees import COMPUTED_TREE, Chain
from runsieve.runs.windows import wanted_of
from runsieve.runs.writing import Columns, write_chunks
from runsieve.user_code import call, load_function

CHUNK_VALUES = 32_000_000  # in memory at a time; a basket across two chunks is read twice


def compute_columns(
    path: str | Path,
    chain: Chain,
    texts: Mapping[str, str],
    columns: Mapping[str, ComputedColumn],
    inputs: Mapping[str, InputFiles],
    channels: list[int],
    threads: int = 1,
) -> None:
    """Write the computed columns of a run to the ROOT file `path`, one entry per entry of the run.

    texts: branch or expression of the column `event` and of those that the inputs name.
    The tree `columns` has the branch `event`, copied from the branch `event` of the run, and
    COLUMN_CHANNEL (float64) for each column and channel. Raises RunsieveError if a function fails,
    or returns anything but one finite number per event.
    """
    functions = {
        name: load_function(one.file, one.function or name) for name, one in columns.items()
    }
    names = [_branch(name, channel) for name in columns for channel in channels]
    _require_new(chain, names)
    branches = {"event": "uint64"} | dict.fromkeys(names, "float64")
    entries = int(chain.starts[-1])
    with ExitStack() as stack:
        chains = {name: stack.enter_context(one.open(chain)) for name, one in inputs.items()}
        for name, found in chains.items():
            if found.starts[-1] != entries:
                raise RunsieveError(
                    f"run {chain.run}: {', '.join(found.files)}: input '{name}' has "
                    f"{found.starts[-1]} entries, the run {entries}"
                )

        def chunks() -> Iterator[dict[str, Columns]]:
            for part in read_columns(chain, {"event": texts["event"]}, [0], _chunk(inputs)):
                entries = np.arange(part.start, part.start + part.entries)
                row = {"event": part.columns[0]["event"].astype("uint64")}
                for channel in channels:
                    arrays = {
                        name: read_input(
                            chains[name],
                            one.settings,
                            channel,
                            wanted_of(chain, one.settings, texts, channel, entries),
                            threads,
                        )
                        for name, one in inputs.items()
                    }
                    for name, one in columns.items():
                        row[_branch(name, channel)] = _column(
                            f"run {chain.run}, channel {channel}",
                            one,
                            functions[name],
                            [arrays[item] for item in one.inputs],
                            entries,
                        )
                yield {COMPUTED_TREE: row}

        write_chunks(path, chain.run, entries, {COMPUTED_TREE: branches}, chunks())


@contextmanager
def marking_damage(path: str | Path, files: list[str], allowed: bool) -> Iterator[None]:
    """If the block finds the run damaged, and that is allowed, write a file that says so instead.

    The selection then leaves the run out, see `open_root`. It has to be in files that are watched.
    """
    try:
        yield
    except DamagedError as error:
        if not allowed or files != local(files):
            raise
        print(f"{error}; no column is computed")
        with written(path) as place, uproot.recreate(place) as file:
            file[DAMAGE] = str(error)


def _chunk(inputs: Mapping[str, InputFiles]) -> int:
    """Entries per chunk."""
    values = sum(prod(one.settings.event_shape()) for one in inputs.values())
    return max(1, CHUNK_VALUES // values)


def _branch(column: str, channel: int) -> str:
    return for_channel(computed_branch(column), channel)


def _column(
    place: str,
    settings: ComputedColumn,
    function: Callable,
    inputs: list[tuple[np.ndarray, np.ndarray]],
    entries: np.ndarray,
) -> np.ndarray:
    """Values of one column in one channel, shape (entries,)."""
    present = ~np.any([absent for _, absent in inputs], axis=0)
    values = np.full(len(entries), settings.missing, dtype=np.float64)
    if not present.any():
        return values
    found = np.asarray(call(settings.file, function, *(array[present] for array, _ in inputs)))
    what = f"{settings.file}: {function.__name__}() of {place}"
    if found.shape != (int(present.sum()),) or found.dtype.kind not in "biuf":
        raise RunsieveError(
            f"{what}: numbers of shape ({present.sum()},) expected, one per event, found "
            f"{found.dtype} of shape {found.shape}"
        )
    wrong = np.flatnonzero(~np.isfinite(found))
    if len(wrong):
        raise RunsieveError(
            f"{what}: finite numbers expected, found {found[wrong[0]]} at entry "
            f"{entries[present][wrong[0]]}"
        )
    values[present] = found
    return values


def _require_new(chain: Chain, names: list[str]) -> None:
    """Computed columns must not hide branches of the run."""
    for name in names:
        if any(name in present for present in chain.branches):
            raise RunsieveError(
                f"run {chain.run}: {chain.sources[0].title} has a branch '{name}' already; "
                "give the computed column another name"
            )
