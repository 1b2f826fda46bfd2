"""Opening ROOT files, and the tree or RNTuple of a name in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uproot
from uproot.behaviors.RNTuple import RNTuple

from runsieve.errors import DamagedError, RunsieveError
from runsieve.runs.branches import Tree
from runsieve.runs.rntuples import Ntuple
from runsieve.runs.sources import Source, reading

KIND = "a ROOT file"
DAMAGE = "damage"  # instead of computed columns: the sentence that says why there are none


@contextmanager
def open_file(file: str, place: str) -> Iterator[uproot.ReadOnlyDirectory]:
    """Open a file, which must be complete; error messages begin with `place`."""
    with reading(place, "its directory", KIND):
        # A mapping, because a colon in a path would separate file and object; no array
        # cache, because every basket is read once and a run is larger than any cache.
        directory = uproot.open({file: None}, array_cache=None)
    with directory:
        _require_whole(place, file, directory.file.fEND)
        yield directory


@contextmanager
def open_root(place: str, file: str, tree: str) -> Iterator[Source]:
    """Open the tree or RNTuple of the name `tree` in a ROOT file.

    Raises RunsieveError, beginning with `place`, if there is none, or if there are several; and
    DamagedError for a file that says that the run is damaged.
    """
    with open_file(file, place) as directory:
        with reading(place, "its directory", KIND):
            keys = directory.keys(recursive=True)
        names = sorted({key.split(";")[0] for key in keys})
        if names == [DAMAGE]:
            raise DamagedError(str(directory[DAMAGE]))
        if tree not in (*names, *keys):
            # A file that was not closed holds nothing; one that holds other trees is another one.
            refusal = RunsieveError if names else DamagedError
            raise refusal(
                f"{place}: no tree '{tree}'; the file holds {', '.join(names) or 'nothing'}"
            )
        with reading(place, f"tree '{tree}'"):
            cycles = {key: directory[key] for key in keys if tree in (key, key.split(";")[0])}
            found = directory[tree]
        for one in cycles.values():
            if not isinstance(one, uproot.TTree | RNTuple):
                kind = getattr(one, "classname", type(one).__name__)
                raise RunsieveError(f"{place}: '{tree}' is a {kind}, not a TTree or an RNTuple")
        if len(cycles) > 1:
            _require_one_tree(place, cycles)
        with reading(place, f"tree '{tree}'"):
            source = Ntuple(found) if isinstance(found, RNTuple) else Tree(found)
        yield source


def _require_one_tree(place: str, cycles: dict[str, uproot.TTree | RNTuple]) -> None:
    """Older cycles may be backups left behind by ROOT; different trees of one name are an error."""
    newest, *older = (_first_baskets(tree) for tree in cycles.values())
    if not all(newest.items() & places.items() for places in older):
        listed = ", ".join(f"'{key}' of {tree.num_entries}" for key, tree in cycles.items())
        raise RunsieveError(
            f"{place}: several trees have the same name: {listed} entries; select one by its cycle "
            f"number, as in tree: '{next(iter(cycles))}'"
        )


def _first_baskets(tree: uproot.TTree | RNTuple) -> dict[str, int]:
    """Position in the file of the first basket of each branch."""
    if isinstance(tree, RNTuple):
        return {}  # ROOT leaves no backups of them
    return {
        branch.name: int(branch.member("fBasketSeek")[0])
        for branch in tree.branches
        if branch.num_baskets and branch.member("fBasketSeek")[0]
    }


def _require_whole(place: str, file: str, end: int) -> None:
    """A truncated file may still open; what it lacks would be noticed much later."""
    path = Path(file)
    if path.is_file() and path.stat().st_size < end:
        raise DamagedError(
            f"{place}: the file is cut short: it should have {end} bytes, it has "
            f"{path.stat().st_size}"
        )
