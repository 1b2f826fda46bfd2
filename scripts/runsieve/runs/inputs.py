"""What a model sees of an event: branches joined, cut to a window and reduced, or columns."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from runsieve.config.inputs import Input
from runsieve.expressions import for_channel, parse_for
from runsieve.runs.arrays import Wanted, fill_columns, fill_rows, value_type
from runsieve.runs.reduction import reduction_of
from runsieve.runs.trees import Chain, open_chain
from runsieve.runs.windows import Cutter


@dataclass(frozen=True)
class InputFiles:
    """An input, and the files and tree of a run that hold it."""

    settings: Input
    files: list[str]
    tree: str

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "InputFiles":
        """Create from plain values."""
        return cls(Input.model_validate(values["settings"]), values["files"], values["tree"])

    @contextmanager
    def open(self, chain: Chain) -> Iterator[Chain]:
        """The files and tree that hold it in a run, with the friends of the run."""
        with open_chain(chain.run, self.files, self.tree) as found:
            yield replace(found, friends=chain.friends)


def input_type(chain: Chain, settings: Input, channel: int) -> np.dtype:
    """Number type of an input: that of its branches; float32 if columns are in its values."""
    if settings.columns:
        return np.dtype(np.float32)
    kind = value_type(chain, branch_names(settings, channel))
    return np.dtype(np.float32) if isinstance(settings.baseline, str) else kind


def branch_names(settings: Input, channel: int) -> list[str]:
    """The branches of an input in one channel."""
    return [for_channel(branch, channel) for branch in settings.branches]


def fill_input(
    array: np.ndarray,
    chain: Chain,
    settings: Input,
    columns: Mapping[str, str],
    channel: int,
    wanted: Wanted,
    threads: int = 1,
) -> Iterator[int]:
    """Write the input of the wanted entries into their rows of `array`, shape (rows, *shape).

    `columns`: branch or expression of each column that the input consists of; windows are those of
    `wanted` (see `wanted_of`). Yields the number of parts
    written since the last yield; there is one per event and branch, or one per event for columns.
    Raises RunsieveError if the number of values of an event does not match the shape.
    """
    if settings.columns:
        expressions = [parse_for(columns[name], channel) for name in settings.columns]
        fill_columns(array, chain, expressions, wanted)
        yield len(wanted.rows)
        return
    parts = _parts(array, branch_names(settings, channel), settings.join)
    reduction = reduction_of(settings)
    yield from fill_rows(parts, chain, wanted, Cutter.of(settings), threads, reduction)


def read_input(
    chain: Chain, settings: Input, channel: int, wanted: Wanted, threads: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """The input of some entries, made of branches, and where nothing is recorded.

    wanted: of `wanted_of`, with consecutive rows. Returns an array of shape (entries, *shape), with
    zeros where nothing is recorded, and a bool array of shape (entries,) that is True there.
    """
    kind = input_type(chain, settings, channel)
    array = np.zeros((len(wanted.entries), *settings.event_shape()), kind)
    absent = np.zeros(len(wanted.entries), bool)
    wanted = replace(wanted, absent=absent)
    for _ in fill_input(array, chain, settings, {}, channel, wanted, threads):
        pass
    return array, absent


def _parts(array: np.ndarray, branches: list[str], join: str) -> dict[str, np.ndarray]:
    """For each branch the part of `array` that it fills, shape (rows, ...)."""
    rows, count = len(array), len(branches)
    if join == "first":
        divided = array.reshape(rows, count, -1)
        return {branch: divided[:, number] for number, branch in enumerate(branches)}
    divided = array.reshape(rows, -1, count, array.shape[-1] // count)
    return {branch: divided[:, :, number] for number, branch in enumerate(branches)}
