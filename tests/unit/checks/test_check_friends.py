"""`snakemake check` of friends: what is joined, and what a job would refuse."""

import numpy as np
import pytest
import uproot

from helpers.checked_runs import ENTRIES, KINDS, Foreign
from helpers.foreign_runs import foreign_events
from runsieve.checks.findings import FriendChecked
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
    text = [line.split() for line in check_text([], [found]).splitlines()]
    assert ["41", "muon", "277", "270", "300", "270", "90.00"] in text
    page = check_page([], [found])
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


BOTH = "(likewise run 42)"
MISTAKES = {
    no_file: ("run 42: no file 'muon42.root'", ""),
    no_tree: ("run 41: muon41.root: no tree 'gammas'", BOTH),
    no_event_branch: ("run 41: muon41.root: tree 'muons' has no branch 'nmber'", BOTH),
    no_branch: ("run 41: muon41.root: tree 'muons' has no branch 'dtt'", BOTH),
    none_may_be_missing: (
        "run 41: muon41.root: friend 'muon' has no entry for 30 of the 300 events",
        BOTH,
    ),
    other_numbers: ("run 41: muon41.root: friend 'muon' has no entry for any event of the run", ""),
    twice: ("run 42: muon42.root: friend 'muon' holds event ", ""),
    not_as_many: ("run 41: muon41.root: tree 'muons' has 277 entries, the run 300", BOTH),
}


def require_each(problems, expected):
    """Each sentence is there once, and there are no others."""
    for start, end in expected:
        assert [text.endswith(end) for text in problems if text.startswith(start)] == [True], (
            start,
            problems,
        )
    assert len(problems) == len(expected), problems


@pytest.mark.parametrize("spoil", MISTAKES, ids=lambda one: one.__name__)
def test_each_mistake_is_one_sentence(joined, spoil):
    spoil(joined)
    require_each(joined.check().problems, [MISTAKES[spoil]])


@pytest.mark.parametrize("spoil", MISTAKES, ids=lambda one: one.__name__)
def test_a_friend_that_cannot_be_used_hides_no_other_mistake(joined, spoil):
    spoil(joined)
    joined.settings["inputs"]["waveform"]["shape"] = [100]
    energies = foreign_events(41, ENTRIES, 0.8)["e_eV"]
    energies[5, 0] = np.nan
    joined.change(41, e_eV=energies)
    joined.settings["columns"]["hits"] = "nhits"
    expected = [
        MISTAKES[spoil],
        ("run 41: run41.root: tree 'ntp' has no branch 'nhits'", BOTH),
        ("run 41: run41.root: column 'energy' of channel 0 is nan at entry 5", ""),
    ]
    require_each(joined.check().problems, expected)


@pytest.mark.parametrize("spoil", [no_event_branch, none_may_be_missing, not_as_many])
def test_branches_of_a_friend_that_does_not_belong_to_the_run(joined, spoil):
    spoil(joined)
    no_branch(joined)
    require_each(joined.check().problems, [MISTAKES[spoil], MISTAKES[no_branch]])


def test_a_mistake_in_several_channels_and_runs_is_one_sentence(joined):
    joined.settings["columns"]["muon_time"] = "muon.dt{channel}"
    (problem,) = joined.check().problems
    assert problem.startswith("run 41: muon41.root: tree 'muons' has no branch 'dt0'")
    assert problem.endswith("(likewise branches 'muon.dt1', 'muon.dt2', 'muon.dt3') " + BOTH)


def cut_short(joined):
    path = joined.folder / "run42.root"
    path.write_bytes(path.read_bytes()[:-2000])


def gone(joined):
    (joined.folder / "run42.root").unlink()


def other_checksum(joined):
    joined.checksums = {42: "adler32:00000001"}


def other_run(joined):
    numbers = foreign_events(42, ENTRIES, 0.1)["evtno"] + np.uint64(10**6)
    joined.change(42, runno=np.full(ENTRIES, 43, np.int32), evtno=numbers)


def no_event_number(joined):
    joined.change(42, evtno=None)


def event_is_no_number(joined):
    joined.change(42, evtno=np.full(ENTRIES, np.nan))


