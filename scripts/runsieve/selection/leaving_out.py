"""Leaving a run out of an analysis, because a file of it is missing or damaged."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pandas as pd

from runsieve.config.selection import LEFT_OUT
from runsieve.errors import DamagedError
from runsieve.runs.files import local
from runsieve.selection.event_lists import Selected, write_selection
from runsieve.selection.selector import COUNTS, Selector


@contextmanager
def leaving_out(
    selector: Selector,
    output: Selected,
    files: Sequence[str],
    allowed: bool,
    say: Callable[[str], None],
) -> Iterator[None]:
    """Leave a run out, if that is allowed, when the block finds it missing or damaged.

    Then its event list is empty, and its cut flow has the only step `left out`, in which the cut is
    the sentence that says why. A run with a file on a server is never left out: that such a file is
    back would not be noticed.
    """
    try:
        yield
    except DamagedError as error:
        if not allowed or list(files) != local(list(files)):
            raise
        say(f"{error}; the run is left out")
        flow = _cutflow(selector, str(error))
        write_selection([_no_events(selector)], lambda: flow, output)


def require_present(absence: str) -> None:
    """Raise DamagedError if there is a sentence that says what is missing of a run."""
    if absence:
        raise DamagedError(absence)


def _no_events(selector: Selector) -> pd.DataFrame:
    """An event list without rows."""
    numbers = dict.fromkeys(("run", "entry", "event", "channel"), "int64")
    kept = dict.fromkeys(selector.keep, "float64")
    return pd.DataFrame(columns=[*numbers, "class", *kept]).astype(numbers | kept)


def _cutflow(selector: Selector, reason: str) -> pd.DataFrame:
    rows = [
        {"run": selector.run, "channel": channel, "class": name, "step": LEFT_OUT, "cut": reason}
        for channel, name in selector.flows
    ]
    return pd.DataFrame(rows).assign(**dict.fromkeys(COUNTS, 0))
