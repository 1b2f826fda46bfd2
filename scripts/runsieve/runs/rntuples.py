"""RNTuples, ROOT's format after the TTree, as sources: their fields are stored in clusters.

uproot compares the checksums of the header and footer; those of the page lists and the pages are
compared here (ROOT: tree/ntuple/doc/BinaryFormatSpecification.md, XXH3 of 64 bits).
"""

import struct
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import awkward as ak
import uproot
import xxhash
from uproot.behaviors.RNTuple import RNTuple
from uproot.models.RNTuple import RField

from runsieve.runs.sources import Column, Source, Values, of_length

CHECKSUM = struct.Struct("<Q")
ALGORITHMS = {0: "uncompressed", 1: "ZLIB", 2: "LZMA", 4: "LZ4", 5: "ZSTD"}  # hundreds of settings
PROTECTED = {"ZLIB", "LZMA", "LZ4"}  # see runs/compression.py
CACHE = "256 MB"  # decoded columns: uproot also decodes the cluster after the one that is asked for


class Field(Column):
    """A field of an RNTuple; its blocks are clusters."""

    block_word = "clusters"

    def __init__(self, source: "Ntuple", name: str, field: RField):
        self.name = name
        self.label = f"field '{name}'"
        self._source, self._field = source, field
        self._compared: set[int] = set()

    @property
    def typename(self) -> str:
        """Its C++ type."""
        return self._field.typename

    @property
    def offsets(self) -> list[int]:
        """First entry of each cluster and, last, the number of entries."""
        return self._source.offsets

    @cached_property
    def _parts(self) -> set[int]:
        """Numbers of the field and of the fields nested in it."""
        mine = {self._field.field_id}
        # A field comes after the field that it is part of.
        for number, record in enumerate(self._source.ntuple.field_records):
            if record.parent_field_id in mine:
                mine.add(number)
        return mine

    @cached_property
    def _columns(self) -> list[int]:
        """Numbers of the columns that hold the field, those of nested fields included."""
        columns = self._source.ntuple.column_records
        return [column.idx for column in columns if column.field_id in self._parts]

    def jagged(self) -> bool:
        """Whether a field in it is a collection."""
        records = self._source.ntuple.field_records
        roles = {records[number].struct_role for number in self._parts}
        return uproot.const.RNTupleFieldRole.COLLECTION in roles

    def _lists(self, number: int) -> Iterator[tuple[int, Any]]:
        """Size of a value in bits, and the list of pages, of each column in a cluster."""
        lists = self._source.ntuple.page_link_list[self._source.clusters[number]]
        for column in self._columns:
            if column < len(lists) and not lists[column].suppressed:
                yield self._source.ntuple.column_records[column].nbits, lists[column]

    def _pages(self, number: int) -> Iterator[Any]:
        for _, listed in self._lists(number):
            yield from listed.pages

    def block_bytes(self, number: int) -> int:
        """Size of the pages of a cluster in the file."""
        return sum(page.locator.num_bytes for page in self._pages(number))

    def bytes_per_entry(self) -> float | None:
        """Size of an entry, decompressed, with its length."""
        if not self.blocks or (self._field.fields and not self._field.fields[0].is_anonymous):
            return None
        bits = sum(
            size * page.num_elements
            for number in range(self.blocks)
            for size, listed in self._lists(number)
            for page in listed.pages
        )
        return bits / 8 / self._source.num_entries

    def unprotected(self) -> Counter[str]:
        """How many clusters have pages without a checksum, by the method of compression."""
        found = Counter()
        for number in range(self.blocks):
            kinds = {
                _method(page, size, listed.compression_settings)
                for size, listed in self._lists(number)
                for page in listed.pages
                if not page.has_checksum
            }
            found.update(sorted(kinds - PROTECTED)[:1])
        return found

    def empty(self) -> ak.Array:
        """No entry, in the type of the field; its first cluster, if any, must be readable."""
        return ak.Array(self.block(0)[:0] if self.blocks else self._field.array(0, 0))

    def block(self, number: int) -> Values:
        """All entries of a cluster. Raises ValueError if a checksum of it is another."""
        if number not in self._compared:
            for page in self._pages(number):
                self._compare(page)
            self._compared.add(number)
        start, stop = self.offsets[number : number + 2]
        values = self._field.array(start, stop, array_cache=self._source.cache)
        return of_length(values, stop - start)

    def _compare(self, page: Any) -> None:
        file, start = self._source.ntuple.file, page.locator.offset
        stop = start + page.locator.num_bytes + (CHECKSUM.size if page.has_checksum else 0)
        if not 0 < start <= stop <= file.fEND:
            raise ValueError(f"a page at bytes {start} to {stop} of {file.fEND}")
        if page.has_checksum:
            stored = file.source.chunk(start, stop).raw_data
            _require_checksum(bytes(stored), "a page")


class Ntuple(Source):
    """An RNTuple of a ROOT file. Raises an error if its structure is damaged."""

    part = "field"

    def __init__(self, ntuple: RNTuple):
        self.ntuple = ntuple
        self.title = f"RNTuple '{ntuple.name}'"
        self.cache = uproot.LRUArrayCache(CACHE)
        for record in ntuple.footer.cluster_group_records:
            link = record.page_list_link
            chunk, _ = ntuple.read_locator(link.locator, link.env_uncomp_size)
            _require_checksum(bytes(chunk.raw_data), "a list of pages")
        self.num_entries = int(ntuple.num_entries)
        clusters = list(enumerate(ntuple.cluster_summaries))
        self.clusters = [number for number, one in clusters if one.num_entries]
        self.offsets = [0]
        for number in self.clusters:
            one = ntuple.cluster_summaries[number]
            if one.num_first_entry != self.offsets[-1]:
                raise ValueError("the first entries of its clusters contradict each other")
            self.offsets.append(self.offsets[-1] + int(one.num_entries))
        self._fields = {name: Field(self, name, field) for name, field in ntuple.items()}
        self.names = frozenset(self._fields)

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def top_level(self) -> list[str]:
        """Names of all fields, including nested ones."""
        return list(self._fields)


def _method(page: Any, bits: int, settings: int) -> str:
    """The method of compression of a page; as it is where that would not make it smaller."""
    if page.locator.num_bytes >= -(-page.num_elements * bits // 8):
        return ALGORITHMS[0]
    return ALGORITHMS.get(settings // 100, "unknown compression")


def _require_checksum(content: bytes, what: str) -> None:
    """The last bytes are the checksum of those before."""
    stored, (expected,) = content[: -CHECKSUM.size], CHECKSUM.unpack(content[-CHECKSUM.size :])
    if xxhash.xxh3_64_intdigest(stored) != expected:
        raise ValueError(f"the checksum of {what} is another")
