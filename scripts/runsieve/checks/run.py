"""What one run holds, and everything in it that a job would refuse later."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from awkward.types import RegularType

from runsieve.checks.likeness import likewise
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.expressions import ENTRY, for_channel, parse_for
from runsieve.runs.arrays import read_values
from runsieve.runs.baskets import split_part
from runsieve.runs.checksums import require_checksums
from runsieve.runs.columns import Chunk, read_columns
from runsieve.runs.contents import Contents, contents_of
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.files import checksums_of, local, run_files
from runsieve.runs.inputs import branch_names, input_type, read_input
from runsieve.runs.protection import unprotected
from runsieve.runs.trees import Chain, open_chain
from runsieve.samples.gathering import require_friend
from runsieve.selection.selector import OtherRunError, Selector

EXAMINED = 20_000  # first entries of a run that the cuts are applied to
SHOWN = 3  # selected events of each channel whose inputs are read


@dataclass(frozen=True)
class RunToCheck:
    """A run of the run sheet, and what the analysis reads from it.

    files: paths or globs, as in the run sheet
    checksums: those of the run sheet; empty: nothing is compared
    tree: None if it is not known
    columns: branch or expression of each column of the cuts and the event list
    others: expressions of columns that only inputs need
    classes: cuts by class; empty if they need columns that are still to be computed
    keys: where in the configuration each of these cuts is
    complete: False if cuts are missing, because they are mistaken
    inputs: settings, files (as above, with {run} filled in) and tree by input
    """

    run: int
    kind: str
    files: str
    checksums: str
    tree: str | None
    channels: list[int]
    columns: Mapping[str, str]
    others: list[str]
    classes: Mapping[str, Mapping[str, str]]
    keys: Mapping[str, str]
    complete: bool
    keep: list[str]
    inputs: Mapping[str, Mapping[str, Any]]


@dataclass
class RunChecked:
    """What was found in a run.

    branches: columns branch, type and first (value of the first entry)
    flow: the cut flow of the first `examined` entries, see `Selector.cutflow`
    bytes_per_event: of each input, as stored in arrays
    checksums: number of files that have the checksum of the run sheet
    friends: files of inputs that are not files of the run
    damaged: True if something can't be read, from which other problems may follow
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
    friends: list[str] = field(default_factory=list)
    damaged: bool = False
    known: set[str] = field(default_factory=set, repr=False)
    problems: list[str] = field(default_factory=list)

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
            if isinstance(error, OtherRunError):
                self.contents = []  # nor is it news that another run has the same events
            if str(error) not in self.known:
                self.known.add(str(error))
                caught.append(str(error))


def check_run(one: RunToCheck, examined: int = EXAMINED) -> RunChecked:
    """Open all files of a run, and read as much of them as shows what would fail."""
    found = RunChecked(one.run, one.kind)
    with found.noting():
        found.files = run_files(one.files, one.run)
        sizes = [Path(file).stat().st_size for file in local(found.files) if Path(file).is_file()]
        found.megabytes = sum(sizes) / 1e6
        given = checksums_of(one.run, found.files, one.checksums)
        require_checksums(one.run, found.files, given)
        found.checksums = len(given)
    if found.problems:
        return found  # of missing, damaged or other files, more would be consequences
    selected = None
    friends = dict(one.inputs)
    with found.noting():
        if one.tree is not None:
            with open_chain(one.run, found.files, one.tree) as chain:
                found.entries = int(chain.starts[-1])
                if _check_branches(found, one, chain):
                    selected = _select(found, one, chain, examined)
                for name, values in one.inputs.items():
                    if (values["files"], values["tree"]) == (one.files, one.tree):
                        _check_input(found, one, name, chain, selected)
                        del friends[name]
    for name, values in friends.items():
        with found.noting():
            files = run_files(values["files"], one.run)
            found.friends += files
            with open_chain(one.run, files, values["tree"]) as chain:
                if selected is not None:
                    first = selected.sort_values("entry").drop_duplicates("entry").head(SHOWN)
                    numbers = first.entry.to_numpy(), first.event.to_numpy()
                    require_friend(chain, found.entries, one.columns["event"], *numbers)
                _check_input(found, one, name, chain, selected)
    return found


def _check_branches(found: RunChecked, one: RunToCheck, chain: Chain) -> bool:
    """Note every branch that is missing or unreadable; True if there is none."""
    names = _branches([*one.columns.values(), *one.others], one.channels)
    types = {}
    told = []
    try:
        types = chain.number_types(names)
    except RunsieveError:
        # One by one, since the first mistake ends the reading of all.
        for name, pattern in names.items():
            with found.catching() as caught:
                types |= chain.number_types([name])
            told += [(f"'{name}'", text, _unnamed(text, {name: pattern})) for text in caught]
    rows = []
    for name, kind in types.items():
        with found.catching() as caught:
            first = read_values(chain, name, np.array([0]))
            rows.append({"branch": name, "type": str(kind), "first": _shown(first)})
        told += [(f"'{name}'", text, _unnamed(text, {name: names[name]})) for text in caught]
    found.problems += likewise(told, "branch", "branches")
    with found.noting():
        found.unprotected += unprotected(chain, (row["branch"] for row in rows))
    found.branches = pd.DataFrame(rows, columns=["branch", "type", "first"])
    return len(rows) == len(names)


