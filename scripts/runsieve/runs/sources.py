"""What every kind of run file offers: columns with one value, or several, per entry.

A column is stored in blocks of entries that are read and decompressed together: baskets of a TTree,
clusters of an RNTuple, chunks of an HDF5 dataset, row groups of a parquet file.
"""

import re
import traceback
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import awkward as ak
import numpy as np

from runsieve.errors import DamagedError, RunsieveError

PACKAGE = Path(__file__).resolve().parents[1]
Values = np.ndarray | ak.Array


class Column(ABC):
    """One value, or several, of each entry of a source.

    label: what it is called in messages, such as "branch 'energy'"
    block_word: what its blocks are called in messages, such as "baskets"
    typename: its type in the words of the file
    offsets: first entry of each block and, last, the number of entries; shape (blocks + 1,)
    """

    name: str
    label: str
    block_word: str
    typename: str
    offsets: list[int]

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return len(self.offsets) - 1

    @abstractmethod
    def block_bytes(self, number: int) -> int:
        """Size of a block in the file."""

    @abstractmethod
    def bytes_per_entry(self) -> float | None:
        """Size of an entry, decompressed; None if it is not plain numbers, or none is stored."""

    @abstractmethod
    def unprotected(self) -> Counter[str]:
        """How many blocks have no checksum that is compared when they are read, by the reason."""

    @abstractmethod
    def block(self, number: int) -> Values:
        """All entries of a block, shape (entries, ...). Raises an error if they are damaged."""

    def values(self, number: int, inside: np.ndarray) -> list[np.ndarray] | Values:
        """Some entries of a block, counted from its first one."""
        return picked(self.block(number), inside)

    def empty(self) -> ak.Array:
        """No entry, in the type of the column."""
        return ak.Array(self.block(0)[:0])

    def jagged(self) -> bool:
        """Whether its type allows entries with different numbers of values."""
        return "var" in self.empty().typestr


class Reader(Protocol):
    """Reads several columns of ranges of entries, one range after the other."""

    def read(self, start: int, stop: int) -> Mapping[str, Values]:
        """Entries from `start` to before `stop` of each column, shape (stop - start, ...)."""


class Source(ABC):
    """The entries of one file of a run.

    title: what it is called in messages, such as "tree 'event'"
    part: what its columns are called in messages, such as "branch"
    names: the names that its columns can be read by
    """

    title: str
    part: str
    num_entries: int
    names: frozenset[str]

    @abstractmethod
    def __getitem__(self, name: str) -> Column:
        """The column of a name, which must be one of `names`."""

    @abstractmethod
    def top_level(self) -> list[str]:
        """One name for each column, in the order of the file."""

    def reader(self, names: list[str]) -> Reader:
        """A reader of some columns."""
        return BlockReader({name: self[name] for name in names})


class BlockReader:
    """Reads ranges of entries, one after the other; a block of two ranges is read once."""

    def __init__(self, columns: Mapping[str, Column]):
        self._columns = columns
        self._blocks: dict[str, dict[int, Values]] = {name: {} for name in columns}

    def read(self, start: int, stop: int) -> dict[str, Values]:
        """Entries from `start` to before `stop` of all columns, shape (stop - start, ...)."""
        return {name: self._one(name, start, stop) for name in self._columns}

    def _one(self, name: str, start: int, stop: int) -> Values:
        column, known = self._columns[name], self._blocks[name]
        offsets, parts = column.offsets, []
        for number in range(bisect_right(offsets, start) - 1, bisect_left(offsets, stop)):
            if number not in known:
                known[number] = column.block(number)
            first = offsets[number]
            parts.append(known[number][max(start - first, 0) : stop - first])
        self._blocks[name] = {k: block for k, block in known.items() if offsets[k + 1] > stop}
        return parts[0] if len(parts) == 1 else ak.concatenate(parts)


def picked(block: Values, inside: np.ndarray) -> list[np.ndarray] | Values:
    """Some entries of a block, each as a NumPy array where they are numbers or lists of them."""
    if isinstance(block, np.ndarray):
        return list(block[inside])
    layout = block.layout
    if isinstance(layout, ak.contents.ListOffsetArray) and isinstance(
        layout.content, ak.contents.NumpyArray
    ):
        # Slices of the flat values are much faster than elements of an Awkward array.
        offsets, flat = np.asarray(layout.offsets), np.asarray(layout.content.data)
        return [flat[offsets[entry] : offsets[entry + 1]] for entry in inside]
    return [block[entry] for entry in inside]


def of_length(values: Values, entries: int) -> Values:
    """The values, as a NumPy array if regular.

    Raises ValueError if there are not as many entries, or if lengths contradict each other.
    """
    if len(values) != entries:
        raise ValueError(f"{len(values)} entries instead of {entries}")
    if isinstance(values, np.ndarray):
        return values
    if error := ak.validity_error(values):
        raise ValueError(" ".join(error.split()))
    try:
        return ak.to_numpy(values, allow_missing=False)
    except ValueError:
        return values


@contextmanager
def reading(place: str, what: str, kind: str | None = None) -> Iterator[None]:
    """Turn any error that a damaged file causes in the block into a DamagedError.

    kind: where a file is opened, what it should be, such as "a ROOT file". What can have other
    causes, such as memory or a system that does not answer, becomes a RunsieveError.
    """
    try:
        yield
    except RunsieveError:
        raise
    except FileNotFoundError:
        raise DamagedError(f"{place} does not exist") from None
    except Exception as error:
        other = isinstance(error, MemoryError) or getattr(error, "errno", None) is not None
        refusal = RunsieveError if other else DamagedError
        state = f"damaged, cut short or not {kind}" if kind else "damaged or cut short"
        found = f" ({error})" if _is_own(error) else ""
        raise refusal(f"{place}: cannot read {what}; the file is {state}{found}") from error


def _is_own(error: Exception) -> bool:
    """True if the project has raised the error; libraries speak to programmers."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return PACKAGE in Path(last.filename).resolve().parents


def reason(error: Exception) -> str:
    """What the reading library says of a type, in one line, without its advice to developers."""
    text = " ".join(str(error).split()) or type(error).__name__
    return re.split(r",? (?:try library=|in file |See )", text)[0]
