"""Event numbers: one for each entry of a run, and the same whenever its file is read."""

from collections.abc import Iterator

import numpy as np

from runsieve.errors import RunsieveError
from runsieve.runs.arrays import read_values
from runsieve.runs.columns import read_columns
from runsieve.runs.trees import Chain


def require_unique_events(chain: Chain, branch: str) -> None:
    """Raise RunsieveError if two entries of a run have the same event number.

    Numbers that increase are unique; only where they don't are all of them held in memory.
    """
    last = None
    for numbers in _numbers(chain, branch):
        increasing = (numbers[1:] > numbers[:-1]).all() and (last is None or numbers[0] > last)
        if not increasing:
            break
        last = numbers[-1]
    else:
        return
    numbers = np.concatenate(list(_numbers(chain, branch)))
    order = np.argsort(numbers, kind="stable")
    twice = np.flatnonzero(np.diff(numbers[order]) == 0)
    if len(twice):
        first, second = order[twice[0]], order[twice[0] + 1]
        raise RunsieveError(
            f"run {chain.run}: {chain.file_of(second)}: event {numbers[first]} stands at entries "
            f"{first} and {second} of the run, one of {len(twice)} pairs; is a file named twice?"
        )


def require_same_events(chain: Chain, branch: str, entries: np.ndarray, events: np.ndarray) -> None:
    """Raise RunsieveError if one of `entries` (increasing) no longer holds its event number."""
    found = read_values(chain, branch, entries)
    wrong = np.flatnonzero(found != events)
    if len(wrong):
        entry, event = entries[wrong[0]], events[wrong[0]]
        raise RunsieveError(
            f"run {chain.run}: {chain.file_of(entry)}: entry {entry} holds event "
            f"{found[wrong[0]]}, but event {event} was selected; the file has changed since "
            f"'select', or is not the friend of the run: run select again"
        )


def _numbers(chain: Chain, branch: str) -> Iterator[np.ndarray]:
    for chunk in read_columns(chain, {"event": branch}, [0]):
        yield chunk.columns[0]["event"]
