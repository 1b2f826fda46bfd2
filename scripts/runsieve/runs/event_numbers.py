"""Checks of event numbers: unique in a run, and unchanged since the selection."""

from collections.abc import Iterable, Iterator

import numpy as np

from runsieve.errors import RunsieveError
from runsieve.expressions import parse
from runsieve.runs.arrays import read_values
from runsieve.runs.columns import EVENT, Chunk, read_columns, whole
from runsieve.runs.trees import Chain


def with_unique_events(chunks: Iterable[Chunk], chain: Chain, event: str) -> Iterator[Chunk]:
    """Yield the chunks unchanged; raise RunsieveError if an event number (`event`) is repeated.

    event: branch or expression. Increasing numbers are unique; otherwise all numbers of the run are
    read again and compared.
    """
    last, increasing = None, True
    for chunk in chunks:
        numbers = next(iter(chunk.columns.values()))[EVENT]
        increasing &= bool((numbers[1:] > numbers[:-1]).all())
        increasing &= last is None or bool(numbers[0] > last)
        last = numbers[-1]
        yield chunk
    if not increasing:
        _require_unique(chain, event)


def _require_unique(chain: Chain, event: str) -> None:
    chunks = read_columns(chain, {EVENT: event}, [0])
    numbers = np.concatenate([chunk.columns[0][EVENT] for chunk in chunks])
    order = np.argsort(numbers, kind="stable")
    twice = np.flatnonzero(np.diff(numbers[order]) == 0)
    if len(twice):
        first, second = order[twice[0]], order[twice[0] + 1]
        raise RunsieveError(
            f"run {chain.run}: {chain.file_of(second)}: event {numbers[first]} is found at entries "
            f"{first} and {second} of the run, one of {len(twice)} pairs; is a file named twice?"
        )


def read_event_numbers(chain: Chain, event: str, entries: np.ndarray) -> np.ndarray:
    """The event numbers of `entries` (increasing), integers of shape (entries,).

    event: branch or expression. Raises RunsieveError if a number is not whole.
    """
    expression = parse(event)
    values = {name: read_values(chain, name, entries) for name in expression.names}
    plain = expression.branch is not None
    numbers = values[expression.branch] if plain else expression.evaluate(values)
    return whole(np.broadcast_to(numbers, len(entries)), entries, f"run {chain.run}")


def require_same_events(chain: Chain, event: str, entries: np.ndarray, events: np.ndarray) -> None:
    """Raise RunsieveError if one of `entries` (increasing) no longer holds its event number."""
    found = read_event_numbers(chain, event, entries)
    wrong = np.flatnonzero(found != events)
    if len(wrong):
        entry, number = entries[wrong[0]], events[wrong[0]]
        raise RunsieveError(
            f"run {chain.run}: {chain.file_of(entry)}: entry {entry} holds event "
            f"{found[wrong[0]]}, but event {number} was selected; the file has changed since "
            f"the selection, or is not a friend of the run; delete the event list to select again"
        )
