"""Parquet files as sources: their columns are stored in row groups, lists are jagged."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import awkward as ak
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.parquet import ParquetFile

from runsieve.errors import RunsieveError
from runsieve.runs.sources import Column, Source, Values, of_length, reading
from runsieve.runs.streams import opened

KIND = "a parquet file"
PROTECTED = {"GZIP"}  # a CRC-32 of the decompressed bytes (RFC 1952, section 2.3.1)


@contextmanager
def open_parquet(place: str, file: str, tree: str) -> Iterator["Table"]:
    """Open a parquet file, which holds one table; its name, `tree`, is not used.

    Raises RunsieveError, beginning with `place`, if it can't be read.
    """
    with opened(place, file, KIND) as stream:
        with reading(place, "its table", KIND):
            # Checksums of pages are compared where the file has them.
            parquet = ParquetFile(stream, page_checksum_verification=True)
            table = Table(place, parquet)
        with parquet:
            yield table


class TableColumn(Column):
    """A column of a parquet file; its blocks are row groups."""

    block_word = "row groups"

    def __init__(self, table: "Table", name: str):
        self.name = name
        self.label = f"column '{name}'"
        self._table = table
        self._type = table.parquet.schema_arrow.field(name).type
        self.typename = str(self._type)

    @property
    def offsets(self) -> list[int]:
        """First entry of each row group and, last, the number of entries."""
        return self._table.offsets

    @cached_property
    def _chunks(self) -> list[int]:
        """Numbers of the chunks of each row group that hold the column."""
        schema = self._table.parquet.schema
        paths = [schema.column(number).path for number in range(len(schema))]
        return [
            number
            for number, path in enumerate(paths)
            if path == self.name or path.startswith(f"{self.name}.")
        ]

    def _sum(self, numbers: list[int], size: str) -> int:
        metadata = self._table.parquet.metadata
        groups = (metadata.row_group(self._table.groups[number]) for number in numbers)
        return sum(getattr(group.column(chunk), size) for group in groups for chunk in self._chunks)

    def block_bytes(self, number: int) -> int:
        """Size in the file, without that of other columns of the row group."""
        return self._sum([number], "total_compressed_size")

    def bytes_per_entry(self) -> float | None:
        """Size of an entry, decompressed, with its length."""
        if not self.blocks or not _is_number(_innermost(self._type)):
            return None
        # Not the size of the chunks, in which equal values are stored once.
        block = self.block(0)
        size = block.nbytes if isinstance(block, np.ndarray) else ak.to_layout(block).nbytes
        return size / self.offsets[1]

    def unprotected(self) -> Counter[str]:
        """How many row groups have no checksum, by the method of compression.

        Those that a writer may add to each page can't be told from the structure of the file.
        """
        metadata, found = self._table.parquet.metadata, Counter()
        for number in self._table.groups:
            kinds = {metadata.row_group(number).column(chunk).compression for chunk in self._chunks}
            found.update(sorted(kinds - PROTECTED)[:1])
        return found

    def empty(self) -> ak.Array:
        """No entry, in the type of the column."""
        return ak.Array(_values(pa.array([], self._type)))

    def block(self, number: int) -> Values:
        """All entries of a row group. Raises RunsieveError if one is null."""
        group = self._table.groups[number]
        found = self._table.parquet.read_row_group(group, columns=[self.name], use_threads=False)
        array = found.column(0).combine_chunks()
        array.validate(full=True)
        start, stop = self.offsets[number : number + 2]
        if (null := _first_null(array)) is not None:
            raise RunsieveError(
                f"{self._table.place}: {self.label} is null at entry {start + null}; numbers are "
                "needed in every entry"
            )
        return of_length(_values(array), stop - start)


class Table(Source):
    """The table of a parquet file."""

    part = "column"
    title = "table of the file"

    def __init__(self, place: str, parquet: ParquetFile):
        self.place, self.parquet = place, parquet
        metadata = parquet.metadata
        sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
        self.groups = [number for number, size in enumerate(sizes) if size]
        self.offsets = [0, *np.cumsum([sizes[number] for number in self.groups]).tolist()]
        self.num_entries = metadata.num_rows
        self._columns = {name: TableColumn(self, name) for name in parquet.schema_arrow.names}
        self.names = frozenset(self._columns)

    def __getitem__(self, name: str) -> TableColumn:
        return self._columns[name]

    def top_level(self) -> list[str]:
        """Names of all columns."""
        return list(self._columns)


def _values(array: pa.Array) -> Values:
    """Without nulls: numbers as a NumPy array, lists of them as an Awkward array."""
    kind = array.type
    if pa.types.is_fixed_size_list(kind):
        content = ak.to_layout(_values(array.flatten()))
        return ak.Array(ak.contents.RegularArray(content, kind.list_size, len(array)))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        lengths = pc.list_value_length(array).to_numpy(zero_copy_only=False)
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        content = ak.to_layout(_values(array.flatten()))
        return ak.Array(ak.contents.ListOffsetArray(ak.index.Index64(offsets), content))
    if not _is_number(kind):
        raise ValueError(f"no numbers, but {kind}")
    return array.to_numpy(zero_copy_only=False)


def _is_number(kind: pa.DataType) -> bool:
    types = pa.types
    return types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)


def _innermost(kind: pa.DataType) -> pa.DataType:
    while any(
        test(kind)
        for test in (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    ):
        kind = kind.value_type
    return kind


def _first_null(array: pa.Array) -> int | None:
    """The first entry that is null, or a list that holds a null."""
    if array.null_count:
        return int(np.flatnonzero(array.is_null().to_numpy(zero_copy_only=False))[0])
    kind = array.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        if not pa.types.is_fixed_size_list(kind):
            return None
        inside = _first_null(array.flatten())
        return None if inside is None else inside // kind.list_size
    inside = _first_null(array.flatten())
    if inside is None:
        return None
    ends = np.cumsum(pc.list_value_length(array).to_numpy(zero_copy_only=False))
    return int(np.searchsorted(ends, inside, side="right"))
