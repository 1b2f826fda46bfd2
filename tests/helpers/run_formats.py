"""The same run written as a TTree, an RNTuple, an HDF5 file and a parquet file."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import awkward as ak
import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import uproot

Branches = Mapping[str, Any]


def parts(branches: Branches, block: int) -> list[dict[str, Any]]:
    """The entries in blocks, of which the last one may be shorter."""
    entries = len(next(iter(branches.values())))
    edges = [*range(0, entries, block), entries]
    return [{k: v[start:stop] for k, v in branches.items()} for start, stop in pairwise(edges)]


def write_ttree(path: Path, branches: Branches, tree: str, block: int) -> None:
    _write_root(path, branches, tree, block, "mktree")


def write_rntuple(path: Path, branches: Branches, tree: str, block: int) -> None:
    _write_root(path, branches, tree, block, "mkrntuple")


def _write_root(path: Path, branches: Branches, tree: str, block: int, make: str) -> None:
    first, *others = parts(branches, block)
    with uproot.recreate(path) as file:
        written = getattr(file, make)(tree, first)
        for part in others:
            written.extend(part)


def write_hdf5(path: Path, branches: Branches, tree: str, block: int) -> None:
    with h5py.File(path, "w", libver="latest") as file:
        group = file.create_group(tree) if tree else file
        for name, values in branches.items():
            if isinstance(values, np.ndarray):
                chunks = (block, *values.shape[1:])
                group.create_dataset(name, data=values, chunks=chunks, compression="gzip")
                continue
            kind = h5py.vlen_dtype(ak.to_numpy(ak.flatten(values)).dtype)
            dataset = group.create_dataset(name, (len(values),), kind, chunks=(block,))
            for entry, one in enumerate(values):
                dataset[entry] = ak.to_numpy(one)


def arrow(values: Any) -> pa.Array:
    if isinstance(values, np.ndarray):
        if values.ndim == 1:
            return pa.array(values)
        return pa.FixedSizeListArray.from_arrays(values.ravel(), values[0].size)
    offsets = np.concatenate([[0], np.cumsum(ak.to_numpy(ak.num(values)))]).astype(np.int32)
    return pa.ListArray.from_arrays(offsets, ak.to_numpy(ak.flatten(values)))


def write_parquet(path: Path, branches: Branches, tree: str, block: int) -> None:
    """The name of the tree has no place in the file."""
    table = pa.table({name: arrow(values) for name, values in branches.items()})
    pq.write_table(table, path, row_group_size=block)


Writer = Callable[[Path, Branches, str, int], None]
FORMATS: dict[str, tuple[str, Writer]] = {
    "TTree": (".root", write_ttree),
    "RNTuple": (".root", write_rntuple),
    "HDF5": (".h5", write_hdf5),
    "parquet": (".parquet", write_parquet),
}


def write_run(folder: Path, name: str, kind: str, branches: Branches, tree: str, block: int) -> str:
    """Write a run in a format; returns the path."""
    ending, write = FORMATS[kind]
    path = folder / f"{kind}_{name}{ending}"
    write(path, branches, tree, block)
    return str(path)
