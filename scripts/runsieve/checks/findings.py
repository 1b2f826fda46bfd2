"""What is checked of a run, and what was found in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from runsieve.errors import DamagedError, RunsieveError
from runsieve.runs.contents import Contents
from runsieve.runs.friends import Joined
from runsieve.selection.selector import OtherRunError


@dataclass(frozen=True)
class RunToCheck:
    """A run of the run sheet, and what the analysis reads from it.

    files: paths or globs, as in the run sheet
    checksums: those of the run sheet; empty: nothing is compared
    tree: None if it is not known
    columns: branch or expression of each column of the cuts and the event list
    others: branch or expression of each column that only inputs need
    classes: cuts by class; empty if they need columns that are still to be computed
    hit: what holds in a channel that was hit, if that is known
    keys: where in the configuration each of these cuts is, by step
    complete: False if cuts are missing, because they are mistaken
    inputs: settings, files (as above, with {run} filled in) and tree by input
    friends: fields of `FriendFiles` (with files as above) by friend; `event` is None if it is
        not known
    skips: True if the run is left out where its events cannot be read
    """

    run: int
    kind: str
    files: str
    checksums: str
    tree: str | None
    channels: list[int]
    columns: Mapping[str, str]
    others: Mapping[str, str]
    classes: Mapping[str, Mapping[str, str]]
    hit: str | None
    keys: Mapping[str, str]
    complete: bool
    keep: list[str]
    inputs: Mapping[str, Mapping[str, Any]]
    friends: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    skips: bool = False


@dataclass(frozen=True)
class FriendChecked:
    """A friend of a run: its entries, those that belong to an event, and events that have one."""

    name: str
    title: str
    entries: int
    joined: int
    events: int
    matched: int

    @property
    def percent(self) -> float:
        """Events that have an entry, of all."""
        return 100 * self.matched / self.events

    @classmethod
    def of(cls, one: Joined) -> "FriendChecked":
        """The numbers of an opened friend."""
        return cls(
            one.name,
            one.chain.sources[0].title,
            int(one.chain.starts[-1]),
            len(one.rows),
            len(one.starts) - 1,
            one.matched,
        )


@dataclass
class RunChecked:
    """What was found in a run.

    branches: columns branch, type and first (value of the first entry)
    flow: the cut flow of the first `examined` entries, see `Selector.cutflow`
    bytes_per_event: of each input, as stored in arrays
    checksums: number of files that have the checksum of the run sheet
    beside: files of inputs and friends, which may be other files than those of the run
    damaged: True if something can't be read, from which other problems may follow
    unreadable: what says that a file is missing, damaged or empty, as sentences
    left_out: why the run is left out, where this is allowed; empty: it is not
    contents: what tells the events of each file from others, see `runs.contents`
    unprotected: branches in which damage can go unnoticed, as sentences
    """

    run: int
    kind: str
    files: list[str] = field(default_factory=list)
    megabytes: float = 0.0
    entries: int = 0
    examined: int = 0
    branches: pd.DataFrame = field(default_factory=pd.DataFrame)
    flow: pd.DataFrame = field(default_factory=pd.DataFrame)
    bytes_per_event: dict[str, int] = field(default_factory=dict)
    contents: list[Contents] = field(default_factory=list)
    unprotected: list[str] = field(default_factory=list)
    checksums: int = 0
    friends: list[FriendChecked] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    damaged: bool = False
    unreadable: list[str] = field(default_factory=list)
    left_out: str = ""
    known: set[str] = field(default_factory=set, repr=False)
    problems: list[str] = field(default_factory=list)

    def leave_out(self) -> None:
        """Leave the run out for what is unreadable, which is then no problem."""
        self.left_out = self.unreadable[0]
        self.problems = [text for text in self.problems if text not in self.unreadable]

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note a problem that the block finds, and go on after the block."""
        with self.catching() as caught:
            yield
        self.problems += caught

    @contextmanager
    def catching(self) -> Iterator[list[str]]:
        """The problem that the block finds, or nothing if there is none or it is known."""
        caught: list[str] = []
        try:
            yield caught
        except RunsieveError as error:
            # Libraries raise an error where bytes are damaged, which is then the cause.
            self.damaged |= error.__cause__ is not None
            if isinstance(error, DamagedError):
                self.unreadable.append(str(error))
            if isinstance(error, OtherRunError):
                self.contents = []  # nor is it news that another run has the same events
            if str(error) not in self.known:
                self.known.add(str(error))
                caught.append(str(error))