def damaged_event_numbers(joined):
    numbers = np.arange(ENTRIES, dtype=np.uint64)  # small: its basket is compressed
    with uproot.recreate("run42.root", compression=uproot.ZLIB(1)) as file:
        file.mktree("ntp", foreign_events(42, ENTRIES, 0.1) | {"evtno": numbers})
    with uproot.open("run42.root") as file:
        branch = file["ntp"]["evtno"]
        end = branch.member("fBasketSeek")[0] + branch.member("fBasketBytes")[0]
    content = bytearray((joined.folder / "run42.root").read_bytes())
    content[end - 8] ^= 0x55
    (joined.folder / "run42.root").write_bytes(content)


DAMAGE = {
    cut_short: "run 42: run42.root",
    gone: "run 42: no file 'run42.root'",
    other_checksum: "run 42: run42.root: its checksum should be",
    other_run: "run 42: its file holds events of run 43; correct the run sheet",
    no_event_number: "run 42: run42.root: tree 'ntp' has no branch 'evtno'",
    event_is_no_number: "run 42: run42.root: column 'event' of channel 0 is nan",
    damaged_event_numbers: "run 42: run42.root: cannot read branch 'evtno'",
}


@pytest.mark.parametrize("spoil", DAMAGE, ids=lambda one: one.__name__)
def test_friends_of_a_damaged_run_are_not_blamed(joined, spoil):
    joined.settings["inputs"]["when"] = {"branches": ["muon.dt"], "shape": [1]}
    spoil(joined)
    require_each(joined.check().problems, [(DAMAGE[spoil], "")])


@pytest.mark.parametrize("spoil", DAMAGE, ids=lambda one: one.__name__)
def test_friends_of_a_damaged_run_are_opened(joined, spoil):
    spoil(joined)
    no_file(joined)
    require_each(joined.check().problems, [(DAMAGE[spoil], ""), MISTAKES[no_file]])


@pytest.mark.parametrize("spoil", [cut_short, gone, other_checksum])
def test_a_friend_in_the_files_of_a_damaged_run_is_not_missed(joined, spoil):
    del joined.settings["friends"]["muon"]["files"]
    for run in KINDS:
        with uproot.recreate(f"run{run}.root") as file:
            file.mktree("ntp", foreign_events(run, ENTRIES, 0.8 if run == 41 else 0.1))
            file.mktree("muons", dict(zip(("number", "dt"), muons(run), strict=True)))
    assert joined.check().problems == []
    spoil(joined)
    require_each(joined.check().problems, [(DAMAGE[spoil], "")])


def bad_event_of_a_friend(joined):
    joined.settings["friends"]["muon"]["event"] = "number{channel}"


def bad_key_of_a_friend(joined):
    joined.settings["friends"]["muon"]["qwertz"] = joined.settings["friends"]["muon"].pop("tree")


def bad_friend(joined):
    joined.settings["friends"]["muon"] = "muons"


def bad_friends(joined):
    joined.settings["friends"] = ["muons"]


def bad_key_for_friends(joined):
    joined.settings["qwertz"] = joined.settings.pop("friends")


def bad_event(joined):
    joined.settings["columns"]["event"] = "evtno +"


def event_of_a_friend(joined):
    joined.settings["columns"]["event"] = "muon.number"


def bad_tree(joined):
    joined.settings["tree"] = ["ntp"]


CONFIGURATION = {
    bad_event_of_a_friend: "friends.muon.event: must be the same in all channels",
    bad_key_of_a_friend: "friends.muon.qwertz: unknown key",
    bad_friend: "friends.muon: expected keys and values",
    bad_friends: "friends: expected keys and values",
    bad_key_for_friends: "qwertz: unknown key",
    bad_event: "columns.event: 'evtno +'",
    event_of_a_friend: "columns.event: must be of the tree 'ntp'",
    bad_tree: "tree: expected text",
}


@pytest.mark.parametrize("spoil", CONFIGURATION, ids=lambda one: one.__name__)
def test_no_file_is_blamed_for_a_mistake_in_the_settings(joined, spoil):
    joined.settings["inputs"]["when"] = {"branches": ["muon.dt"], "shape": [1]}
    spoil(joined)
    (mistake,), found = joined.check_remainder()
    assert mistake.startswith(f"config/analyses/foreign.yaml: {CONFIGURATION[spoil]}")
    assert found.problems == []


@pytest.mark.parametrize("spoil", [bad_event, event_of_a_friend, bad_tree])
def test_friends_are_opened_although_other_settings_are_mistaken(joined, spoil):
    spoil(joined)
    no_file(joined)
    require_each(joined.check_remainder()[1].problems, [MISTAKES[no_file]])


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
