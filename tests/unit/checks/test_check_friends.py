"""`snakemake check` of friends: what is joined, and what a job would refuse."""

import numpy as np
import pytest
import uproot

from helpers.checked_runs import ENTRIES, KINDS, Foreign
from helpers.foreign_runs import foreign_events
from runsieve.checks.run import FriendChecked
from runsieve.plan.checks import state
from runsieve.reports.check import check_page, check_text

LOST, STRANGE = 30, 7  # events without an entry in the friend, and entries without an event


@pytest.fixture
def joined(tmp_path, monkeypatch):
    """The time of the last muon comes from another tree, in another order."""
    monkeypatch.chdir(tmp_path)
    foreign = Foreign(tmp_path)
    for run in KINDS:
        foreign.write_muons(run, *muons(run))
    foreign.settings["friends"] = {
        "muon": {"files": "muon{run}.root", "tree": "muons", "event": "number", "missing": -1}
    }
    foreign.settings["columns"]["muon_time"] = "muon.dt"
    return foreign


def muons(run: int) -> tuple[np.ndarray, np.ndarray]:
    """Event numbers and times, the last events of the run first."""
    content = foreign_events(run, ENTRIES, 0.8 if KINDS[run] == "calibration" else 0.1)
    numbers = np.append(content["evtno"][LOST:], np.arange(STRANGE, dtype=np.uint64))
    times = np.append(content["dt_muon_ms"][LOST:], np.ones(STRANGE, np.float32))
    return numbers[::-1].copy(), times[::-1].copy()


def test_what_is_joined_is_counted(joined):
    found = joined.check()
    assert found.problems == []
    (one,), _ = (run.friends for run in found.runs)
    entries = ENTRIES - LOST + STRANGE
    assert one == FriendChecked("muon", "tree 'muons'", entries, ENTRIES - LOST, ENTRIES, 270)
    assert one.percent == 90
    text = [line.split() for line in check_text([found]).splitlines()]
    assert ["41", "muon", "277", "270", "300", "270", "90.00"] in text
    page = check_page([found])
    assert "<h3>Friends</h3>" in page and "270 of 300" in page
    assert "muon.dt" in set(found.runs[0].branches.branch)


def test_events_are_those_that_are_selected(joined):
    """All events that had a time keep it: what is missing, -1, does not pass the veto."""
    joined.settings["friends"]["muon"]["missing"] = -1
    expected = joined.check().expected.set_index(["sample", "class"]).events
    content = foreign_events(42, ENTRIES, 0.1)
    energy = content["e_eV"].astype(float) / 1000
    passing = (energy > 0) & (energy < 10) & (content["ncluster"] >= 2)
    passing &= content["dt_muon_ms"][:, None] > 30
    passing &= ~((content["ls_MeV"] * 1000.0 > 20) | (content["nhit"] > 1))[:, None]
    assert expected["detectors", "background"] == passing[LOST:].sum()


def no_file(joined):
    (joined.folder / "muon42.root").unlink()


def no_tree(joined):
    joined.settings["friends"]["muon"]["tree"] = "gammas"


def no_event_branch(joined):
    joined.settings["friends"]["muon"]["event"] = "nmber"


def no_branch(joined):
    joined.settings["columns"]["muon_time"] = "muon.dtt"


def none_may_be_missing(joined):
    del joined.settings["friends"]["muon"]["missing"]


def other_numbers(joined):
    numbers, times = muons(41)
    joined.write_muons(41, numbers + np.uint64(10**6), times)


def twice(joined):
    numbers, times = muons(42)
    numbers[50] = numbers[60]
    joined.write_muons(42, numbers, times)


def not_as_many(joined):
    joined.settings["friends"]["muon"] = {"files": "muon{run}.root", "tree": "muons"}


MISTAKES = {
    no_file: ["run 42: no file 'muon42.root'"],
    no_tree: [f"run {run}: muon{run}.root: no tree 'gammas'" for run in KINDS],
    no_event_branch: [
        f"run {run}: muon{run}.root: tree 'muons' has no branch 'nmber' (nearest: number"
        for run in KINDS
    ],
    no_branch: [f"run {run}: muon{run}.root: tree 'muons' has no branch 'dtt'" for run in KINDS],
    none_may_be_missing: [
        f"run {run}: muon{run}.root: friend 'muon' has no entry for 30 of the 300 events"
        for run in KINDS
    ],
    other_numbers: ["run 41: muon41.root: friend 'muon' has no entry for any event of the run"],
    twice: ["run 42: muon42.root: friend 'muon' holds event "],
    not_as_many: [
        f"run {run}: muon{run}.root: tree 'muons' has 277 entries, the run 300" for run in KINDS
    ],
}


@pytest.mark.parametrize("spoil", MISTAKES, ids=lambda one: one.__name__)
def test_each_mistake_is_named_once(joined, spoil):
    spoil(joined)
    problems = joined.check().problems
    assert len(problems) == len(MISTAKES[spoil])
    for found, expected in zip(problems, MISTAKES[spoil], strict=True):
        assert found.startswith(expected)


def test_a_friend_that_cannot_be_used_hides_no_other_mistake(joined):
    no_tree(joined)
    joined.settings["inputs"]["waveform"]["shape"] = [100]
    joined.settings["columns"]["hits"] = "nhits"
    problems = joined.check().problems
    assert sum("no tree 'gammas'" in one for one in problems) == 2
    assert sum("has no branch 'nhits'" in one for one in problems) == 2


def test_an_input_of_a_friend(joined):
    joined.settings["inputs"]["when"] = {"branches": ["muon.dt"], "shape": [1]}
    assert joined.check().problems == []
    joined.settings["inputs"]["when"]["shape"] = [2]
    problems = joined.check().problems
    assert any("muon41.root: branch 'dt' holds 1 values" in one for one in problems)


def test_a_friend_that_nothing_reads_is_not_opened(joined):
    joined.settings["columns"]["muon_time"] = "dt_muon_ms"
    no_file(joined)
    found = joined.check()
    assert found.problems == [] and found.runs[0].friends == []


def test_branches_of_a_friend_without_a_checksum(joined):
    with uproot.recreate("muon41.root", compression=None) as file:
        file.mktree("muons", dict(zip(("number", "dt"), muons(41), strict=True)))
    bare = joined.check().runs[0].unprotected
    assert [text.split(" has ")[0] for text in bare] == [
        "run 41: muon41.root: branch 'number'",
        "run 41: muon41.root: branch 'dt'",
    ]


def test_changed_friends_are_checked_again(joined):
    before = state(joined.plan())
    assert {"muon41.root", "muon42.root"} < {file for file, *_ in before}
    twice(joined)
    assert state(joined.plan()) != before
