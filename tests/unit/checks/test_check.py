"""`snakemake check` names everything in the files of runs that a job would refuse."""

from pathlib import Path

import awkward as ak
import numpy as np
import pytest
import uproot

from helpers.checked_runs import ENTRIES, KINDS, Foreign
from helpers.foreign_runs import foreign_events
from runsieve.checks import analysis as analysis_check
from runsieve.checks.analysis import check_all
from runsieve.plan.checks import checked, state
from runsieve.reports.check import check_page, check_text


@pytest.fixture
def foreign(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Foreign(tmp_path)


def test_good_runs_have_no_problem(foreign):
    found = foreign.check()
    assert found.problems == []
    assert [(run.run, run.entries, run.examined) for run in found.runs] == [
        (41, ENTRIES, ENTRIES),
        (42, ENTRIES, ENTRIES),
    ]
    branches = found.runs[0].branches.set_index("branch")
    assert branches.type["nhit"] == "int32" and branches.type["evtno"] == "uint64"
    first = foreign_events(41, ENTRIES, 0.8)["dt_muon_ms"][0]
    assert float(branches["first"]["dt_muon_ms"]) == pytest.approx(float(first), rel=1e-5)


@pytest.mark.parametrize("event", ["Entry$", "1000 * runno + evtno"])
def test_event_numbers_that_are_no_branch(foreign, event):
    foreign.settings["columns"]["event"] = event
    assert foreign.check().problems == []


def with_window(foreign, **window):
    """Windows that begin at a branch, in the waveforms of 128 samples of each hit."""
    rng = np.random.default_rng(3)
    starts = {run: rng.integers(0, 64, ENTRIES) for run in KINDS}
    foreign.settings["columns"]["start"] = "trigger"
    foreign.settings["inputs"]["waveform"] |= {"shape": [128], "window": window}
    return starts


@pytest.mark.parametrize("friend", [False, True])
def test_a_window_that_leaves_a_waveform(foreign, friend):
    starts = with_window(foreign, start="start", length=64)
    if friend:
        foreign.settings["inputs"]["waveform"] |= {"files": "friend{run}.root", "tree": "ntp"}
        for run in KINDS:
            (foreign.folder / f"friend{run}.root").write_bytes(
                (foreign.folder / f"run{run}.root").read_bytes()
            )
    for run, one in starts.items():
        foreign.change(run, trigger=one)
    assert foreign.check().problems == []
    # The outermost windows are looked at, wherever they are in the run.
    foreign.change(41, trigger=np.full(ENTRIES, 20) + (np.arange(ENTRIES) > ENTRIES // 2) * 45)
    file = "friend41.root" if friend else "run41.root"
    (problem, *others) = foreign.check().problems
    assert problem.startswith(f"run 41: {file}: branch 'det")
    assert "holds 128 values at entry" in problem and "expected at least 129" in problem
    assert all(one.startswith(f"run 41: {file}: branch 'det") for one in others)
    foreign.settings["inputs"]["waveform"]["window"]["outside"] = "pad"
    assert foreign.check().problems == []


def test_a_window_for_each_kind(foreign):
    start = {"calibration": 10, "physics": "start"}
    starts = with_window(foreign, start=start, length=64)
    foreign.change(42, trigger=starts[42])
    # Run 41 needs no such branch.
    assert foreign.check().problems == []
    foreign.change(42)
    (problem,) = foreign.check().problems
    assert "run42.root: tree 'ntp' has no branch 'trigger'" in problem


def test_expected_events_are_those_that_are_selected(foreign):
    """All entries are examined, so the expectation is the count."""
    expected = foreign.check().expected.set_index(["sample", "class"]).events
    for run, label in ((41, "signal"), (42, "background")):
        content = foreign_events(run, ENTRIES, 0.8 if run == 41 else 0.1)
        energy = content["e_eV"].astype(float) / 1000
        passing = (energy > 0) & (energy < 10) & (content["ncluster"] >= 2)
        passing &= content["dt_muon_ms"][:, None] > 30
        coincident = (content["ls_MeV"] * 1000.0 > 20) | (content["nhit"] > 1)
        passing &= (coincident == (run == 41))[:, None]
        assert expected["detectors", label] == passing.sum()


def gone(foreign):
    foreign.files[41] = "nothing*.root"


def missing(foreign):
    foreign.files[42] = "absent.root"


def no_root_file(foreign):
    (foreign.folder / "run41.root").write_text("a text")


def cut_short(foreign):
    path = foreign.folder / "run42.root"
    path.write_bytes(path.read_bytes()[:-2000])


def other_tree(foreign):
    foreign.settings["tree"] = "events"


def no_branch(foreign):
    foreign.change(41, nhit=None)


def no_numbers(foreign):
    foreign.change(42, nhit=ak.Array([["a", "b"][entry % 2] for entry in range(ENTRIES)]))


def several_values(foreign):
    foreign.settings["columns"]["energy"] = "e_eV"


def other_run(foreign):
    foreign.change(42, runno=np.full(ENTRIES, 43, np.int32))


def event_twice(foreign):
    numbers = foreign_events(41, ENTRIES, 0.8)["evtno"]
    numbers[7] = numbers[3]
    foreign.change(41, evtno=numbers)


def not_finite(foreign):
    times = foreign_events(42, ENTRIES, 0.1)["dt_muon_ms"]
    times[5] = np.nan
    foreign.change(42, dt_muon_ms=times)


def dead_cut(foreign):
    foreign.settings["selection"]["precut"]["clusters"] = "clusters >= 200"


def dead_class(foreign):
    foreign.settings["selection"]["by_kind"]["physics"]["low"] = "energy < 1 && clusters < 2"


def two_classes(foreign):
    foreign.settings["classes"]["background"] = {
        "kinds": ["calibration", "physics"],
        "cut": "energy > -1",
    }


def other_length(foreign):
    foreign.settings["inputs"]["waveform"]["shape"] = [100]


def nothing_recorded(foreign):
    content = foreign_events(41, ENTRIES, 0.8)
    empty = ak.unflatten(np.empty(0, np.uint16), np.zeros(ENTRIES, int))
    foreign.change(41, det2_left=empty, det2_right=content["det2_right"])


def no_input_branch(foreign):
    foreign.settings["inputs"]["waveform"]["branches"] = ["det{channel}_left", "det{channel}_rihgt"]


def short_friend(foreign):
    foreign.settings["inputs"]["waveform"] |= {"files": "friend{run}.root", "tree": "wf"}
    for run in KINDS:
        content = foreign_events(run, ENTRIES, 0.8 if run == 41 else 0.1)
        friend = {name: one[: ENTRIES - run + 41] for name, one in content.items() if "det" in name}
        foreign.write(run, friend, "wf", f"friend{run}.root")
        foreign.files[run] = f"run{run}.root"


def two_types(foreign):
    content = foreign_events(41, ENTRIES, 0.8)
    content["nhit"] = content["nhit"].astype(np.int64)
    foreign.write(41, content, name="other41.root")
    foreign.files[41] = "run41.root other41.root"


MISTAKES = {
    gone: ["run 41: no file 'nothing*.root'"],
    missing: ["run 42: no file 'absent.root'"],
    no_root_file: ["run 41: run41.root: cannot read its directory; the file is damaged"],
    cut_short: ["run 42: run42.root"],
    other_tree: [
        "run 41: run41.root: no tree 'events'; the file holds ntp",
        "run 42: run42.root: no tree 'events'; the file holds ntp",
    ],
    no_branch: ["run 41: run41.root: tree 'ntp' has no branch 'nhit'"],
    no_numbers: ["run 42: run42.root: branch 'nhit' is of the type"],
    several_values: [
        "run 41: run41.root: column 'energy': 'e_eV' has several values per entry",
        "run 42: run42.root: column 'energy': 'e_eV' has several values per entry",
    ],
    other_run: ["run 42: its file holds events of run 43; correct the run sheet"],
    event_twice: ["run 41: run41.root: event "],
    not_finite: ["run 42: run42.root: column 'muon_time' of channel 0 is nan at entry 5"],
    dead_cut: [
        "class 'signal': none of the first 300 entries of its runs (41) passes the cut 'clusters'",
        "class 'background': none of the first 300 entries of its runs (42) passes the cut 'clus",
        "samples.detectors: no event of class 'signal' passes all cuts",
        "samples.detectors: no event of class 'background' passes all cuts",
    ],
    dead_class: ["samples.detectors: no event of class 'background' passes all cuts"],
    two_classes: ["run 41: event "],
    other_length: [
        "run 41: run41.root: branch 'det0_left' holds 128 values at entry",
        "run 41: run41.root: branch 'det1_left' holds 128 values at entry",
        "run 41: run41.root: branch 'det2_left' holds 128 values at entry",
        "run 41: run41.root: branch 'det3_left' holds 128 values at entry",
    ],
    nothing_recorded: ["run 41: run41.root: input 'waveform': det2_left, det2_right hold nothing"],
    no_input_branch: ["run 41: run41.root: tree 'ntp' has no branch 'det0_rihgt'"],
    short_friend: ["run 42: friend42.root: tree 'wf' has 299 entries, the run 300"],
    two_types: ["run 41: branch 'nhit' is of the type int32 in run41.root, but int64 in other41"],
}


@pytest.mark.parametrize("spoil", MISTAKES, ids=lambda one: one.__name__)
def test_each_mistake_is_named(foreign, spoil):
    spoil(foreign)
    problems = foreign.check().problems
    for text in MISTAKES[spoil]:
        assert any(one.startswith(text) for one in problems), problems
    assert all("\n" not in one and "Traceback" not in one for one in problems)


def test_mistakes_that_are_present_together_are_named_together(foreign):
    foreign.change(41, nhit=None, runno=np.full(ENTRIES, 43, np.int32))
    not_finite(foreign)
    foreign.settings["inputs"]["waveform"]["branches"] = ["det{channel}_lft", "det{channel}_right"]
    for number, run in enumerate((50, 51, 52)):
        foreign.write(run, foreign_events(run, 20, 0.1), tree=["ntp", "other", "ntp"][number])
    foreign.files[50] = "absent.root"
    (foreign.folder / "run52.root").write_text("a text")
    problems = foreign.check().problems
    for text in (
        "run 41: run41.root: tree 'ntp' has no branch 'nhit'",
        "run 41: run41.root: tree 'ntp' has no branch 'det0_lft'",
        "run 42: run42.root: column 'muon_time' of channel 0 is nan",
        "run 42: run42.root: tree 'ntp' has no branch 'det3_lft'",
        "run 50: no file 'absent.root'",
        "run 51: run51.root: no tree 'ntp'",
        "run 52: run52.root: cannot read its directory",
    ):
        assert sum(one.startswith(text) for one in problems) == 1, (text, problems)


def test_several_processes_find_the_same(foreign, monkeypatch):
    monkeypatch.setattr(analysis_check, "MANY", 1)
    not_finite(foreign)
    values = [checked(foreign.plan())]
    one, two = (check_all(values, foreign.folder, processes) for processes in (1, 2))
    assert one[0].problems and check_page(one) == check_page(two)


def test_a_copy_under_another_name(foreign):
    foreign.write(43, foreign_events(42, ENTRIES, 0.1) | {"runno": np.full(ENTRIES, 43)})
    (problem,) = foreign.check().problems
    assert problem.startswith("runs 42 and 43 hold the same 300 events (run42.root, run43.root)")


def test_branches_without_a_checksum_are_listed(foreign):
    content = foreign_events(41, ENTRIES, 0.8)
    with uproot.recreate("run41.root", compression=None) as file:
        file.mktree("ntp", content)
    found = foreign.check()
    bare, protected = (run.unprotected for run in found.runs)
    assert protected == []
    assert len(bare) == len(set(bare)) == len(found.runs[0].branches) + 8
    assert found.problems == []
    assert f"branches with baskets without a checksum: {len(bare)}" in check_text([found])
    assert "branch &#39;det3_left&#39; has baskets without a checksum" in check_page([found])


def test_a_disk_that_is_too_small(foreign, monkeypatch):
    monkeypatch.setattr(
        analysis_check.shutil, "disk_usage", lambda _: type("usage", (), {"free": 1000})
    )
    (problem,) = foreign.check().problems
    assert "the arrays of all samples need up to" in problem


def test_what_the_workflow_writes_itself_is_not_missed(foreign):
    found = foreign.check()
    values = checked(foreign.plan())
    values |= {"runs": [one for one in values["runs"] if one["run"] == 41], "written": [42]}
    (other,) = check_all([values], Path.cwd())
    assert other.problems == [] and other.written == [42]
    assert "written by the workflow, not opened: run 42" in check_text([other])
    assert "run 42" not in check_text([found])


def test_the_report_says_what_was_found(foreign):
    found = foreign.check()
    assert "no problem found" in check_text([found])
    foreign.settings["title"] = "<script>alert(1)</script>"
    gone(foreign)
    found = foreign.check()
    assert "1 problem:\n  - run 41: no file" in check_text([found])
    page = check_page([found])
    assert "<script>" not in page
    assert "run 41: no file &#39;nothing*.root&#39;" in page
    assert "dt_muon_ms" in page


def test_changed_files_are_checked_again(foreign):
    before = state(foreign.plan())
    assert [file for file, *_ in before] == ["run41.root", "run42.root"]
    foreign.change(41, nhit=None)
    assert state(foreign.plan()) != before
