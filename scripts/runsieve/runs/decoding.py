"""Decoding of baskets by uproot, after their lengths and offsets have been checked."""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from queue import Queue
from typing import Any

import awkward as ak
import numpy as np
import uproot
from uproot.interpretation.grouped import AsGrouped
from uproot.interpretation.jagged import AsJagged
from uproot.interpretation.library import Awkward
from uproot.interpretation.numerical import AsDtype, Numerical
from uproot.interpretation.objects import CannotBeAwkward
from uproot.models.TBasket import Model_TBasket
from uproot.source.chunk import Chunk
from uproot.source.cursor import Cursor

from runsieve.runs.validation import require_key, require_lengths, require_offsets, require_range

AWKWARD = Awkward()
OPTIONS = {"ak_add_doc": False}


@dataclass(frozen=True)
class Place:
    """A basket of a branch, by its number, and its entries, `start` to before `stop`."""

    branch: uproot.TBranch
    number: int
    start: int
    stop: int

    @property
    def entries(self) -> int:
        """How many entries it holds."""
        return self.stop - self.start

    @property
    def is_free(self) -> bool:
        """Whether it is in the file by itself, not stored with the tree."""
        return self.number < self.branch.num_baskets - len(self.branch.embedded_baskets)


@dataclass(frozen=True)
class Content:
    """The decompressed and checked bytes of a basket.

    offsets: where each entry starts and, last, where the last one ends, shape (entries + 1,); None
    where all entries have the same size
    """

    basket: Model_TBasket
    data: np.ndarray
    offsets: np.ndarray | None


def content_of(place: Place) -> Content:
    """Read and check one basket. Raises ValueError if its sizes contradict each other."""
    return _contents([place])[0]


def array_of(place: Place) -> ak.Array:
    """All entries of one basket. Raises ValueError if its sizes contradict each other."""
    values = _decoded(place, content_of(place))
    return _joined(place.branch, {0: values}, 0, place.entries, [0, place.entries])


def empty_array(branch: uproot.TBranch) -> ak.Array:
    """No entry, in the type of the branch.

    The first basket of objects must be readable, because only this shows whether uproot can.
    """
    try:
        form = branch.interpretation.awkward_form(branch.file)
    except CannotBeAwkward as error:
        raise ValueError(f"it can't be an array: {error}") from error
    content = branch.interpretation
    content = content.content if type(content) is AsJagged else content
    if isinstance(content, (AsDtype, AsGrouped)) or not branch.num_baskets:
        return ak.Array(form.length_zero_array())
    return array_of(Place(branch, 0, *branch.entry_offsets[:2]))[:0]


class Reader:
    """Reads ranges of entries, one after the other; a basket of two ranges is decoded once."""

    def __init__(self, branches: Mapping[str, uproot.TBranch]):
        self._branches = branches
        self._offsets = {name: branch.entry_offsets for name, branch in branches.items()}
        self._decoded: dict[str, dict[int, Any]] = {name: {} for name in branches}

    def read(self, start: int, stop: int) -> dict[str, ak.Array]:
        """Entries from `start` to before `stop` of all branches.

        Raises ValueError if a basket has sizes that contradict each other.
        """
        missing = [
            (name, place)
            for name in self._branches
            for place in self._places(name, start, stop)
            if place.number not in self._decoded[name]
        ]
        contents = _contents([place for _, place in missing])
        for (name, place), content in zip(missing, contents, strict=True):
            self._decoded[name][place.number] = _decoded(place, content)
        arrays = {}
        for name, branch in self._branches.items():
            decoded, offsets = self._decoded[name], self._offsets[name]
            arrays[name] = _joined(branch, decoded, start, stop, offsets)
            self._decoded[name] = {k: v for k, v in decoded.items() if offsets[k + 1] > stop}
        return arrays

    def _places(self, name: str, start: int, stop: int) -> Iterator[Place]:
        """The baskets that hold an entry of the range."""
        offsets = self._offsets[name]
        for number in range(bisect_right(offsets, start) - 1, bisect_left(offsets, stop)):
            yield Place(self._branches[name], number, *offsets[number : number + 2])


def _contents(places: list[Place]) -> list[Content]:
    """Read baskets of one file, with a single request for all of them."""
    free = [place for place in places if place.is_free]
    ranges = [require_range(place.branch, place.number) for place in free]
    if len(ranges) == 1:  # without the threads that several requests take
        chunks = iter([free[0].branch.file.source.chunk(*ranges[0])])
    else:
        chunks = iter(free[0].branch.file.source.chunks(ranges, Queue()) if free else ())
    return [_content(place, next(chunks) if place.is_free else None) for place in places]


def _content(place: Place, chunk: Chunk | None) -> Content:
    branch, interpretation = place.branch, place.branch.interpretation
    if chunk is None:
        basket = branch.basket(place.number)
    else:
        cursor, context = Cursor(chunk.start), {"basket_num": place.number}
        stored = memoryview(chunk.get(chunk.start, chunk.stop, cursor, context))
        require_key(stored, place.entries)
        basket = Model_TBasket.read(chunk, cursor, context, branch.file, branch.file, branch)
    if basket.num_entries != place.entries:
        raise ValueError(f"{basket.num_entries} entries instead of {place.entries}")
    offsets = None if isinstance(interpretation, Numerical) else basket.byte_offsets
    if offsets is None and isinstance(interpretation, AsJagged):
        offsets = _counted_offsets(place, interpretation.content.from_dtype.itemsize)
    if offsets is not None:
        require_offsets(basket.data, offsets, place.entries)
    require_lengths(interpretation, basket.data, offsets, place.entries)
    return Content(basket, basket.data, offsets)


def _counted_offsets(place: Place, size: int) -> np.ndarray:
    """From the branch that counts the values, where a file has no offsets (TIOFeatures)."""
    counter = place.branch.count_branch
    if counter is None:
        raise ValueError("no lengths of its entries")
    counts = ak.to_numpy(Reader({"counts": counter}).read(place.start, place.stop)["counts"])
    return np.concatenate([[0], np.cumsum(counts.astype(np.int64) * size)])


def _decoded(place: Place, content: Content) -> Any:
    """What uproot makes of one basket, to be joined with others."""
    values = place.branch.interpretation.basket_array(
        content.data,
        content.offsets,
        content.basket,
        place.branch,
        place.branch.context | {"forth": threading.local()},
        content.basket.member("fKeylen"),
        AWKWARD,
        OPTIONS,
    )
    if len(values) != place.entries:
        raise ValueError(f"{len(values)} entries instead of {place.entries}")
    return values


def _joined(
    branch: uproot.TBranch, values: dict[int, Any], start: int, stop: int, offsets: list[int]
) -> ak.Array:
    interpretation = branch.interpretation
    array = interpretation.final_array(values, start, stop, offsets, AWKWARD, branch, OPTIONS)
    if len(array) != stop - start:
        raise ValueError(f"{len(array)} entries instead of {stop - start}")
    # What has been checked before needs no second look.
    checked = isinstance(interpretation, Numerical | AsJagged)
    if not checked and (error := ak.validity_error(array)):
        raise ValueError(" ".join(error.split()))
    return array
