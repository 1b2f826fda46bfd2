"""HDF5 files as sources: one dataset per column, whose first axis counts the entries."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from math import prod

import awkward as ak
import h5py
import numpy as np

from runsieve.errors import RunsieveError
from runsieve.runs.sources import Column, Source, Values, of_length, reading
from runsieve.runs.streams import opened

KIND = "an HDF5 file"
BLOCK = 4_000_000  # bytes that are read together of a dataset without chunks
LENGTH = 16  # bytes of an entry of variable length, without its values
CHECKED_STRUCTURE = 3  # version of the superblock from which on all of the structure has checksums
PROTECTED = {"gzip"}  # a zlib stream ends with an Adler-32 checksum (RFC 1950, section 2.2)


@contextmanager
def open_hdf5(place: str, file: str, tree: str) -> Iterator["Group"]:
    """Open the group `tree` of an HDF5 file, or its root group if there is no such group.

    Raises RunsieveError, beginning with `place`, if it can't be read or holds no dataset.
    """
    # A stream for addresses only: the library reads paths faster by itself.
    with opened(place, file, KIND) as stream:
        with reading(place, "its groups", KIND):
            path = stream if "://" in file else file
            found = h5py.File(path, "r", locking="best-effort")
        with found:
            with reading(place, "its groups", KIND):
                group = found.get(tree) if tree else found
                group = Group(group if isinstance(group, h5py.Group) else found)
                held = [] if group.names else _groups(found)
            if not group.names:
                raise RunsieveError(
                    f"{place}: no group '{tree}' with datasets; the file holds "
                    f"{', '.join(held) or 'nothing'}"
                )
            yield group


class Dataset(Column):
    """A dataset; its blocks are its chunks along the first axis."""

    block_word = "chunks"

    def __init__(self, name: str, dataset: h5py.Dataset):
        self.name = name
        self.label = f"dataset '{name}'"
        self._dataset = dataset
        self._list = h5py.check_vlen_dtype(dataset.dtype)  # the type of its values, if of lists
        self.typename = f"list of {self._list}" if self._list else str(dataset.dtype)
        self.entries = len(dataset)

    @cached_property
    def offsets(self) -> list[int]:
        """First entry of each chunk and, last, the number of entries.

        Raises ValueError if some of them are not in the file: they would be read as zeros.
        """
        _require_written(self._dataset)
        step = max(1, BLOCK // max(1, self._itemsize()))
        if self._dataset.chunks:
            step = self._dataset.chunks[0]
        return [*range(0, self.entries, step), self.entries]

    def _itemsize(self) -> int:
        shape = self._dataset.shape[1:]
        return (LENGTH if self._list else self._dataset.dtype.itemsize) * prod(shape)

    def block_bytes(self, number: int) -> int:
        """Size of a chunk in the file, on average."""
        return self._dataset.id.get_storage_size() // max(1, self.blocks)

    def bytes_per_entry(self) -> float | None:
        """Size of an entry, decompressed."""
        if not self.blocks or (self._list or self._dataset.dtype).kind not in "biuf":
            return None
        if self._list is None:
            return self._itemsize()
        return ak.to_layout(self.block(0)).nbytes / self.offsets[1]

    def unprotected(self) -> Counter[str]:
        """How many chunks have no checksum, by the reason."""
        version, *_ = self._dataset.file.id.get_create_plist().get_version()
        if version < CHECKED_STRUCTURE:
            return Counter({"in a file of the older kind": self.blocks})
        if self._list is not None:
            return Counter({"of variable length": self.blocks})
        if self._dataset.fletcher32 or self._dataset.compression in PROTECTED:
            return Counter()
        return Counter({self._dataset.compression or "uncompressed": self.blocks})

    def empty(self) -> ak.Array:
        """No entry, in the type of the dataset."""
        if self._list is not None:
            return ak.Array(_jagged([], self._list))
        return ak.Array(np.empty((0, *self._dataset.shape[1:]), self._dataset.dtype))

    def block(self, number: int) -> Values:
        """All entries of a chunk."""
        start, stop = self.offsets[number : number + 2]
        values = self._dataset[start:stop]
        if self._list is not None:
            return of_length(_jagged(list(values), self._list), stop - start)
        return of_length(values, stop - start)


class Group(Source):
    """The datasets of a group, and of groups in it; links to other files are not followed."""

    part = "dataset"

    def __init__(self, group: h5py.Group):
        self.title = f"group '{group.name}'"
        self._columns: dict[str, Dataset] = {}
        group.visititems(self._visit)
        self.names = frozenset(self._columns)
        lengths = Counter(column.entries for column in self._columns.values())
        # Datasets of another length, such as constants, are refused where they are named.
        self.num_entries = max(lengths, key=lambda length: (lengths[length], length), default=0)

    def _visit(self, name: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset) and item.shape:
            self._columns[name] = Dataset(name, item)

    def __getitem__(self, name: str) -> Dataset:
        return self._columns[name]

    def top_level(self) -> list[str]:
        """Names of all datasets."""
        return list(self._columns)


def _require_written(dataset: h5py.Dataset) -> None:
    """HDF5 gives the fill value for what was never written, however large the shape."""
    if dataset.chunks:
        pairs = zip(dataset.shape, dataset.chunks, strict=True)
        chunks = prod(-(-size // chunk) for size, chunk in pairs)
        found = dataset.id.get_num_chunks()
        if found != chunks:
            raise ValueError(f"{found} of {chunks} chunks are in the file")
    elif dataset.id.get_storage_size() < dataset.nbytes:
        raise ValueError(f"{dataset.id.get_storage_size()} of {dataset.nbytes} bytes are in it")


def _jagged(lists: list[np.ndarray], kind: np.dtype) -> ak.Array:
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in lists], dtype=np.int64)])
    flat = np.concatenate([np.empty(0, kind), *lists])
    content = ak.contents.NumpyArray(flat)
    return ak.Array(ak.contents.ListOffsetArray(ak.index.Index64(offsets), content))


def _groups(file: h5py.File) -> list[str]:
    found: list[str] = []
    file.visititems(lambda name, item: found.append(name))
    return found
