"""Opening the trees of a run, and saying what is wrong with a file that can't be read."""

import difflib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import awkward as ak
import numpy as np
import uproot

from runsieve.errors import RunsieveError


@dataclass(frozen=True)
class Chain:
    """One tree over the files of a run; entries are counted through all files."""

    run: int
    files: tuple[str, ...]
    trees: tuple[uproot.TTree, ...]

    @property
    def starts(self) -> np.ndarray:
        """First entry of each file and, last, the number of entries; shape (files + 1,)."""
        return np.concatenate([[0], np.cumsum([tree.num_entries for tree in self.trees])])

    def require(self, branches: Iterable[str]) -> None:
        """Raise RunsieveError with the nearest names if a file lacks one of the branches."""
        for file, tree in zip(self.files, self.trees, strict=True):
            present = tree.keys(full_paths=False)
            for name in sorted(branches):
                if name not in present:
                    near = difflib.get_close_matches(name, present, n=3) or sorted(present)[:10]
                    raise RunsieveError(
                        f"run {self.run}: {file}: tree '{tree.name}' has no branch '{name}' "
                        f"(nearest: {', '.join(near)})"
                    )

    def number_types(self, branches: Iterable[str]) -> list[np.dtype]:
        """The number type of each branch in each file, in native byte order.

        Raises RunsieveError for a branch that is missing or does not hold numbers.
        """
        branches = sorted(branches)
        self.require(branches)
        return [
            _number_type(self.run, file, tree[name])
            for file, tree in zip(self.files, self.trees, strict=True)
            for name in branches
        ]


@contextmanager
def open_chain(run: int, files: Iterable[str], tree: str) -> Iterator[Chain]:
    """Open `tree` in each file of a run.

    Raises RunsieveError naming run and file if a file is missing, empty, damaged or without the
    tree, and if there is no entry at all.
    """
    files = tuple(files)
    with ExitStack() as stack:
        trees = tuple(stack.enter_context(_open_tree(run, file, tree)) for file in files)
        if not sum(found.num_entries for found in trees):
            raise RunsieveError(f"run {run}: {', '.join(files)}: tree '{tree}' has no entries")
        yield Chain(run, files, trees)


@contextmanager
def reading(run: int, file: str, what: str) -> Iterator[None]:
    """Turn whatever a damaged file provokes in the block into one sentence."""
    try:
        yield
    except RunsieveError:
        raise
    except FileNotFoundError:
        raise RunsieveError(f"run {run}: {file} does not exist") from None
    except Exception as error:
        reason = (str(error).strip().splitlines() or [""])[0]
        raise RunsieveError(
            f"run {run}: {file}: cannot read {what}; the file is damaged, cut short or not a ROOT "
            f"file ({type(error).__name__}: {reason})"
        ) from error


@contextmanager
def _open_tree(run: int, file: str, tree: str) -> Iterator[uproot.TTree]:
    # No array cache: every basket is wanted once, and a run is larger than any cache.
    with reading(run, file, "its directory"):
        # Asked for by a mapping, because a colon in a path would part file and object.
        directory = uproot.open({file: None}, array_cache=None)
    with directory:
        _require_whole(run, file, directory.file.fEND)
        with reading(run, file, "its directory"):
            names = sorted({key.split(";")[0] for key in directory.keys(recursive=True)})
        if tree not in names:
            found = ", ".join(names) or "nothing"
            raise RunsieveError(f"run {run}: {file}: no tree '{tree}'; the file holds {found}")
        with reading(run, file, f"tree '{tree}'"):
            found = directory[tree]
        if not isinstance(found, uproot.behaviors.TBranch.HasBranches):
            kind = getattr(found, "classname", type(found).__name__)
            raise RunsieveError(f"run {run}: {file}: '{tree}' is a {kind}, not a tree")
        yield found


def _number_type(run: int, file: str, branch: uproot.TBranch) -> np.dtype:
    what = f"branch '{branch.name}' is of the type {branch.typename}"
    try:
        empty = branch.array(entry_stop=0, library="ak")
        kind = ak.to_numpy(ak.flatten(empty, axis=None)).dtype.newbyteorder("=")
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise RunsieveError(f"run {run}: {file}: {what}, which can't be read ({reason})") from error
    if empty.fields or kind.kind not in "biuf":
        raise RunsieveError(f"run {run}: {file}: {what}, which does not hold numbers")
    return kind


def _require_whole(run: int, file: str, end: int) -> None:
    """A cut file may still give its first branches; what it has lost would be missed much later."""
    path = Path(file)
    if path.is_file() and path.stat().st_size < end:
        raise RunsieveError(
            f"run {run}: {file}: the file is cut short: it should have {end} bytes, it has "
            f"{path.stat().st_size}"
        )
