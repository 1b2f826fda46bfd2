"""Contents of a file: its trees, their branches, and why some of them cannot be read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import awkward as ak
import numpy as np
import uproot
from uproot.interpretation.grouped import AsGrouped

from runsieve.errors import RunsieveError
from runsieve.runs.decoding import Reader
from runsieve.runs.trees import number_type, open_file, reading, reason

TREE_CLASSES = ("TTree", "TNtuple", "TNtupleD")
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
    """One tree of a file, and its branches, including nested ones."""

    name: str
    entries: int
    branches: list[Branch]


def describe_file(file: str) -> list[Tree]:
    """Describe all trees of a file.

    Raises RunsieveError if the file can't be opened or holds no tree.
    """
    with open_file(file, file) as directory:
        with reading(file, "its directory"):
            classes = directory.classnames(recursive=True)
            trees = {key: directory[key] for key, name in classes.items() if name in TREE_CLASSES}
        if not trees:
            found = ", ".join(f"{key} ({name})" for key, name in classes.items()) or "nothing"
            raise RunsieveError(f"{file}: no tree; the file holds {found}")
        return [
            Tree(key, tree.num_entries, list(_branches(file, tree))) for key, tree in trees.items()
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
            number_type(file, branch)
            yield Branch(name, str(branch.typename), _counts(branch), *size, None)
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


def _counts(branch: uproot.TBranch) -> str:
    """How many values the first entries hold: one number, or the smallest and the largest."""
    array = Reader({"": branch}).read(0, min(SAMPLED, branch.num_entries))[""]
    if array.ndim == 1:
        return "1"
    while array.ndim > 2:
        array = ak.flatten(array, axis=2)
    counts = np.unique(ak.to_numpy(ak.num(array)))
    return " to ".join(dict.fromkeys(map(str, counts[[0, -1]]))) if len(counts) else ""
