"""Rows of a previous array are not read again, unless what they were read from has changed."""

import errno
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import uproot

from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.files import written
from runsieve.samples import gathering
from runsieve.samples.gathering import RunFiles, gather_input, reserved
from runsieve.samples.previous import keep_previous, open_previous

ENTRIES, SAMPLES = 40, 6
INPUT = Input(branches=["w{channel}"], shape=[SAMPLES])


def write_run(path: Path, run: int, kind: type = np.uint16) -> None:
    rng = np.random.default_rng(run)
    branches = {"event": np.arange(ENTRIES, dtype=np.uint64) + 100 * run}
    for channel in (1, 2):
        branches[f"w{channel}"] = rng.integers(0, 9, (ENTRIES, SAMPLES)).astype(kind)
    with uproot.recreate(path) as file:
        file.mktree("event", branches)


def drawn(runs: dict[int, list[int]]) -> pd.DataFrame:
    """A sample of these entries by run, in both channels."""
    rows = [(run, e, 100 * run + e, c) for run in runs for e in runs[run] for c in (1, 2)]
    events = pd.DataFrame(rows, columns=["run", "entry", "event", "channel"])
    return events.assign(row=np.arange(len(events)))


class Gathering:
    """Gathers into a folder as the rule does; `opened` are the runs that the last call opened."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.opened = folder, []
        self.kept = folder / "previous/wave.npy"
        whole = gathering.open_run

        def watched(run, *rest):
            self.opened.append(run)
            return whole(run, *rest)

        monkeypatch.setattr(gathering, "open_run", watched)

    def raw(self, run: int) -> Path:
        return self.folder / f"run{run}.root"

    def __call__(self, events: pd.DataFrame, settings: Input = INPUT, code: str = "a"):
        runs = sorted(set(events["run"]))
        files = {run: RunFiles([str(self.raw(run))], [str(self.raw(run))], "k") for run in runs}
        path, partial = self.folder / "wave.npy", self.folder / "partial.npy"
        path.unlink(missing_ok=True)  # as Snakemake does before a job
        self.opened.clear()
        arguments = events, files, settings, "event", {"event": "event"}, partial, 1, code
        sources = gather_input(*arguments, open_previous(self.kept))
        partial.replace(path)
        keep_previous(path, events, sources, self.kept)
        return np.load(path)


@pytest.fixture
def gather(tmp_path, monkeypatch):
    for run in (1, 2, 3):
        write_run(tmp_path / f"run{run}.root", run)
    return Gathering(tmp_path, monkeypatch)


def expected(gather: Gathering, events: pd.DataFrame) -> np.ndarray:
    """The rows, read by nothing of the project."""
    found = np.zeros((len(events), SAMPLES), np.uint16)
    for one in events.itertuples():
        with uproot.open(gather.raw(one.run)) as file:
            found[one.row] = file[f"event/w{one.channel}"].array(library="np")[one.entry]
    return found


def test_a_new_run_is_the_only_one_that_is_opened(gather):
    gather(drawn({1: [0, 5, 9], 3: [2, 39]}))
    assert set(gather.opened) == {1, 3}
    more = drawn({1: [0, 5, 9], 2: [1, 7], 3: [2, 39]})
    assert (gather(more) == expected(gather, more)).all()
    assert set(gather.opened) == {2}


def test_further_events_of_a_run_are_read_and_others_left_out(gather):
    gather(drawn({1: [0, 5, 9], 3: [2, 39]}))
    other = drawn({1: [5, 20, 21], 3: [39]})
    assert (gather(other) == expected(gather, other)).all()
    assert set(gather.opened) == {1}


def test_without_a_run_nothing_is_opened(gather):
    gather(drawn({1: [0, 5, 9], 3: [2, 39]}))
    fewer = drawn({3: [2, 39]})
    assert (gather(fewer) == expected(gather, fewer)).all()
    assert gather.opened == []


def test_a_changed_file_is_read_again(gather):
    events = drawn({1: [0, 5], 3: [2]})
    gather(events)
    write_run(gather.raw(3), 3)
    os.utime(gather.raw(3), ns=(0, 10**18))
    assert (gather(events) == expected(gather, events)).all()
    assert set(gather.opened) == {3}


@pytest.mark.parametrize(
    "changed",
    [{"code": "b"}, {"settings": Input(branches=["w{channel}"], shape=[SAMPLES], segments=2)}],
    ids=["code", "settings"],
)
def test_all_runs_are_read_again_if_they_are_read_in_another_way(gather, changed):
    events = drawn({1: [0, 5], 3: [2]})
    gather(events)
    assert (gather(events, **changed) == expected(gather, events)).all()
    assert set(gather.opened) == {1, 3}


def test_a_new_type_in_all_files_is_no_error(gather):
    events = drawn({1: [0, 5]})
    gather(events)
    write_run(gather.raw(1), 1, np.int32)
    os.utime(gather.raw(1), ns=(0, 10**18))
    assert gather(events).dtype == np.int32


def test_another_event_at_the_same_entry_is_not_copied(gather):
    events = drawn({1: [0, 5]})
    gather(events)
    with pytest.raises(RunsieveError, match="run 1"):
        gather(events.assign(event=events["event"] + 1))


def test_the_kept_array_takes_no_space(gather):
    gather(drawn({1: [0]}))
    assert gather.kept.samefile(gather.folder / "wave.npy")


def test_an_array_without_its_table_counts_as_none(gather):
    events = drawn({1: [0, 5]})
    gather(events)
    gather.kept.with_suffix(".parquet").unlink()
    assert open_previous(gather.kept) is None
    gather(events)
    assert set(gather.opened) == {1}


def test_without_hard_links_nothing_is_kept(gather, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "link", refuse)
    events = drawn({1: [0, 5]})
    assert (gather(events) == expected(gather, events)).all()
    assert list(gather.kept.parent.iterdir()) == []


def test_a_full_disk_is_one_sentence(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with (
        pytest.raises(RunsieveError, match=r"wave\.npy: no space is left for it"),
        written(tmp_path / "wave.npy") as path,
    ):
        reserved(path, np.dtype(np.uint16), (1000, 6000))
    assert not list(tmp_path.iterdir())


def test_space_is_reserved(tmp_path):
    path = tmp_path / "wave.npy"
    reserved(path, np.dtype(np.uint16), (1000, 600))
    assert path.stat().st_blocks * 512 >= 1000 * 600 * 2
