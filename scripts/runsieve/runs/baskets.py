"""Baskets: the entries of a branch that are compressed together, and reading some of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import getitem

import awkward as ak
import numpy as np
import uproot
from uproot.interpretation.jagged import AsJagged
from uproot.interpretation.numerical import AsDtype

from runsieve.errors import RunsieveError
from runsieve.runs.trees import Chain, reading

VECTOR_HEADER = 10  # bytes: 4 of length, 2 of version, 4 of the number of values


@dataclass(frozen=True)
class Basket:
    """The wanted entries of one basket: `entries` (in the file) go to `rows` of the output."""

    file: str
    branch: uproot.TBranch
    part: tuple[str | int, ...]
    number: int
    start: int
    stop: int
    entries: np.ndarray
    rows: np.ndarray

    @property
    def compressed_bytes(self) -> int:
        """Its size in the file."""
        return self.branch.basket_compressed_bytes(self.number)


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
    for number, (file, tree) in enumerate(zip(chain.files, chain.trees, strict=True)):
        low, high = np.searchsorted(entries, chain.starts[number : number + 2])
        inside = entries[low:high] - chain.starts[number]
        offsets = np.asarray(tree[name].entry_offsets)
        baskets, first = np.unique(
            np.searchsorted(offsets, inside, side="right") - 1, return_index=True
        )
        last = np.append(first, len(inside))[1:]
        for basket, start, stop in zip(baskets, first, last, strict=True):
            yield Basket(
                file,
                tree[name],
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
    present = set.intersection(*chain.branches)
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
    what = f"branch '{basket.branch.name}', entries {basket.start} to {basket.stop - 1}"
    with reading(place, what):
        values = _values(basket)
    try:
        return [_regular(reduce(getitem, basket.part, value)) for value in values]
    except (IndexError, ak.errors.FieldNotFoundError):
        part = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in basket.part)
        raise RunsieveError(
            f"{place}: {what}: there is no {basket.branch.name}{part} in each of them; the branch "
            f"is of the type {basket.branch.typename}"
        ) from None


def _values(basket: Basket) -> list[np.ndarray] | ak.Array:
    """The two most common layouts are sliced from the bytes; uproot reads all others."""
    interpretation = basket.branch.interpretation
    # With `branch.array` for each basket, reading takes 2.0 to 6.2 times the processor time for
    # fixed arrays, 2.2 to 6.4 for counted ones and 3.8 to 6.9 for vectors: medians, the low ones
    # for every tenth event, the high ones for all (benchmarks/reading/decoding.py).
    if type(interpretation) is AsDtype:
        raw = _raw(basket)
        return list(_fixed(raw.data, interpretation, raw.num_entries)[_inside(basket)])
    if type(interpretation) is AsJagged and type(interpretation.content) is AsDtype:
        raw = _raw(basket)
        if raw.byte_offsets is not None:
            return _jagged(raw, interpretation, _inside(basket))
    array = basket.branch.array(entry_start=basket.start, entry_stop=basket.stop, library="ak")
    if len(array) != basket.stop - basket.start:
        raise ValueError(f"{len(array)} entries instead of {basket.stop - basket.start}")
    return [array[index] for index in _inside(basket)]


def _inside(basket: Basket) -> np.ndarray:
    return basket.entries - basket.start


def _raw(basket: Basket) -> uproot.models.TBasket.Model_TBasket:
    raw = basket.branch.basket(basket.number)
    if raw.num_entries != basket.stop - basket.start:
        raise ValueError(f"{raw.num_entries} entries instead of {basket.stop - basket.start}")
    return raw


def _fixed(data: np.ndarray, interpretation: AsDtype, entries: int) -> np.ndarray:
    kind = interpretation.from_dtype
    base, shape = kind.subdtype or (kind, ())
    return np.frombuffer(data, base).reshape(entries, *shape)


def _jagged(
    raw: uproot.models.TBasket.Model_TBasket, interpretation: AsJagged, inside: np.ndarray
) -> list[np.ndarray]:
    offsets, header = raw.byte_offsets, interpretation.header_bytes
    if (np.diff(offsets) < header).any() or offsets[0] != 0 or len(offsets) != raw.num_entries + 1:
        raise ValueError("the lengths of its entries contradict each other")
    kind = interpretation.content.from_dtype
    base, shape = kind.subdtype or (kind, ())
    values = []
    for entry in inside:
        content = raw.data[offsets[entry] + header : offsets[entry + 1]]
        value = np.frombuffer(content, base).reshape(-1, *shape)
        if header == VECTOR_HEADER:
            place = slice(offsets[entry] + header - 4, offsets[entry] + header)
            counted = int.from_bytes(raw.data[place].tobytes(), "big")
            if counted != len(value):
                raise ValueError(f"a vector of {counted} values holds {len(value)}")
        values.append(value)
    return values


def _regular(value: ak.Array | np.ndarray | np.generic) -> np.ndarray:
    """As a NumPy array; nested lists of different lengths are flattened."""
    if not isinstance(value, ak.Array):
        return np.asarray(value)
    try:
        return ak.to_numpy(value, allow_missing=False)
    except ValueError:
        return ak.to_numpy(ak.flatten(value, axis=None))
