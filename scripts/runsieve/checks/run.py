"""What one run holds, and everything in it that a job would refuse later."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.friends import friends_of
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.expressions import ENTRY, parse_for
from runsieve.runs.arrays import Wanted, read_values
from runsieve.runs.columns import Chunk, read_columns
from runsieve.runs.contents import Contents, contents_of
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.files import local, run_files
from runsieve.runs.friends import FriendFiles, Joined, open_friend, require_complete
from runsieve.runs.inputs import branch_names, input_type, read_input
from runsieve.runs.protection import unprotected
from runsieve.runs.trees import Chain, open_chain
from runsieve.runs.windows import wanted_of
from runsieve.samples.gathering import require_friend
from runsieve.selection.selector import Selector

EXAMINED = 20_000  # first entries of a run that the cuts are applied to
SHOWN = 3  # selected events of each channel whose inputs are read, besides outermost windows


@dataclass(frozen=True)
class RunToCheck:
    """A run of the run sheet, and what the analysis reads from it.

    files: paths or globs, as in the run sheet
    columns: branch or expression of each column of the cuts and the event list
    others: branch or expression of each column that only inputs need
    classes: cuts by class; empty if they need columns that are still to be computed
    hit: what holds in a channel that was hit, if that is known
    inputs: settings, files (as above, with {run} filled in) and tree by input
    friends: fields of `FriendFiles` (with files as above) by friend
    """

    run: int
    kind: str
    files: str
    tree: str
    channels: list[int]
    columns: Mapping[str, str]
    others: Mapping[str, str]
    classes: Mapping[str, Mapping[str, str]]
    keep: list[str]
    hit: str | None
    inputs: Mapping[str, Mapping[str, Any]]
    friends: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


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
    friends: list[FriendChecked] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note a problem that the block finds, once, and go on after the block."""
        try:
            yield
        except RunsieveError as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))


def check_run(one: RunToCheck, examined: int = EXAMINED) -> RunChecked:
    """Open all files of a run, and read as much of them as shows what would fail."""
    found = RunChecked(one.run, one.kind)
    selected, wanted = None, {}
    with found.noting():
        found.files = run_files(one.files, one.run)
        sizes = [Path(file).stat().st_size for file in local(found.files) if Path(file).is_file()]
        found.megabytes = sum(sizes) / 1e6
    elsewhere = dict(one.inputs)
    with found.noting():
        if not found.files:
            return found
        with ExitStack() as stack:
            chain = stack.enter_context(open_chain(one.run, found.files, one.tree))
            found.entries = int(chain.starts[-1])
            chain = replace(chain, friends=dict(_friends(found, one, chain, stack)))
            if _check_branches(found, one, chain):
                selected = _select(found, one, chain, examined)
            if selected is not None:
                wanted = {name: _wanted(found, one, name, chain, selected) for name in one.inputs}
            for name, values in one.inputs.items():
                if (values["files"], values["tree"]) == (one.files, one.tree):
                    _check_input(found, one, name, chain, wanted.get(name, {}))
                    del elsewhere[name]
    for name, values in elsewhere.items():
        with found.noting():
            files = run_files(values["files"], one.run)
            with open_chain(one.run, files, values["tree"]) as chain:
                if selected is not None:
                    first = selected.drop_duplicates("entry").head(SHOWN)
                    numbers = first.entry.to_numpy(), first.event.to_numpy()
                    require_friend(chain, found.entries, one.columns["event"], *numbers)
                _check_input(found, one, name, chain, wanted.get(name, {}))
    return found


def _friends(
    found: RunChecked, one: RunToCheck, chain: Chain, stack: ExitStack
) -> Iterator[tuple[str, Joined]]:
    """The friends that can be read and have an entry for every event that needs one."""
    for name, values in one.friends.items():
        with found.noting():
            files = run_files(values["files"], one.run)
            opened = open_friend(chain, name, FriendFiles.of({**values, "files": files}))
            joined = stack.enter_context(opened)
            found.friends.append(FriendChecked.of(joined))
            require_complete(chain, joined)
            numbers = [text for text in (joined.settings.event, joined.settings.run) if text]
            found.unprotected += unprotected(joined.chain, _branches(numbers, [0]))
            yield name, joined


def _readable(one: RunToCheck, chain: Chain, names: Iterable[str]) -> bool:
    """False if a branch is of a friend that cannot be used, which has been noted."""
    return all(name in chain.friends for name in friends_of(names, one.friends))


