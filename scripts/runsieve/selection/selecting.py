"""Selecting the events of runs: their event lists and cut flows, as files."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runsieve.runs.checksums import require_checksums
from runsieve.runs.columns import EVENT, read_columns
from runsieve.runs.contents import contents_of
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.friends import open_run
from runsieve.selection.event_lists import Selected, join_selections, write_selection
from runsieve.selection.leaving_out import leaving_out, require_present
from runsieve.selection.selector import Selector


@dataclass(frozen=True)
class Selection:
    """What is selected from a run, and from which files.

    checksums: of the files, in their order, or none
    columns: branch or expression by name
    classes: named cuts, in order, by class
    computed: the file with computed columns
    friends: by name (plain values of `FriendFiles`)
    absence: what is missing of the run, if that leaves it out
    """

    files: Sequence[str]
    checksums: Sequence[str]
    columns: Mapping[str, str]
    classes: Mapping[str, Mapping[str, str]]
    computed: str | None = None
    friends: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    absence: str = ""


@dataclass(frozen=True)
class Common:
    """What all runs of an analysis share.

    keep: columns of the event lists; hit: what holds in a channel that was hit, or None; skip:
    whether runs with missing or damaged files are left out
    """

    tree: str
    channels: list[int]
    keep: list[str]
    hit: str | None = None
    skip: bool = False


@dataclass(frozen=True)
class Files:
    """The files that are written of a run."""

    events: str | Path
    cutflow: str | Path


def select_runs(
    runs: Mapping[int, Selection], common: Common, to: Selected, say: Callable[[str], None]
) -> None:
    """Write the event list and the cut flow of some runs, one after the other."""
    if len(runs) == 1:
        for run, one in runs.items():
            select_run(run, one, common, to, say)
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        parts = []
        for run, one in runs.items():
            parts.append(Files(folder / f"{run}.parquet", folder / f"{run}.cutflow.csv"))
            select_run(run, one, common, parts[-1], say)
        join_selections(parts, to)


def select_run(
    run: int, one: Selection, common: Common, to: Selected, say: Callable[[str], None]
) -> None:
    """Write the event list and the cut flow of one run.

    say: called with a sentence if the run is left out
    """
    selector = Selector(run, one.classes, common.channels, common.keep, common.hit)
    with leaving_out(selector, to, one.files, common.skip, say):
        require_present(one.absence)
        require_checksums(run, one.files, one.checksums)
        with open_run(run, list(one.files), common.tree, one.computed, one.friends) as chain:
            chunks = read_columns(chain, one.columns, common.channels)
            lists = selector.select(with_unique_events(chunks, chain, one.columns[EVENT]))
            write_selection(lists, selector.cutflow, to, contents_of(chain, one.columns))
