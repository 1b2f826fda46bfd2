"""Friends of a run: other trees whose entries belong to its events, by order or event number."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import awkward as ak
import numpy as np

from runsieve.config.friends import Friend
from runsieve.errors import RunsieveError
from runsieve.expressions import ENTRY, parse
from runsieve.runs.baskets import wanted_baskets
from runsieve.runs.columns import EVENT, plain, read_columns
from runsieve.runs.scored import TREE, about_scores, require_scores_of
from runsieve.runs.sources import Values, reading
from runsieve.runs.trees import Chain, open_chain


@dataclass(frozen=True)
class FriendFiles:
    """A friend, and the files and tree that hold it.

    event: branch or expression of the event number in the run
    """

    settings: Friend
    files: list[str]
    tree: str
    event: str

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "FriendFiles":
        """Create from plain values."""
        return cls(**{**values, "settings": Friend.model_validate(values["settings"])})


@dataclass(frozen=True)
class Joined:
    """A friend of a run, and which of its entries belong to each entry of the run.

    starts: for each entry of the run, where its entries begin in `rows`, shape (entries + 1,)
    rows: entries of the friend, those of one entry of the run in their order
    """

    name: str
    chain: Chain
    settings: Friend
    starts: np.ndarray
    rows: np.ndarray

    @property
    def matched(self) -> int:
        """Number of entries of the run that have an entry in the friend."""
        return int((np.diff(self.starts) > 0).sum())

    def values(self, branch: str, entries: np.ndarray) -> Values:
        """The values of a branch for entries of the run, shape (entries, ...).

        A list per entry if the friend has many. Numbers and arrays of fixed length are `missing`
        where an entry of the run has no entry in the friend, and lists are empty; numbers become
        float64 unless their type can hold `missing`.
        """
        rows, counts = self._rows(entries)
        found = _taken(self.chain, branch, rows)
        if self.settings.many:
            return plain(ak.unflatten(found, counts))
        if self.settings.missing is None:
            return plain(found)
        present = counts > 0
        if any(source[branch].jagged() for source in self.chain.sources):
            return plain(_with_empty_lists(found, present))
        return _with_value(ak.to_numpy(found), present, self.settings.missing)

    def located(self, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Entries of the friend, increasing, and the places of those of the run in `entries`."""
        rows, counts = self._rows(entries)
        order = np.argsort(rows, kind="stable")
        return rows[order], np.repeat(np.arange(len(entries)), counts)[order]

    def _rows(self, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Entries of the friend for entries of the run, and how many there are for each."""
        first = self.starts[entries]
        counts = self.starts[np.asarray(entries) + 1] - first
        return self.rows[_ranges(first, counts)], counts


@contextmanager
def open_run(
    run: int,
    files: list[str],
    tree: str,
    computed: str | None = None,
    friends: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Chain]:
    """Open a run as `open_chain` does, with its friends (by name, plain values of `FriendFiles`).

    Raises RunsieveError if a friend does not belong to the run, see `join` and, for scores of a
    model, `require_scores_of`.
    """
    with ExitStack() as stack:
        chain = stack.enter_context(open_chain(run, files, tree, computed))
        joined = {}
        for name, values in (friends or {}).items():
            one = FriendFiles.of(values)
            found = stack.enter_context(open_chain(run, one.files, one.tree))
            for file in one.files if one.tree == TREE else []:
                if about_scores(file):
                    require_scores_of(file, run, files)
            joined[name] = join(chain, found, name, one)
            require_complete(chain, joined[name])
            print(f"run {run}: {matches(joined[name])}", flush=True)
        yield replace(chain, friends=joined)


def join(chain: Chain, found: Chain, name: str, files: FriendFiles) -> Joined:
    """Find the entries of a run and of its friend `found` that belong together.

    Without event number there must be one entry for each of the run and, where both have the
    branches of the event number, the same numbers. With it, entries of events that are not in the
    run are left out. Raises RunsieveError if an event has two entries and the friend not `many`, if
    no event has one, and for branches of the run that hide those of the friend.
    """
    for present in chain.branches:
        hidden = sorted(one for one in present if one.startswith(f"{name}."))
        if hidden:
            raise RunsieveError(
                f"run {chain.run}: {chain.sources[0].title} has a branch '{hidden[0]}' itself; "
                f"give the friend '{name}' another name"
            )
    if files.settings.event is None:
        pair = _in_order(chain, found, files)
    else:
        pair = _by_event(chain, found, name, files)
    return Joined(name, found, files.settings, *pair)


def matches(joined: Joined) -> str:
    """How many entries of a run and of its friend belong together, in words."""
    entries, own = len(joined.starts) - 1, int(joined.chain.starts[-1])
    return (
        f"friend '{joined.name}': {joined.matched} of {entries} events have an entry in it, "
        f"{own - len(joined.rows)} of its {own} entries belong to none"
    )


def require_complete(chain: Chain, joined: Joined) -> None:
    """Raise RunsieveError if an event has no entry in the friend, and must have one."""
    if joined.settings.many or joined.settings.missing is not None:
        return
    lost = np.flatnonzero(np.diff(joined.starts) == 0)
    if len(lost):
        raise RunsieveError(
            f"{_place(joined.chain, joined.name)} has no entry for {len(lost)} of the "
            f"{len(joined.starts) - 1} events, first for the one at entry {lost[0]}; give "
            f"friends.{joined.name}.missing, the value of its branches there"
        )


def _place(friend: Chain, name: str) -> str:
    return f"run {friend.run}: {', '.join(friend.files)}: friend '{name}'"


def _numbers(chain: Chain, columns: Mapping[str, str]) -> dict[str, np.ndarray]:
    """Columns of whole numbers, one value per entry."""
    chunks = [chunk.columns[0] for chunk in read_columns(chain, columns, [0])]
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in columns}


def _in_order(chain: Chain, found: Chain, files: FriendFiles) -> tuple[np.ndarray, np.ndarray]:
    require_as_many(found, int(chain.starts[-1]))
    names = parse(files.event).names - {ENTRY}
    if names and all(names <= present for present in found.branches):
        own, other = (_numbers(one, {EVENT: files.event})[EVENT] for one in (chain, found))
        wrong = np.flatnonzero(_comparable(own) != _comparable(other))
        if len(wrong):
            entry = wrong[0]
            raise RunsieveError(
                f"run {chain.run}: {found.file_of(entry)}: entry {entry} holds event "
                f"{other[entry]}, that of the run event {own[entry]}; a friend without `event` has "
                "the same events in the same order"
            )
    entries = np.arange(chain.starts[-1] + 1)
    return entries, entries[:-1]


def require_as_many(found: Chain, entries: int) -> None:
    """Raise RunsieveError unless a tree has one entry for each of the run."""
    if found.starts[-1] != entries:
        raise RunsieveError(
            f"run {found.run}: {', '.join(found.files)}: {found.sources[0].title} has "
            f"{found.starts[-1]} entries, the run {entries}; a friend must have one for each"
        )


def _by_event(
    chain: Chain, found: Chain, name: str, files: FriendFiles
) -> tuple[np.ndarray, np.ndarray]:
    settings, place = files.settings, _place(found, name)
    own = _numbers(chain, {EVENT: files.event})[EVENT]
    columns = {EVENT: settings.event} | ({} if settings.run is None else {"run": settings.run})
    theirs = _numbers(found, columns)
    rows = np.arange(len(theirs[EVENT]))
    if settings.run is not None:
        rows = rows[theirs["run"] == chain.run]
        if not len(rows):
            raise RunsieveError(f"{place}: none of its {found.starts[-1]} entries is of the run")
    other = theirs[EVENT][rows]
    keys, wanted = _comparable(other), _comparable(own)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.searchsorted(keys, wanted, side="left")
    counts = np.searchsorted(keys, wanted, side="right") - first
    if not counts.any():
        raise RunsieveError(
            f"{place} has no entry for any event of the run; its event numbers range from "
            f"{other.min()} to {other.max()}, those of the run from {own.min()} to {own.max()}"
        )
    twice = np.flatnonzero(counts > 1)
    if len(twice) and not settings.many:
        event = twice[0]
        one, two = rows[order[first[event] : first[event] + 2]]
        raise RunsieveError(
            f"{place} holds event {own[event]} at its entries {one} and {two}, one of "
            f"{len(twice)} events with more than one entry; give `many: true` if that is meant, or "
            "`run` if it holds several runs"
        )
    starts = np.concatenate([[0], np.cumsum(counts)])
    return starts, rows[order[_ranges(first, counts)]]


def _comparable(numbers: np.ndarray) -> np.ndarray:
    """As int64, bit by bit: NumPy would compare uint64 with int64 as doubles."""
    return numbers.astype(np.int64)


def _ranges(first: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The numbers first[0], first[0] + 1, ..., `counts[0]` of them, then those of first[1], ..."""
    before = np.cumsum(counts) - counts
    return np.repeat(first - before, counts) + np.arange(counts.sum())


def _taken(chain: Chain, branch: str, rows: np.ndarray) -> Values:
    """The values of a branch at entries in any order; each block is read once."""
    chain.require([branch])
    order = np.argsort(rows, kind="stable")
    parts = []
    for basket in wanted_baskets(chain, branch, rows[order], rows[order]):
        column = basket.column
        with reading(f"run {chain.run}: {basket.file}", column.label):
            block = column.block(basket.number)
        parts.append(block[basket.entries - basket.start])
    if not parts:
        return max(chain.sources, key=lambda source: source.num_entries)[branch].empty()
    values = parts[0] if len(parts) == 1 else ak.concatenate(parts)
    back = np.empty(len(order), int)
    back[order] = np.arange(len(order))
    return values[back]


def _with_empty_lists(values: Values, present: np.ndarray) -> ak.Array:
    lists = ak.from_regular(ak.Array(values), axis=None)
    place = np.where(present, np.cumsum(present) - 1, len(lists))
    return ak.concatenate([lists, ak.Array([[]])])[place]


def _with_value(values: np.ndarray, present: np.ndarray, missing: float) -> np.ndarray:
    kind = values.dtype if _holds(values.dtype, missing) else np.dtype(float)
    filled = np.full((len(present), *values.shape[1:]), missing, kind)
    filled[present] = values
    return filled


def _holds(kind: np.dtype, value: float) -> bool:
    """Whether a number type has a value exactly, so that a cut can name it."""
    if kind.kind == "f":
        with np.errstate(over="ignore"):
            return float(kind.type(value)) == value
    if kind.kind == "b" or not float(value).is_integer():
        return False
    limits = np.iinfo(kind)
    return limits.min <= int(value) <= limits.max
