"""Event numbers: of a branch, of an expression, or counted through the files."""

import awkward as ak
import numpy as np
import pandas as pd
import pytest
import uproot

from runsieve.config.columns import ComputedColumn
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.runs.columns import read_columns
from runsieve.runs.computed import compute_columns
from runsieve.runs.event_numbers import read_event_numbers, require_same_events, with_unique_events
from runsieve.runs.inputs import InputFiles
from runsieve.runs.trees import open_chain
from runsieve.samples.gathering import RunFiles, gather_input
from runsieve.selection.displays import find_event
from runsieve.selection.selector import Selector

ENTRIES = 30
INPUT = Input(branches=["wave"], shape=[3])


def branches(file: int) -> dict:
    """One file of a run: 10 triggers in each of 3 spills, counted from 1 in each spill."""
    counted = np.arange(ENTRIES) + ENTRIES * file
    return {
        "spill": (counted // 10).astype(np.int32),
        "trigger": (counted % 10 + 1).astype(np.uint16),
        "ids": ak.unflatten(np.repeat(counted, 2), np.full(ENTRIES, 2)),
        "half": counted / 2,
        "wave": np.repeat(counted, 3).reshape(ENTRIES, 3).astype(np.int16),
        "huge": counted + 2.0**53,
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("run")
    paths = [folder / f"{number}.root" for number in range(2)]
    for number, path in enumerate(paths):
        with uproot.recreate(path) as file:
            content = branches(number)
            tree = file.mktree("ntp", {name: one[:18] for name, one in content.items()})
            tree.extend({name: one[18:] for name, one in content.items()})
    return [str(path) for path in paths]


COUNTED = np.arange(2 * ENTRIES)
NUMBERS = {
    "Entry$": COUNTED,
    "spill * 1000 + trigger": COUNTED // 10 * 1000 + COUNTED % 10 + 1,
    "spill * 4294967296 + trigger": COUNTED // 10 * 2**32 + COUNTED % 10 + 1,
    "ids[1]": COUNTED,
    "2 * half": COUNTED,
}


def select(chain, event: str, chunk: int = 7) -> pd.DataFrame:
    """The events of spill 1 and later that have an odd trigger."""
    columns = {"event": event, "spill": "spill", "trigger": "trigger"}
    steps = {"spill": "spill > 0", "odd": "trigger % 2 == 1"}
    chunks = with_unique_events(read_columns(chain, columns, [0, 1], chunk), chain, event)
    return pd.concat(Selector(7, {"signal": steps}, [0, 1], []).select(chunks), ignore_index=True)


@pytest.mark.parametrize("event", NUMBERS)
def test_the_same_numbers_wherever_they_are_read(files, tmp_path, event):
    passing = np.flatnonzero((COUNTED >= 10) & (COUNTED % 2 == 0))
    with open_chain(7, files, "ntp") as chain:
        events = select(chain, event)
        assert events.event.dtype == np.int64
        for _, mine in events.groupby("channel"):
            assert mine.entry.tolist() == passing.tolist()
            assert mine.event.tolist() == NUMBERS[event][passing].tolist()
        numbers = read_event_numbers(chain, event, passing)
        assert numbers.dtype == np.int64
        assert numbers.tolist() == NUMBERS[event][passing].tolist()
        assert find_event(chain, event, NUMBERS[event][43]) == 43
    events = events[events.channel == 0]
    sample = events.assign(row=np.arange(len(events)))
    run = {7: RunFiles(files, files, "physics")}
    gather_input(sample, run, INPUT, "ntp", {"event": event}, tmp_path / "wave.npy", 1)
    assert np.load(tmp_path / "wave.npy")[:, 2].tolist() == passing.tolist()


def test_a_column_of_a_user_has_the_numbers_too(files, tmp_path):
    (tmp_path / "mine.py").write_text("def first(wave):\n    return wave[:, 0]\n")
    column = ComputedColumn(file=str(tmp_path / "mine.py"), inputs=["wave"], function="first")
    inputs = {"wave": InputFiles(INPUT, files, "ntp")}
    path = tmp_path / "columns.root"
    with open_chain(7, files, "ntp") as chain:
        compute_columns(path, chain, {"event": "Entry$"}, {"peak": column}, inputs, [0])
    columns = {"event": "Entry$", "peak": "peak_{channel}", "other": "peak_{channel} + Entry$"}
    with open_chain(7, files, "ntp", str(path)) as chain:
        parts = [chunk.columns[0] for chunk in read_columns(chain, columns, [0])]
    found = {name: np.concatenate([part[name] for part in parts]) for name in columns}
    assert found["event"].tolist() == found["peak"].tolist() == COUNTED.tolist()
    assert found["other"].tolist() == (2 * COUNTED).tolist()


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("half", "the event number is 0.5 at entry 1; whole numbers below 2^53 are needed"),
        ("huge", "the event number is 9007199254740992.0 at entry 0; whole numbers below 2^53"),
        ("spill / 0", "column 'event' of channel 0 is nan at entry 0"),
    ],
)
def test_numbers_that_are_not_whole(files, event, words):
    with open_chain(7, files, "ntp") as chain, pytest.raises(RunsieveError) as error:
        select(chain, event)
    assert str(error.value).startswith(f"run 7: {files[0]}: ")
    assert words in str(error.value)


def test_an_expression_that_repeats_itself(files):
    words = "event 11 is found at entries 1 and 10 of the run, one of 45 pairs"
    with open_chain(7, files, "ntp") as chain, pytest.raises(RunsieveError, match=words):
        select(chain, "10 * spill + 10 * (trigger - 1) + 1")


def test_an_entry_that_holds_another_event(files):
    event = "spill * 1000 + trigger"
    with open_chain(7, files, "ntp") as chain:
        require_same_events(chain, event, np.array([0, 31]), np.array([1, 3002]))
        with pytest.raises(RunsieveError, match="entry 31 holds event 3002, but event 3003 was"):
            require_same_events(chain, event, np.array([0, 31]), np.array([1, 3003]))


@pytest.mark.parametrize("event", ["Entry$", "spill * 1000 + trigger"])
@pytest.mark.parametrize("shift", [0, 1])
def test_a_friend_is_compared_by_the_branches_that_it_has(files, tmp_path, event, shift):
    """`Entry$` compares nothing but the number of entries."""
    friend = tmp_path / "friend.root"
    with uproot.recreate(friend) as file:
        content = [branches(0), branches(1)]
        joined = {
            name: np.concatenate([one[name] for one in content])
            for name in ("spill", "trigger", "wave")
        }
        joined["spill"] += shift
        file.mktree("ntp", joined)
    sample = pd.DataFrame({"run": 7, "entry": [2, 41], "channel": 0, "row": [0, 1]})
    sample["event"] = NUMBERS[event][sample.entry]
    run = {7: RunFiles(files, [str(friend)], "physics")}
    arguments = sample, run, INPUT, "ntp", {"event": event}, tmp_path / "wave.npy", 1
    if shift and event != "Entry$":
        with pytest.raises(RunsieveError, match="is not a friend of the run"):
            gather_input(*arguments)
    else:
        gather_input(*arguments)
        assert np.load(tmp_path / "wave.npy")[:, 0].tolist() == [2, 41]