def _branches(texts: Iterable[str], channels: Iterable[int]) -> dict[str, str]:
    """All branches, and what those of one expression have in common in all channels."""
    names = {}
    for text in texts:
        for channel in channels:
            for name in sorted(parse_for(text, channel).names - {ENTRY}):
                each = text != for_channel(text, channel)
                names.setdefault(name, name.replace(str(channel), "{channel}") if each else name)
    return dict(sorted(names.items()))


def _unnamed(text: str, names: Mapping[str, str]) -> str:
    """A sentence without what differs between channels: names, near names and entries."""
    for name, common in names.items():
        text = text.replace(f"'{name}'", f"'{common}'")
    return re.sub(r"\(nearest: .*?\)|entr\S+ \d+", "", text)


def _shown(values: Any) -> str:
    flat = np.asarray(values[0]).ravel()
    text = ", ".join(f"{value:.6g}" for value in flat[:SHOWN])
    return f"{text}, … ({len(flat)} values)" if len(flat) > SHOWN else text


def _select(found: RunChecked, one: RunToCheck, chain: Chain, examined: int) -> pd.DataFrame | None:
    """Apply the cuts to the first entries; returns the events that pass."""
    event = {"event": one.columns["event"]}
    with found.noting():
        found.contents = contents_of(chain, one.columns)
    if not found.problems:  # a file that is listed twice has its events twice
        with found.noting():
            numbers = read_columns(chain, event, one.channels[:1])
            for _ in with_unique_events(numbers, chain, one.columns["event"]):
                pass
    if found.damaged or not one.classes:
        return None
    # Without some of their cuts, classes need not exclude each other.
    groups = [one.classes] if one.complete else [{name: one.classes[name]} for name in one.classes]
    with found.noting():
        selectors = [Selector(one.run, group, one.channels, one.keep) for group in groups]
        lists = [
            events
            for chunk in _first(found, one, chain, examined)
            for selector in selectors
            for events in selector.select([chunk])
        ]
        found.flow = pd.concat([one.cutflow() for one in selectors], ignore_index=True)
        return pd.concat(lists, ignore_index=True)
    return None


def _first(found: RunChecked, one: RunToCheck, chain: Chain, examined: int) -> Iterator[Chunk]:
    """The columns of the first entries, at least `examined` of them if there are as many."""
    for chunk in read_columns(chain, one.columns, one.channels, examined):
        found.examined += chunk.entries
        yield chunk
        if found.examined >= examined:
            return


def _check_input(
    found: RunChecked, one: RunToCheck, name: str, chain: Chain, selected: pd.DataFrame | None
) -> None:
    """Note what is wrong with the branches of an input, and with the first events that pass."""
    settings = Input.model_validate(one.inputs[name]["settings"])
    told = []
    for channel in one.channels:
        branches = branch_names(settings, channel)
        with found.catching() as caught:
            _check_channel(found, one, name, settings, chain, channel, selected)
        common = dict(zip(branches, settings.branches, strict=True))
        told += [(str(channel), text, _unnamed(text, common)) for text in caught]
    found.problems += likewise(told, "channel", "channels")


def _check_channel(
    found: RunChecked,
    one: RunToCheck,
    name: str,
    settings: Input,
    chain: Chain,
    channel: int,
    selected: pd.DataFrame | None,
) -> None:
    branches = branch_names(settings, channel)
    parts = {split_part(chain, branch)[0] for branch in branches}
    found.unprotected += unprotected(chain, parts)
    size = input_type(chain, settings, channel).itemsize
    found.bytes_per_event[name] = size * prod(settings.event_shape())
    if selected is None or not (one.complete or _is_fixed(chain, parts)):
        return
    entries = np.sort(selected.entry[selected.channel == channel].unique()[:SHOWN])
    if not len(entries):
        return
    _, absent = read_input(chain, settings, channel, entries)
    if absent.any():
        entry = entries[absent][0]
        raise RunsieveError(
            f"run {chain.run}: {chain.file_of(entry)}: input '{name}': {', '.join(branches)} hold "
            f"nothing at entry {entry}, which passes the cuts in channel {channel}"
        )


def _is_fixed(chain: Chain, branches: Iterable[str]) -> bool:
    """True if every entry has the same number of values, whether it passes cuts or not."""
    types = [source[name].empty().type.content for name in branches for source in chain.sources]
    return all(isinstance(kind, RegularType) for kind in types)
