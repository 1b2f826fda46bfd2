"""Late reading: the inputs of drawn events alone, from the baskets that hold one of them."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import awkward as ak
import numpy as np
import uproot

from runsieve.errors import RunsieveError
from runsieve.runs.trees import Chain, reading


@dataclass(frozen=True)
class Basket:
    """Entries of one branch that are compressed together, and the wanted ones among them."""

    file: str
    branch: uproot.TBranch
    start: int
    stop: int
    entries: np.ndarray
    rows: np.ndarray


def wanted_baskets(
    chain: Chain, branch: str, entries: np.ndarray, rows: np.ndarray
) -> list[Basket]:
    """The baskets of `branch` that hold one of `entries` (increasing, counted through all files).

    `rows` says, for each entry, where it goes in the output; both have shape (events,).
    """
    chain.require([branch])
    if len(entries) and entries[-1] >= chain.starts[-1]:
        raise RunsieveError(
            f"run {chain.run}: entry {entries[-1]} was selected, but {', '.join(chain.files)} "
            f"ends at entry {chain.starts[-1] - 1}; the file has changed since 'select'"
        )
    baskets = []
    for number, (file, tree) in enumerate(zip(chain.files, chain.trees, strict=True)):
        low, high = np.searchsorted(entries, chain.starts[number : number + 2])
        inside = entries[low:high] - chain.starts[number]
        offsets = np.asarray(tree[branch].entry_offsets)
        index = np.searchsorted(offsets, inside, side="right") - 1
        for basket in np.unique(index):
            here = index == basket
            start, stop = int(offsets[basket]), int(offsets[basket + 1])
            baskets.append(
                Basket(file, tree[branch], start, stop, inside[here], rows[low:high][here])
            )
    return baskets


def read_events(chain: Chain, branch: str, entries: np.ndarray) -> np.ndarray:
    """The values of a scalar branch at `entries`, shape (events,)."""
    baskets = wanted_baskets(chain, branch, entries, np.arange(len(entries)))
    parts = [np.asarray(_read(chain.run, basket)) for basket in baskets]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64)


def fill_rows(
    array: np.ndarray,
    chain: Chain,
    branches: list[str],
    entries: np.ndarray,
    rows: np.ndarray,
    threads: int,
) -> Iterator[int]:
    """Write the joined `branches` of `entries` into `rows` of `array`, shape (rows, values).

    Yields the number of values written after each basket. Raises RunsieveError if an event has
    another number of values than `array` or a branch another type.
    """
    offsets = np.zeros(len(array), dtype=np.int64)
    for branch in branches:
        baskets = wanted_baskets(chain, branch, entries, rows)
        with ThreadPoolExecutor(threads) as pool:
            for basket, values in pool.map(lambda b: (b, _read(chain.run, b)), baskets):
                yield _place(array, offsets, chain.run, basket, values)
    short = rows[offsets[rows] != array.shape[1]]
    if len(short):
        entry = entries[np.flatnonzero(rows == short[0])[0]]
        raise RunsieveError(
            f"run {chain.run}: {', '.join(branches)} hold {offsets[short[0]]} values at entry "
            f"{entry}, expected {array.shape[1]}"
        )


def value_type(chain: Chain, branches: Iterable[str]) -> np.dtype:
    """The number type of the branches, in native byte order; it must be the same for all."""
    found = set(chain.number_types(branches))
    if len(found) > 1:
        types = ", ".join(sorted(map(str, found)))
        raise RunsieveError(
            f"run {chain.run}: {', '.join(branches)} must be of one type, found {types}"
        )
    return found.pop()


def _read(run: int, basket: Basket) -> ak.Array:
    """The wanted entries of a basket."""
    what = f"branch '{basket.branch.name}', entries {basket.start} to {basket.stop - 1}"
    with reading(run, basket.file, what):
        array = basket.branch.array(entry_start=basket.start, entry_stop=basket.stop, library="ak")
        if len(array) != basket.stop - basket.start:
            raise ValueError(f"{len(array)} entries instead of {basket.stop - basket.start}")
        return array[basket.entries - basket.start]


def _place(
    array: np.ndarray, offsets: np.ndarray, run: int, basket: Basket, values: ak.Array
) -> int:
    """Append values to the rows of a basket's entries, behind what other branches have left."""
    counts = np.ones(len(values), dtype=int)
    if values.ndim > 1:
        while values.ndim > 2:
            values = ak.flatten(values, axis=2)
        counts = ak.to_numpy(ak.num(values))
    start = offsets[basket.rows[0]]
    stop = start + counts[0]
    same = (counts == counts[0]).all() and (offsets[basket.rows] == start).all()
    if not same or stop > array.shape[1]:
        worst = int(np.argmax((counts != counts[0]) | (counts > array.shape[1] - start)))
        raise RunsieveError(
            f"run {run}: {basket.file}: branch '{basket.branch.name}' holds {counts[worst]} values "
            f"at entry {basket.entries[worst]}, expected {array.shape[1] - start}"
        )
    array[basket.rows, start:stop] = ak.to_numpy(values).reshape(len(counts), -1)
    offsets[basket.rows] = stop
    return int(counts.sum())
