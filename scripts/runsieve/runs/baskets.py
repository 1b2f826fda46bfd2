"""Baskets: the entries of a column that are compressed together, and reading some of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import getitem

import awkward as ak
import numpy as np

from runsieve.errors import RunsieveError
from runsieve.runs.sources import Column, reading
from runsieve.runs.trees import Chain


@dataclass(frozen=True)
class Basket:
    """The wanted entries of one block: `entries` (in the file) go to `rows` of the output."""

    file: str
    column: Column
    part: tuple[str | int, ...]
    number: int
    start: int
    stop: int
    entries: np.ndarray
    rows: np.ndarray

    @property
    def compressed_bytes(self) -> int:
        """Its size in the file."""
        return self.column.block_bytes(self.number)


def wanted_baskets(
    chain: Chain, branch: str, entries: np.ndarray, rows: np.ndarray
) -> Iterator[Basket]:
    """The baskets of `branch` that hold one of `entries` (increasing, counted through all files).

    `branch` may name a part of each entry, see `split_part`. `rows` gives the row of
    the output for each entry; both have shape (events,).
    """
    name, part = split_part(chain, branch)
    if len(entries) and entries[-1] >= chain.starts[-1]:
        raise RunsieveError(
            f"run {chain.run}: entry {entries[-1]} was selected, but {', '.join(chain.files)} "
            f"ends at entry {chain.starts[-1] - 1}; the file has changed since the selection"
        )
    for number, (file, source) in enumerate(zip(chain.files, chain.sources, strict=True)):
        low, high = np.searchsorted(entries, chain.starts[number : number + 2])
        inside = entries[low:high] - chain.starts[number]
        column = source[name]
        offsets = np.asarray(column.offsets)
        baskets, first = np.unique(
            np.searchsorted(offsets, inside, side="right") - 1, return_index=True
        )
        last = np.append(first, len(inside))[1:]
        for basket, start, stop in zip(baskets, first, last, strict=True):
            yield Basket(
                file,
                column,
                part,
                int(basket),
                int(offsets[basket]),
                int(offsets[basket + 1]),
                inside[start:stop],
                rows[low:high][start:stop],
            )


def split_part(chain: Chain, branch: str) -> tuple[str, tuple[str | int, ...]]:
    """The name of a branch, and the member and indices behind it that choose a part of each entry.

    `wf[2]` is ('wf', (2,)), and `p.fX` is ('p', ('fX',)) if p is a vector of objects. A branch of
    the whole name takes precedence, as there are names such as 'ch.id' and 'ch.adc[16]'. Raises
    RunsieveError if there is no such branch.
    """
    present = frozenset.intersection(*chain.branches)
    name, numbers = branch, []
    while name not in present and (indexed := re.fullmatch(r"(.+)\[(\d+)\]", name)):
        name, number = indexed.groups()
        numbers.insert(0, int(number))
    owner, _, member = name.rpartition(".")
    if name not in present and owner in present:
        return owner, (member, *numbers)
    chain.require([name])
    return name, tuple(numbers)


def read_basket(run: int, basket: Basket) -> list[np.ndarray]:
    """The values of each wanted entry, in the type of the file: arrays of any shape."""
    place = f"run {run}: {basket.file}"
    what = f"{basket.column.label}, entries {basket.start} to {basket.stop - 1}"
    with reading(place, what):
        values = basket.column.values(basket.number, basket.entries - basket.start)
    try:
        return [_regular(reduce(getitem, basket.part, value)) for value in values]
    except (IndexError, ak.errors.FieldNotFoundError):
        part = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in basket.part)
        raise RunsieveError(
            f"{place}: {what}: there is no {basket.column.name}{part} in each of them; the branch "
            f"is of the type {basket.column.typename}"
        ) from None


def _regular(value: ak.Array | np.ndarray | np.generic) -> np.ndarray:
    """As a NumPy array; nested lists of different lengths are flattened."""
    if not isinstance(value, ak.Array):
        return np.asarray(value)
    try:
        return ak.to_numpy(value, allow_missing=False)
    except ValueError:
        return ak.to_numpy(ak.flatten(value, axis=None))
