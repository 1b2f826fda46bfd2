"""TTrees as sources: their branches are stored in baskets."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from queue import Queue

import awkward as ak
import numpy as np
import uproot
from uproot.interpretation.jagged import AsJagged
from uproot.interpretation.numerical import AsDtype
from uproot.source.cursor import Cursor

from runsieve.runs.compression import START, unprotected_kind
from runsieve.runs.decoding import Content, Place, Reader, array_of, content_of, empty_array
from runsieve.runs.sources import Column, Source, Values
from runsieve.runs.validation import require_range


@dataclass(frozen=True)
class Branch(Column):
    """A branch of a TTree; its blocks are baskets."""

    branch: uproot.TBranch
    block_word = "baskets"

    @property
    def name(self) -> str:
        """Its name, without a path."""
        return self.branch.name

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return f"branch '{self.branch.name}'"

    @property
    def typename(self) -> str:
        """Its C++ type."""
        return self.branch.typename

    @cached_property
    def offsets(self) -> list[int]:
        """First entry of each basket and, last, the number of entries."""
        starts = self.branch.entry_offsets
        if starts[0] != 0 or sorted(starts) != starts:
            raise ValueError("their first entries are not in increasing order")
        return starts

    def block_bytes(self, number: int) -> int:
        """Size of a basket in the file."""
        return self.branch.basket_compressed_bytes(number)

    def bytes_per_entry(self) -> float | None:
        """Size of an entry with its length; None if it is not of fixed or variable length."""
        kind = self.branch.interpretation
        content = kind.content if type(kind) is AsJagged else kind
        if type(content) is not AsDtype or not self.branch.num_baskets:
            return None
        return self.branch.uncompressed_bytes / self.branch.num_entries

    def unprotected(self) -> Counter[str]:
        """How many baskets have no checksum, by the reason."""
        found = Counter()
        inside = len(self.branch.embedded_baskets)
        if inside:
            found["stored with the tree"] = inside
        count = self.branch.num_baskets - inside
        ranges = [require_range(self.branch, number) for number in range(count)]
        starts = [(start, min(stop, start + START)) for start, stop in ranges]
        for chunk in self.branch.file.source.chunks(starts, Queue()) if starts else ():
            stored = chunk.get(chunk.start, chunk.stop, Cursor(chunk.start), {})
            kind = unprotected_kind(memoryview(stored))
            if kind is not None:
                found[kind] += 1
        return found

    def empty(self) -> ak.Array:
        """No entry, in the type of the branch."""
        return empty_array(self.branch)

    def block(self, number: int) -> Values:
        """All entries of a basket, in the type of the file."""
        return array_of(self._place(number))

    def values(self, number: int, inside: np.ndarray) -> list[np.ndarray] | Values:
        """Some entries of a basket; the two most common layouts are sliced from its bytes."""
        interpretation, place = self.branch.interpretation, self._place(number)
        # With `branch.array` for each basket, reading takes 2.0 to 6.2 times the processor time for
        # fixed arrays, 2.2 to 6.4 for counted ones and 3.8 to 6.9 for vectors: medians, the low
        # ones for every tenth event, the high ones for all (benchmarks/reading/decoding.py).
        if type(interpretation) is AsDtype:
            base, shape = _type_and_shape(interpretation)
            data = np.frombuffer(content_of(place).data, base)
            return list(data.reshape(place.entries, *shape)[inside])
        if type(interpretation) is AsJagged and type(interpretation.content) is AsDtype:
            return _jagged(content_of(place), interpretation, inside)
        array = array_of(place)
        return [array[index] for index in inside]

    def _place(self, number: int) -> Place:
        return Place(self.branch, number, *map(int, self.offsets[number : number + 2]))


class Tree(Source):
    """A TTree of a ROOT file."""

    part = "branch"

    def __init__(self, tree: uproot.TTree):
        self.tree = tree
        self.title = f"tree '{tree.name}'"
        self.num_entries = int(tree.num_entries)
        self._found: dict[str, Branch] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of all branches, including nested ones, with and without paths."""
        return frozenset({*self.tree.keys(full_paths=False), *self.tree.keys()})

    def __getitem__(self, name: str) -> Branch:
        if name not in self._found:
            self._found[name] = Branch(self.tree[name])
        return self._found[name]

    def top_level(self) -> list[str]:
        """Names of all branches, including nested ones."""
        return self.tree.keys()

    def reader(self, names: list[str]) -> Reader:
        """A reader that asks for the baskets of all branches at once."""
        return Reader({name: self.tree[name] for name in names})


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