def _check_branches(found: RunChecked, one: RunToCheck, chain: Chain) -> bool:
    """Note every branch that is missing or unreadable; True if there is none."""
    needed = _branches([*one.columns.values(), *one.others.values()], one.channels)
    names = [name for name in needed if _readable(one, chain, [name])]
    types = {}
    try:
        types = chain.number_types(names)
    except RunsieveError:
        # One by one, since the first mistake ends the reading of all.
        for name in names:
            with found.noting():
                types |= chain.number_types([name])
    rows = []
    for name, kind in types.items():
        with found.noting():
            first = read_values(chain, name, np.array([0]))
            rows.append({"branch": name, "type": str(kind), "first": _shown(first)})
    with found.noting():
        found.unprotected += unprotected(chain, (row["branch"] for row in rows))
    found.branches = pd.DataFrame(rows, columns=["branch", "type", "first"])
    return len(rows) == len(needed)


def _branches(texts: Iterable[str], channels: Iterable[int]) -> list[str]:
    expressions = (parse_for(text, channel) for text in texts for channel in channels)
    return sorted({name for expression in expressions for name in expression.names} - {ENTRY})


def _shown(values: Any) -> str:
    flat = np.asarray(values[0]).ravel()
    text = ", ".join(f"{value:.6g}" for value in flat[:SHOWN])
    return f"{text}, … ({len(flat)} values)" if len(flat) > SHOWN else text


def _select(found: RunChecked, one: RunToCheck, chain: Chain, examined: int) -> pd.DataFrame | None:
    """Apply the cuts to the first entries; returns the events that pass."""
    event = {"event": one.columns["event"]}
    with found.noting():
        numbers = read_columns(chain, event, one.channels[:1])
        for _ in with_unique_events(numbers, chain, one.columns["event"]):
            pass
    with found.noting():
        found.contents = contents_of(chain, one.columns)
    if not one.classes:
        return None
    with found.noting():
        selector = Selector(one.run, one.classes, one.channels, one.keep, one.hit)
        lists = list(selector.select(_first(found, one, chain, examined)))
        found.flow = selector.cutflow()
        return pd.concat(lists, ignore_index=True)
    return None


def _first(found: RunChecked, one: RunToCheck, chain: Chain, examined: int) -> Iterator[Chunk]:
    """The columns of the first entries, at least `examined` of them if there are as many."""
    for chunk in read_columns(chain, one.columns, one.channels, examined):
        found.examined += chunk.entries
        yield chunk
        if found.examined >= examined:
            return


def _wanted(
    found: RunChecked, one: RunToCheck, name: str, chain: Chain, selected: pd.DataFrame
) -> dict[int, Wanted]:
    """Events of each channel whose input is read: the first, and those with the outermost windows.

    None where columns that the input names are still to be computed.
    """
    settings = Input.model_validate(one.inputs[name]["settings"])
    columns = {**one.columns, **one.others}
    wanted = {}
    for channel in one.channels:
        texts = settings.expressions().values()
        if any(parse_for(text, channel).names - set(columns) for text in texts):
            continue
        with found.noting():
            entries = selected.entry[selected.channel == channel].unique()
            chosen = set(entries[:SHOWN])
            if texts and len(entries):
                starts = wanted_of(chain, settings, columns, channel, entries).starts
                if starts is not None:
                    chosen |= {entries[starts.argmin()], entries[starts.argmax()]}
            if chosen:
                some = np.array(sorted(chosen))
                wanted[channel] = wanted_of(chain, settings, columns, channel, some)
    return wanted


def _check_input(
    found: RunChecked, one: RunToCheck, name: str, chain: Chain, wanted: Mapping[int, Wanted]
) -> None:
    """Note what is wrong with the branches of an input, and with some events that pass."""
    settings = Input.model_validate(one.inputs[name]["settings"])
    for channel in one.channels:
        branches = branch_names(settings, channel)
        if not _readable(one, chain, branches):
            continue
        with found.noting():
            found.unprotected += unprotected(chain, branches)
            if channel not in wanted:
                _size(found, settings, name, input_type(chain, settings, channel))
                continue
            array, absent = read_input(chain, settings, channel, wanted[channel])
            _size(found, settings, name, array.dtype)
            if absent.any():
                entry = wanted[channel].entries[absent][0]
                raise RunsieveError(
                    f"run {chain.run}: {chain.file_of(entry)}: input '{name}': "
                    f"{', '.join(branches)} hold nothing at entry {entry}, "
                    f"which passes the cuts in channel {channel}"
                )


def _size(found: RunChecked, settings: Input, name: str, kind: np.dtype) -> None:
    found.bytes_per_event[name] = kind.itemsize * prod(settings.event_shape())
