"""Opening the trees of a run, and explaining why a file cannot be read."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import awkward as ak
import numpy as np
import uproot

from runsieve.errors import RunsieveError
from runsieve.runs.decoding import empty_array

COMPUTED_TREE = "columns"
EVENT_OF_COMPUTED = "event"  # the only branch of that tree that is not a column


@dataclass(frozen=True)
class Chain:
    """One tree over the files of a run; entries are counted through all files.

    computed: a second chain of the same entries, with the computed columns of the run
    """

    run: int
    files: tuple[str, ...]
    trees: tuple[uproot.TTree, ...]
    computed: "Chain | None" = None

    @property
    def starts(self) -> np.ndarray:
        """First entry of each file and, last, the number of entries; shape (files + 1,)."""
        return np.concatenate([[0], np.cumsum([tree.num_entries for tree in self.trees])])

    def file_of(self, entry: int) -> str:
        """The file that holds an entry."""
        return self.files[int(np.searchsorted(self.starts, entry, side="right")) - 1]

    def owner(self, branch: str) -> "Chain":
        """The chain that a branch is read from: computed columns are in a file of their own."""
        computed = self.computed
        if computed is None or branch == EVENT_OF_COMPUTED:
            return self
        return computed if branch in computed.trees[0].keys(full_paths=False) else self

    @cached_property
    def branches(self) -> list[set[str]]:
        """Names of all branches of each file, including nested ones, with and without paths."""
        return [{*tree.keys(full_paths=False), *tree.keys()} for tree in self.trees]

    def require(self, branches: Iterable[str]) -> None:
        """Raise RunsieveError, with the nearest names, if a file lacks one of the branches."""
        for file, tree, present in zip(self.files, self.trees, self.branches, strict=True):
            for name in sorted(branches):
                if name not in present:
                    near = difflib.get_close_matches(name, present, n=3) or sorted(present)[:10]
                    raise RunsieveError(
                        f"run {self.run}: {file}: tree '{tree.name}' has no branch '{name}' "
                        f"(nearest: {', '.join(near)})"
                    )
                _require_entries(f"run {self.run}: {file}", tree, tree[name])

    def number_types(
        self, branches: Iterable[str], members: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, np.dtype]:
        """The number type of each branch, in native byte order, or of the named member of it.

        Raises RunsieveError for a branch that is missing, does not hold numbers, or is of another
        type in another file.
        """
        branches = sorted(branches)
        self.require(branches)
        types = {}
        for name in branches:
            for file, tree in zip(self.files, self.trees, strict=True):
                found = number_type(f"run {self.run}: {file}", tree[name], members.get(name))
                if types.setdefault(name, found) != found:
                    raise RunsieveError(
                        f"run {self.run}: branch '{name}' is of the type {types[name]} in "
                        f"{self.files[0]}, but {found} in {file}; the files of a run must agree"
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
        trees = tuple(
            stack.enter_context(_open_tree(f"run {run}: {file}", file, tree)) for file in files
        )
        if not sum(found.num_entries for found in trees):
            raise RunsieveError(f"run {run}: {', '.join(files)}: tree '{tree}' has no entries")
        second = None
        if computed is not None:
            second = stack.enter_context(open_chain(run, [computed], COMPUTED_TREE))
        chain = Chain(run, files, trees, second)
        if second is not None and second.starts[-1] != chain.starts[-1]:
            raise RunsieveError(
                f"run {run}: {computed} has {second.starts[-1]} entries, the run "
                f"{chain.starts[-1]}; delete it to compute its columns again"
            )
        yield chain


@contextmanager
def open_file(file: str, place: str) -> Iterator[uproot.ReadOnlyDirectory]:
    """Open a file, which must be complete; error messages begin with `place`."""
    with reading(place, "its directory"):
        # A mapping, because a colon in a path would separate file and object; no array
        # cache, because every basket is read once and a run is larger than any cache.
        directory = uproot.open({file: None}, array_cache=None)
    with directory:
        _require_whole(place, file, directory.file.fEND)
        yield directory


@contextmanager
def reading(place: str, what: str) -> Iterator[None]:
    """Turn any error that a damaged file causes in the block into a RunsieveError."""
    try:
        yield
    except RunsieveError:
        raise
    except FileNotFoundError:
        raise RunsieveError(f"{place} does not exist") from None
    except Exception as error:
        raise RunsieveError(
            f"{place}: cannot read {what}; the file is damaged, cut short or not a ROOT file "
            f"({reason(error)})"
        ) from error


def reason(error: Exception) -> str:
    """An error of the reading library in one line, without its advice to developers."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {re.split(r',? (?:try library=|in file |See )', text)[0]}"


