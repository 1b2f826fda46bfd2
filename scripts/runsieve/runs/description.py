"""Contents of a file: its trees, their branches, and why some of them cannot be read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import awkward as ak
import numpy as np
import uproot
from uproot.behaviors.RNTuple import RNTuple
from uproot.interpretation.grouped import AsGrouped

from runsieve.errors import RunsieveError
from runsieve.runs.branches import Branch as BranchOfTree
from runsieve.runs.decoding import Reader
from runsieve.runs.rntuples import Ntuple
from runsieve.runs.root_files import open_file
from runsieve.runs.sources import BlockReader, Column, Source, Values, reading, reason
from runsieve.runs.trees import is_root, number_type, open_source

CLASSES = ("TTree", "TNtuple", "TNtupleD", "ROOT::RNTuple")
SAMPLED = 100  # entries read to see how many values they hold


@dataclass(frozen=True)
class Branch:
    """One branch; `problem` is None if it can be read as numbers."""

    name: str
    type: str
    values: str
    baskets: int
    megabytes: float
    problem: str | None


@dataclass(frozen=True)
class Tree:
    """One tree of a file, and its branches, including nested ones.

    title: what it is called, such as "tree 'event;1'"
    """

    title: str
    name: str
    entries: int
    branches: list[Branch]


def describe_file(file: str) -> list[Tree]:
    """Describe all trees and RNTuples of a ROOT file, or the table of another file.

    Raises RunsieveError if the file can't be opened or holds no tree.
    """
    if not is_root(file):
        with open_source(file, file, "") as source:
            return [_described(file, source.title, source)]
    with open_file(file, file) as directory:
        with reading(file, "its directory"):
            classes = directory.classnames(recursive=True)
            trees = {key: directory[key] for key, name in classes.items() if name in CLASSES}
        if not trees:
            found = ", ".join(f"{key} ({name})" for key, name in classes.items()) or "nothing"
            raise RunsieveError(f"{file}: no tree; the file holds {found}")
        return [
            Tree(f"tree '{key}'", key, tree.num_entries, list(_branches(file, tree)))
            if isinstance(tree, uproot.TTree)
            else _described(file, key, _ntuple(file, key, tree))
            for key, tree in trees.items()
        ]


def table(tree: Tree) -> list[str]:
    """The branches of a tree as lines of text, with a heading."""
    heading = ("branch", "type", "values", "baskets", "MB", "")
    rows = [
        (b.name, b.type, b.values, f"{b.baskets}", f"{b.megabytes:.2f}", b.problem or "")
        for b in tree.branches
    ]
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(5)]
    lines = []
    for name, kind, *numbers, problem in (heading, *rows):
        cells = [name.ljust(widths[0]), kind.ljust(widths[1])]
        cells += [text.rjust(width) for text, width in zip(numbers, widths[2:], strict=True)]
        lines.append("  ".join((*cells, problem)).rstrip())
    return lines


def _branches(file: str, tree: uproot.TTree) -> Iterator[Branch]:
    found = list(tree.iteritems(recursive=True))
    short = Counter(branch.name for _, branch in found)
    for path, branch in found:
        name = path if short[branch.name] > 1 else branch.name
        size = branch.num_baskets, branch.compressed_bytes / 1e6
        if branch.branches and not _has_numbers_of_its_own(branch):
            yield Branch(name, str(branch.typename), "", *size, "a group of the branches below")
            continue
        try:
            number_type(file, BranchOfTree(branch))
            counts = _counts(Reader({"": branch}).read(0, min(SAMPLED, branch.num_entries))[""])
            yield Branch(name, str(branch.typename), counts, *size, None)
        except RunsieveError as error:
            yield Branch(name, str(branch.typename), "", *size, str(error).split(", which ")[-1])
        except Exception as error:
            problem = f"can't be read ({reason(error)})"
            yield Branch(name, "", "", *size, problem)


def _has_numbers_of_its_own(branch: uproot.TBranch) -> bool:
    try:
        return not isinstance(branch.interpretation, AsGrouped) and branch.num_baskets > 0
    except Exception:
        return True  # reported as unreadable elsewhere


def _ntuple(file: str, key: str, ntuple: RNTuple) -> Ntuple:
    with reading(file, f"RNTuple '{key}'"):
        return Ntuple(ntuple)


def _described(file: str, name: str, source: Source) -> Tree:
    columns = (source[column] for column in source.top_level())
    return Tree(
        source.title, name, source.num_entries, [_column(file, column) for column in columns]
    )


def _column(file: str, column: Column) -> Branch:
    size = column.blocks, sum(map(column.block_bytes, range(column.blocks))) / 1e6
    try:
        number_type(file, column)
        with reading(file, column.label):
            counts = _counts(
                BlockReader({"": column}).read(0, min(SAMPLED, column.offsets[-1]))[""]
            )
        return Branch(column.name, column.typename, counts, *size, None)
    except RunsieveError as error:
        return Branch(column.name, column.typename, "", *size, str(error).split(", which ")[-1])


def _counts(values: Values) -> str:
    """How many values entries hold: one number, or the smallest and the largest."""
    array = ak.Array(values)
    if array.ndim == 1:
        return "1"
    while array.ndim > 2:
        array = ak.flatten(array, axis=2)
    counts = np.unique(ak.to_numpy(ak.num(array)))
    return " to ".join(dict.fromkeys(map(str, counts[[0, -1]]))) if len(counts) else ""
