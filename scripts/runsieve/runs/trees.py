"""Opening the trees of a run, and explaining why a file cannot be read."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

import awkward as ak
import numpy as np
from uproot.interpretation.identify import UnknownInterpretation

from runsieve.errors import DamagedError, RunsieveError
from runsieve.runs.hdf5 import open_hdf5
from runsieve.runs.parquet import open_parquet
from runsieve.runs.root_files import open_root
from runsieve.runs.sources import Column, Source, reading, reason

if TYPE_CHECKING:
    from runsieve.runs.friends import Joined

# Errors about a type; others come from damaged bytes.
UNREADABLE = (NotImplementedError, TypeError, ValueError, UnknownInterpretation)
COMPUTED_TREE = "columns"
EVENT_OF_COMPUTED = "event"  # the only branch of that tree that is not a column
ENDINGS = {".h5": open_hdf5, ".hdf5": open_hdf5, ".parquet": open_parquet}  # others: ROOT


@dataclass(frozen=True)
class Chain:
    """One tree over the files of a run; entries are counted through all files.

    computed: a second chain of the same entries, with the computed columns of the run
    friends: other trees with values of the same events, by name
    """

    run: int
    files: tuple[str, ...]
    sources: tuple[Source, ...]
    computed: "Chain | None" = None
    friends: Mapping[str, "Joined"] = field(default_factory=dict)

    @property
    def starts(self) -> np.ndarray:
        """First entry of each file and, last, the number of entries; shape (files + 1,)."""
        return np.concatenate([[0], np.cumsum([one.num_entries for one in self.sources])])

    def file_of(self, entry: int) -> str:
        """The file that holds an entry."""
        return self.files[int(np.searchsorted(self.starts, entry, side="right")) - 1]

    def owner(self, branch: str) -> "Chain":
        """The chain that a branch is read from: computed columns are in a file of their own."""
        computed = self.computed
        if computed is None or branch == EVENT_OF_COMPUTED:
            return self
        return computed if branch in computed.sources[0].names else self

    def friend(self, branch: str) -> "tuple[Joined, str] | None":
        """The friend that a branch is of, and its name there; None for a branch of the run."""
        name, _, inner = branch.partition(".")
        return (self.friends[name], inner) if name in self.friends else None

    def located(self, branch: str) -> "tuple[Chain, str]":
        """The chain that holds a branch, of the run or of a friend, and its name there."""
        found = self.friend(branch)
        return (self, branch) if found is None else (found[0].chain, found[1])

    @cached_property
    def branches(self) -> list[frozenset[str]]:
        """Names of all branches of each file, including nested ones, with and without paths."""
        return [source.names for source in self.sources]

    def require(self, branches: Iterable[str]) -> None:
        """Raise RunsieveError, with the nearest names, if a file lacks one of the branches."""
        for file, source in zip(self.files, self.sources, strict=True):
            present = source.names
            for name in sorted(branches):
                if name not in present:
                    near = difflib.get_close_matches(name, present, n=3) or sorted(present)[:10]
                    raise RunsieveError(
                        f"run {self.run}: {file}: {source.title} has no {source.part} '{name}' "
                        f"(nearest: {', '.join(near)})"
                    )
                _require_entries(f"run {self.run}: {file}", source, source[name])

    def number_types(
        self, branches: Iterable[str], members: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, np.dtype]:
        """The number type of each branch, in native byte order, or of the named member of it.

        Raises RunsieveError for a branch that is missing, does not hold numbers, or is of another
        type in another file.
        """
        branches = sorted(branches)
        for name in branches:
            chain, inner = self.located(name)
            chain.require([inner])
        types = {}
        for name in branches:
            chain, inner = self.located(name)
            for file, source in zip(chain.files, chain.sources, strict=True):
                found = number_type(f"run {self.run}: {file}", source[inner], members.get(name))
                if types.setdefault(name, found) != found:
                    raise RunsieveError(
                        f"run {self.run}: branch '{name}' is of the type {types[name]} in "
                        f"{chain.files[0]}, but {found} in {file}; the files of a run must agree"
                    )
        return types


@contextmanager
def open_chain(
    run: int, files: Iterable[str], tree: str, computed: str | None = None
) -> Iterator[Chain]:
    """Open `tree` in each file of a run, and the file with the `computed` columns if there is one.

    Raises RunsieveError naming run and file if a file is missing, empty, damaged or without the
    tree, if there is no entry at all, and if the computed columns have another number of entries.
    """
    files = tuple(files)
    with ExitStack() as stack:
        sources = tuple(
            stack.enter_context(open_source(f"run {run}: {file}", file, tree)) for file in files
        )
        if not sum(found.num_entries for found in sources):
            title = sources[0].title
            raise DamagedError(f"run {run}: {', '.join(files)}: {title} has no entries")
        second = None
        if computed is not None:
            second = stack.enter_context(open_chain(run, [computed], COMPUTED_TREE))
        chain = Chain(run, files, sources, second)
        if second is not None and second.starts[-1] != chain.starts[-1]:
            raise RunsieveError(
                f"run {run}: {computed} has {second.starts[-1]} entries, the run "
                f"{chain.starts[-1]}; delete it to compute its columns again"
            )
        yield chain


def open_source(place: str, file: str, tree: str) -> AbstractContextManager[Source]:
    """Open a file by its ending; error messages begin with `place`.

    tree: name of a TTree or RNTuple, or of a group of an HDF5 file; a parquet file has one table
    """
    opening = open_root if is_root(file) else ENDINGS[_ending(file)]
    return opening(place, file, tree)


def is_root(file: str) -> bool:
    """Whether a file is read as a ROOT file: its name does not end as those of other kinds do."""
    return _ending(file) not in ENDINGS


def _ending(file: str) -> str:
    return PurePosixPath(file).suffix.lower()


def _require_entries(place: str, source: Source, column: Column) -> None:
    with reading(place, f"the {column.block_word} of {column.label}"):
        entries = column.offsets[-1]
    if entries != source.num_entries:
        whole = source.title.split()[0]
        raise DamagedError(
            f"{place}: {column.label} has {entries} entries, its {whole} {source.num_entries}; "
            f"the file is damaged or was not closed"
        )


def number_type(place: str, column: Column, member: str | None = None) -> np.dtype:
    """The number type of a column, or of a member of its objects, in native byte order.

    Raises RunsieveError with its type and the reason if it can't be read or holds no numbers.
    """
    with reading(place, f"the type of {column.label}"):
        what = f"{column.label} is of the type {column.typename}"
    with reading(place, column.label):
        try:
            empty = column.empty()
            empty = empty[member] if member else empty
            kind = ak.to_numpy(ak.flatten(empty, axis=None)).dtype.newbyteorder("=")
        except UNREADABLE as error:
            problem = f"{place}: {what}, which can't be read ({reason(error)})"
            raise RunsieveError(problem) from error
    if empty.fields:
        parts = ", ".join(f"{column.name}.{f}" for f in empty.fields if not f.startswith("@"))
        raise RunsieveError(f"{place}: {what}, which holds objects: read {parts}")
    if kind.kind not in "biuf":
        raise RunsieveError(f"{place}: {what}, which does not hold numbers")
    return kind
