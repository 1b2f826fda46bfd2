"""Reading a run to score it: its columns in one pass, and the inputs of its chosen events."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

import numpy as np

from runsieve.config.inputs import Input
from runsieve.runs.baskets import split_part
from runsieve.runs.columns import EVENT, Chunk, read_columns
from runsieve.runs.event_numbers import with_unique_events
from runsieve.runs.friends import open_run, require_as_many
from runsieve.runs.inputs import branch_names, fill_input, input_type
from runsieve.runs.trees import Chain
from runsieve.runs.windows import wanted_of
from runsieve.samples.gathering import require_friend
from runsieve.scoring.asked import InputToRead, RunToScore
from runsieve.selection.selector import CutFlow, require_run

# Of a piece: bytes of its arrays, and numbers of its events. The last batch of each is filled up.
BYTES, FEWEST, MOST = 192e6, 384, 20_000


@dataclass(frozen=True)
class Part:
    """A range of entries of a run, and which of them are scored.

    chunk: columns of its entries, by channel
    selected: by channel, which pass the cuts, shape (entries,); chosen: which are scored
    """

    chunk: Chunk
    selected: Mapping[int, np.ndarray]
    chosen: Mapping[int, np.ndarray]

    @property
    def events(self) -> np.ndarray:
        """Event numbers, shape (entries,)."""
        return next(iter(self.chunk.columns.values()))[EVENT]


@dataclass(frozen=True)
class Piece:
    """Some chosen events of one channel and what a model sees of them.

    places: in the part, shape (events,); recorded: False where nothing is, shape (events,); arrays:
    by input, shape (events, *shape). The last piece of a part has no event.
    """

    part: Part
    channel: int | None
    places: np.ndarray
    recorded: np.ndarray
    arrays: Mapping[str, np.ndarray]

    @classmethod
    def end(cls, part: Part) -> "Piece":
        """What says that a part is complete."""
        return cls(part, None, np.empty(0, int), np.empty(0, bool), {})


def read_pieces(asked: RunToScore, threads: int = 1) -> Iterator[Piece]:
    """The chosen events of a run, part by part, channel by channel, in the order of the entries.

    Raises RunsieveError as a selection and the gathering of inputs do, and if a file holds events
    of another run.
    """
    with ExitStack() as stack:
        chain = stack.enter_context(
            open_run(asked.run, asked.files, asked.tree, asked.computed, asked.friends)
        )
        opened = {}
        for name, one in asked.inputs.items():
            opened[name] = chain
            if not _is_in_run(one, asked):
                opened[name] = stack.enter_context(_open(asked, one))
                require_as_many(opened[name], int(chain.starts[-1]))
        for part in _parts(asked, chain):
            for channel, chosen in part.chosen.items():
                entries = part.chunk.start + np.flatnonzero(chosen)
                for some in _pieces(asked, opened, channel, entries):
                    yield _read(asked, opened, part, channel, some, threads)
            yield Piece.end(part)


def _is_in_run(one: InputToRead, asked: RunToScore) -> bool:
    """True if all that an input needs is opened with the run; joining friends takes time."""
    here = (one.files, one.tree) == (asked.files, asked.tree)
    return here and set(one.friends) <= set(asked.friends)


def _open(asked: RunToScore, one: InputToRead) -> AbstractContextManager[Chain]:
    return open_run(asked.run, one.files, one.tree, asked.computed, one.friends)


def _parts(asked: RunToScore, chain: Chain) -> Iterator[Part]:
    cuts = {channel: CutFlow(asked.cuts, channel, asked.hit) for channel in asked.channels}
    hits = {channel: CutFlow({}, channel, asked.hit) for channel in asked.channels}
    chunks = read_columns(chain, asked.columns, asked.channels)
    for chunk in with_unique_events(chunks, chain, asked.columns[EVENT]):
        require_run(asked.run, chunk)
        selected = {one: cuts[one].apply(columns) for one, columns in chunk.columns.items()}
        if asked.triggers == "selected":
            yield Part(chunk, selected, selected)
        else:
            hit = {one: hits[one].apply(columns) for one, columns in chunk.columns.items()}
            yield Part(chunk, selected, hit)


def _pieces(
    asked: RunToScore, opened: Mapping[str, Chain], channel: int, entries: np.ndarray
) -> Iterator[np.ndarray]:
    """The entries in large pieces that end where blocks of the largest input do."""
    settings = {name: one.settings for name, one in asked.inputs.items()}
    sizes = {name: _event_bytes(one) for name, one in settings.items()}
    number = int(np.clip(BYTES / max(sum(sizes.values()), 1), FEWEST, MOST))
    ends = np.empty(0, int)
    if sizes:
        largest = max(sizes, key=sizes.get)
        ends = _block_ends(opened[largest], settings[largest], channel)
    start = 0
    while start < len(entries):
        stop = min(start + number, len(entries))
        if stop < len(entries):
            # As many whole blocks as fit: a block of two pieces would be decompressed twice.
            inside = ends[(ends > entries[start]) & (ends <= entries[stop])]
            if len(inside):
                stop = int(np.searchsorted(entries, inside[-1]))
        yield entries[start:stop]
        start = stop


def _event_bytes(settings: Input) -> int:
    return 4 * int(np.prod(settings.event_shape()))


def _block_ends(chain: Chain, settings: Input, channel: int) -> np.ndarray:
    """Entries at which blocks of the first branch of an input end; none for columns."""
    names = branch_names(settings, channel)
    if not names or chain.friend(names[0]) is not None:
        return np.empty(0, int)
    owner = chain.owner(names[0])
    name, _ = split_part(owner, names[0])
    starts = zip(owner.sources, owner.starts, strict=False)
    return np.concatenate(
        [np.asarray(source[name].offsets[1:]) + start for source, start in starts]
    )


def _read(
    asked: RunToScore,
    opened: Mapping[str, Chain],
    part: Part,
    channel: int,
    entries: np.ndarray,
    threads: int,
) -> Piece:
    absent = np.zeros(len(entries), bool)
    arrays = {}
    for name, one in asked.inputs.items():
        chain = opened[name]
        if (one.files, one.tree) != (asked.files, asked.tree):
            numbers = part.events[entries - part.chunk.start]
            total = int(chain.starts[-1])
            require_friend(chain, total, asked.columns[EVENT], entries, numbers)
        kind = input_type(chain, one.settings, channel)
        array = np.zeros((len(entries), *one.settings.event_shape()), kind)
        wanted = wanted_of(chain, one.settings, one.columns, channel, entries)
        wanted = replace(wanted, absent=absent)
        for _ in fill_input(array, chain, one.settings, one.columns, channel, wanted, threads):
            pass
        arrays[name] = array
    return Piece(part, channel, entries - part.chunk.start, ~absent, arrays)
