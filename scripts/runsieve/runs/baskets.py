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
from runsieve.runs.decoding import Content, Place, array_of, content_of
from runsieve.runs.trees import Chain, reading


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
    place = Place(basket.branch, basket.number, basket.start, basket.stop)
    inside = basket.entries - basket.start
    # With `branch.array` for each basket, reading takes 2.0 to 6.2 times the processor time for
    # fixed arrays, 2.2 to 6.4 for counted ones and 3.8 to 6.9 for vectors: medians, the low ones
    # for every tenth event, the high ones for all (benchmarks/reading/decoding.py).
    if type(interpretation) is AsDtype:
        base, shape = _type_and_shape(interpretation)
        data = np.frombuffer(content_of(place).data, base)
        return list(data.reshape(place.entries, *shape)[inside])
    if type(interpretation) is AsJagged and type(interpretation.content) is AsDtype:
        return _jagged(content_of(place), interpretation, inside)
    array = array_of(place)
    return [array[index] for index in inside]


def _jagged(content: Content, interpretation: AsJagged, inside: np.ndarray) -> list[np.ndarray]:
    base, shape = _type_and_shape(interpretation.content)
    starts = content.offsets[:-1] + interpretation.header_bytes
    stops = content.offsets[1:]
    return [
        np.frombuffer(content.data[starts[entry] : stops[entry]], base).reshape(-1, *shape)
        for entry in inside
    ]


def _type_and_shape(interpretation: AsDtype) -> tuple[np.dtype, tuple[int, ...]]:
    kind = interpretation.from_dtype
    return kind.subdtype or (kind, ())


def _regular(value: ak.Array | np.ndarray | np.generic) -> np.ndarray:
    """As a NumPy array; nested lists of different lengths are flattened."""
    if not isinstance(value, ak.Array):
        return np.asarray(value)
    try:
        return ak.to_numpy(value, allow_missing=False)
    except ValueError:
        return ak.to_numpy(ak.flatten(value, axis=None))