@contextmanager
def _open_tree(place: str, file: str, tree: str) -> Iterator[uproot.TTree]:
    with open_file(file, place) as directory:
        with reading(place, "its directory"):
            keys = directory.keys(recursive=True)
        names = sorted({key.split(";")[0] for key in keys})
        if tree not in (*names, *keys):
            raise RunsieveError(
                f"{place}: no tree '{tree}'; the file holds {', '.join(names) or 'nothing'}"
            )
        with reading(place, f"tree '{tree}'"):
            cycles = {key: directory[key] for key in keys if tree in (key, key.split(";")[0])}
            found = directory[tree]
        for one in cycles.values():
            if not isinstance(one, uproot.TTree):
                kind = getattr(one, "classname", type(one).__name__)
                raise RunsieveError(f"{place}: '{tree}' is a {kind}, not a TTree")
        if len(cycles) > 1:
            _require_one_tree(place, cycles)
        yield found


def _require_one_tree(place: str, cycles: dict[str, uproot.TTree]) -> None:
    """Older cycles may be backups left behind by ROOT; different trees of one name are an error."""
    newest, *older = (_first_baskets(tree) for tree in cycles.values())
    if not all(newest.items() & places.items() for places in older):
        listed = ", ".join(f"'{key}' of {tree.num_entries}" for key, tree in cycles.items())
        raise RunsieveError(
            f"{place}: several trees have the same name: {listed} entries; select one by its cycle "
            f"number, as in tree: '{next(iter(cycles))}'"
        )


def _require_entries(place: str, tree: uproot.TTree, branch: uproot.TBranch) -> None:
    with reading(place, f"the baskets of branch '{branch.name}'"):
        starts = branch.entry_offsets
        if starts[0] != 0 or sorted(starts) != starts:
            raise ValueError("their first entries are not in increasing order")
        entries = starts[-1]
    if entries != tree.num_entries:
        raise RunsieveError(
            f"{place}: branch '{branch.name}' has {entries} entries, its tree {tree.num_entries}; "
            f"the file is damaged or was not closed"
        )


def _first_baskets(tree: uproot.TTree) -> dict[str, int]:
    """Position in the file of the first basket of each branch."""
    return {
        branch.name: int(branch.member("fBasketSeek")[0])
        for branch in tree.branches
        if branch.num_baskets and branch.member("fBasketSeek")[0]
    }


def number_type(place: str, branch: uproot.TBranch, member: str | None = None) -> np.dtype:
    """The number type of a branch, or of a member of its objects, in native byte order.

    Raises RunsieveError with its type and the reason if it can't be read or holds no numbers.
    """
    with reading(place, f"the type of branch '{branch.name}'"):
        what = f"branch '{branch.name}' is of the type {branch.typename}"
    try:
        empty = empty_array(branch)
        empty = empty[member] if member else empty
        kind = ak.to_numpy(ak.flatten(empty, axis=None)).dtype.newbyteorder("=")
    except Exception as error:
        raise RunsieveError(f"{place}: {what}, which can't be read ({reason(error)})") from error
    if empty.fields:
        parts = ", ".join(f"{branch.name}.{f}" for f in empty.fields if not f.startswith("@"))
        raise RunsieveError(f"{place}: {what}, which holds objects: read {parts}")
    if kind.kind not in "biuf":
        raise RunsieveError(f"{place}: {what}, which does not hold numbers")
    return kind


def _require_whole(place: str, file: str, end: int) -> None:
    """A truncated file may still open; what it lacks would be noticed much later."""
    path = Path(file)
    if path.is_file() and path.stat().st_size < end:
        raise RunsieveError(
            f"{place}: the file is cut short: it should have {end} bytes, it has "
            f"{path.stat().st_size}"
        )
