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
from runsieve.runs.checksums import checksum


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


def dead_hit(foreign):
    foreign.settings["selection"]["hit"] = "energy > 1e6"


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
    content["evtno"] += np.uint64(10**6)
    foreign.write(41, content, name="other41.root")
    foreign.files[41] = "run41.root other41.root"


MISTAKES = {
    gone: ["run 41: no file 'nothing*.root'"],
    missing: ["run 42: no file 'absent.root'"],
    no_root_file: ["run 41: run41.root: cannot read its directory; the file is damaged"],
    cut_short: ["run 42: run42.root"],
    other_tree: [
        "run 41: run41.root: no tree 'events'; the file holds ntp (likewise run 42)",
    ],
    no_branch: ["run 41: run41.root: tree 'ntp' has no branch 'nhit'"],
    no_numbers: ["run 42: run42.root: branch 'nhit' is of the type"],
    several_values: [
        "run 41: run41.root: column 'energy': 'e_eV' has several values per entry",
    ],
    other_run: ["run 42: its file holds events of run 43; correct the run sheet"],
    event_twice: ["run 41: run41.root: event "],
    not_finite: ["run 42: run42.root: column 'muon_time' of channel 0 is nan at entry 5"],
    dead_cut: [
        "config/analyses/foreign.yaml: selection.precut.clusters: none of the first 300 entries of "
        "the runs of class 'signal' (41) passes this cut: clusters >= 200 (likewise class "
        "'background')",
    ],
    dead_hit: [
        "config/analyses/foreign.yaml: selection.hit: none of the first 300 entries of the runs of "
        "class 'signal' (41) passes this cut: energy > 1e6 (likewise class 'background')",
    ],
    dead_class: [
        "config/analyses/foreign.yaml: samples.detectors: no event of class 'background' passes "
        "all cuts in the first entries of its runs (42)",
    ],
    two_classes: ["run 41: event "],
    other_length: ["run 41: run41.root: branch 'det0_left' holds 128 values at entry"],
    nothing_recorded: ["run 41: run41.root: input 'waveform': det2_left, det2_right hold nothing"],
    no_input_branch: ["run 41: run41.root: tree 'ntp' has no branch 'det0_rihgt'"],
    short_friend: ["run 42: friend42.root: tree 'wf' has 299 entries, the run 300"],
    two_types: ["run 41: branch 'nhit' is of the type int32 in run41.root, but int64 in other41"],
}


@pytest.mark.parametrize("spoil", MISTAKES, ids=lambda one: one.__name__)
def test_each_mistake_is_named_and_nothing_else(foreign, spoil):
    spoil(foreign)
    problems = foreign.check().problems
    assert len(problems) == len(MISTAKES[spoil]), problems
    for text in MISTAKES[spoil]:
        assert any(one.startswith(text) for one in problems), problems
    assert all("\n" not in one and "Traceback" not in one for one in problems)


def test_a_mistake_in_several_channels_and_runs_is_named_once(foreign):
    other_length(foreign)
    (problem,) = foreign.check().problems
    assert problem.endswith(", expected 50 (likewise channels 1, 2, 3) (likewise run 42)")


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
        "run 42: run42.root: column 'muon_time' of channel 0 is nan",
        "run 41: run41.root: tree 'ntp' has no branch 'det0_lft'",
        "run 50: no file 'absent.root'",
        "run 51: run51.root: no tree 'ntp'",
        "run 52: run52.root: cannot read its directory",
    ):
        assert sum(one.startswith(text) for one in problems) == 1, (text, problems)


def bad_channels(foreign):
    foreign.settings["channels"] = ["one", 7]


def bad_tree(foreign):
    foreign.settings["tree"] = ["ntp"]


def bad_key_for_the_tree(foreign):
    foreign.settings["qwertz"] = foreign.settings.pop("tree")


def bad_files_of_an_input(foreign):
    foreign.settings["inputs"]["waveform"] |= {"files": 3, "branches": ["friend{channel}"]}


def bad_cuts_that_tell_classes_apart(foreign):
    foreign.settings["classes"] = {
        "signal": {"kinds": ["calibration"], "cut": "hits >"},
        "background": {"kinds": ["physics", "calibration"], "cut": "hits < 2"},
    }


def bad_cut_before_an_empty_waveform(foreign):
    del foreign.settings["selection"]["precut"]["clusters"]
    foreign.settings["selection"]["precut"]["energy"] = "energy >"


def bad_classes_of_a_sample(foreign):
    foreign.settings["selection"]["by_kind"]["physics"]["low"] = "energy < 1"
    foreign.settings["classes"]["rare"] = {"kinds": ["physics"], "cut": "energy > 2"}
    foreign.settings["samples"]["detectors"]["classes"] = ["signal", "backgruond"]


def bad_line_of_a_run_that_a_class_may_need(foreign):
    foreign.files["seven"] = "run42.root"
    foreign.settings["selection"]["by_kind"]["physics"]["low"] = "energy < 1 && clusters < 2"


def bad_class_of_a_sample_with_runs(foreign):
    foreign.settings["samples"]["detectors"]["runs"] = [41, 42]
    foreign.settings["classes"]["signal"] = 3


def bad_kind_of_a_sample_with_runs(foreign):
    foreign.settings["samples"]["detectors"]["runs"] = [41, 42]
    foreign.settings["samples"]["null"] = {"runs_of": "signal", "null_test": True}
    foreign.settings["classes"]["signal"] = {"kinds": ["calibraton"]}


def bad_line_of_a_run_that_a_sample_names(foreign):
    foreign.files["seven"] = "run42.root"
    foreign.settings["classes"]["rare"] = {"runs": [42, 43], "cut": "energy > 100"}
    foreign.settings["samples"]["detectors"] |= {"classes": ["signal", "rare"], "runs": [41, 43]}
    foreign.settings["samples"]["null"] = {
        **{"runs_of": "background", "null_test": True},
        "runs": [42, 43],
    }


def with_waves(foreign, **window):
    """Windows in waveforms of 128 samples of each entry."""
    starts = with_window(foreign, length=64, **window)
    foreign.settings["inputs"]["waveform"] |= {"branches": ["wave"], "shape": [64]}
    for run, start in starts.items():
        foreign.change(run, trigger=start * 4, wave=np.ones((ENTRIES, 128), np.uint16))


def bad_cut_that_keeps_windows_inside(foreign):
    with_waves(foreign, start="start")
    foreign.settings["selection"]["precut"]["inside"] = "start < 64 &&"


def bad_channels_of_a_window(foreign):
    with_waves(foreign, start="({channel} == 0) * 200")
    foreign.settings |= {"channels": ["one"], "keep": ["hits"]}
    foreign.settings["report"]["variable"] = "hits"
    foreign.settings["selection"] = {"precut": {"muon veto": "muon_time > 30"}}
    del foreign.settings["models"]["energy_only"], foreign.settings["baseline"]


def bad_class_of_a_run_without_a_window(foreign):
    starts = with_window(foreign, start={"physics": "start"}, length=64)
    foreign.change(42, trigger=starts[42])
    foreign.settings["classes"] = {
        "signal": {"kinds": ["physics"], "cut": "hits > 1"},
        "background": {"kinds": "physics", "cut": "hits < 2"},
    }
    del foreign.settings["selection"]["by_kind"]


FIRST = {
    bad_cut_that_keeps_windows_inside: ["selection.precut.inside: "],
    bad_class_of_a_run_without_a_window: ["classes.background.kinds: expected a list"],
    bad_channels_of_a_window: ["channels.0: expected a whole number"],
    bad_class_of_a_sample_with_runs: ["classes.signal: expected keys and values, found 3"],
    bad_kind_of_a_sample_with_runs: ["classes.signal.kinds: config/runs/foreign.tsv has no run"],
    bad_line_of_a_run_that_a_sample_names: ["line 4: run: expected a whole number"],
    bad_channels: ["channels.0: expected a whole number"],
    bad_tree: ["tree: expected text"],
    bad_key_for_the_tree: ["qwertz: unknown key"],
    bad_files_of_an_input: ["inputs.waveform.files: expected text"],
    bad_cuts_that_tell_classes_apart: ["classes.signal.cut: "],
    bad_cut_before_an_empty_waveform: ["selection.precut.energy: "],
    bad_classes_of_a_sample: ["samples.detectors.classes: there is no class 'backgruond'"],
    bad_line_of_a_run_that_a_class_may_need: ["line 4: run: expected a whole number"],
}


@pytest.mark.parametrize("spoil", FIRST, ids=lambda one: one.__name__)
def test_what_follows_from_a_mistake_in_the_configuration_is_not_listed(foreign, spoil):
    spoil(foreign)
    mistakes, found = foreign.check_remainder()
    assert len(mistakes) == 1 and FIRST[spoil][0] in mistakes[0], mistakes
    assert found.problems == []
    assert [run.run for run in found.runs if run.files] == [41, 42]


def test_runs_of_a_class_that_is_left_out_are_opened(foreign):
    foreign.settings["classes"]["signal"] = {"kinds": ["calibraton"]}
    missing(foreign)
    gone(foreign)
    mistakes, found = foreign.check_remainder()
    assert ["calibraton" in text for text in mistakes] == [True]
    assert [text.split(" (")[0] for text in found.problems] == [
        "run 41: no file 'nothing*.root'",
        "run 42: no file 'absent.root'",
    ]


def test_damage_to_event_numbers_is_one_problem(foreign):
    branches = {"evtno": np.arange(200, dtype=np.uint64)}
    branches |= {
        name: np.asarray(one)[:200]
        for name, one in foreign_events(42, ENTRIES, 0.1).items()
        if name in ("runno", "ls_MeV", "e_eV", "ncluster", "nhit", "dt_muon_ms")
    }
    foreign.settings["inputs"] = {"numbers": {"columns": ["energy"]}}
    foreign.settings["models"]["small"]["towers"] = {"numbers": None}
    with uproot.recreate("run42.root", compression=uproot.ZLIB(1)) as file:
        tree = file.mktree("ntp", {name: one[:100] for name, one in branches.items()})
        tree.extend({name: one[100:] for name, one in branches.items()})
    with uproot.open("run42.root") as file:
        branch = file["ntp"]["evtno"]
        end = branch.member("fBasketSeek")[1] + branch.member("fBasketBytes")[1]
    content = bytearray(Path("run42.root").read_bytes())
    content[end - 8] ^= 0x55
    Path("run42.root").write_bytes(content)
    (problem,) = foreign.check().problems
    assert problem.startswith("run 42: run42.root: cannot read branch 'evtno', entries 100 to 199")


def wrong_checksum(foreign):
    foreign.checksums = {42: checksum(foreign.files[41], "sha256")}


def no_file(foreign):
    Path("run42.root").unlink()


def no_entries(foreign):
    foreign.change(42, **{name: one[:0] for name, one in foreign_events(42, 9, 0.1).items()})


@pytest.mark.parametrize("spoil", [wrong_checksum, no_file, no_entries, cut_short])
def test_runs_that_will_be_left_out_are_no_problem(foreign, spoil):
    spoil(foreign)
    assert foreign.check().problems and foreign.check().left_out == {}
    foreign.settings["missing_runs"] = "skip"
    found = foreign.check()
    assert found.problems == [] and list(found.left_out) == [42]
    assert f"left out: run 42 ({found.left_out[42]})\n" in check_text([], [found])
    assert "<li>run 42: " in check_page([], [found])


def test_what_leaves_no_run_out_is_a_problem_also_where_runs_can_be_left_out(foreign):
    foreign.settings["missing_runs"] = "skip"
    foreign.change(42, nhit=None)
    found = foreign.check()
    assert found.problems and found.left_out == {}


def test_several_processes_find_the_same(foreign, monkeypatch):
    monkeypatch.setattr(analysis_check, "MANY", 1)
    not_finite(foreign)
    values = [checked(foreign.plan())]
    one, two = (check_all(values, foreign.folder, processes) for processes in (1, 2))
    assert one[0].problems and check_page([], one) == check_page([], two)


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
    assert f"branches with baskets without a checksum: {len(bare)}" in check_text([], [found])
    assert "branch &#39;det3_left&#39; has baskets without a checksum" in check_page([], [found])


def test_checksums_are_compared_and_runs_without_any_are_named(foreign):
    right = {run: checksum(foreign.files[run], "sha256") for run in KINDS}
    foreign.checksums = {41: right[41]}
    found = foreign.check()
    assert found.problems == [] and [run.checksums for run in found.runs] == [1, 0]
    assert "without checksums in the run sheet: run 42\n" in check_text([], [found])
    assert "gives no checksums for run\n    42." in check_page([], [found])
    foreign.checksums = {41: right[42], 42: right[42]}
    (problem,) = foreign.check().problems
    assert problem.startswith(
        f"run 41: run41.root: its checksum should be {right[42]}, found {right[41]}"
    )
    assert foreign.check(compare_checksums=False).problems == []


def test_a_damaged_file_with_a_checksum_is_one_problem(foreign):
    foreign.checksums = {run: checksum(foreign.files[run], "adler32") for run in KINDS}
    cut_short(foreign)
    (problem,) = foreign.check().problems
    assert problem.startswith("run 42: run42.root: its checksum should be adler32:")


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
    assert "written by the workflow, not opened: run 42" in check_text([], [other])
    assert "run 42" not in check_text([], [found])


def test_the_report_says_what_was_found(foreign):
    found = foreign.check()
    assert "no problem found" in check_text([], [found])
    foreign.settings["title"] = "<script>alert(1)</script>"
    gone(foreign)
    found = foreign.check()
    assert "1 problem:\n- run 41: no file" in check_text([], [found])
    page = check_page([], [found])
    assert "<script>" not in page
    assert "run 41: no file &#39;nothing*.root&#39;" in page
    assert "dt_muon_ms" in page


def test_changed_files_are_checked_again(foreign):
    before = state(foreign.plan())
    assert [file for file, *_ in before] == ["run41.root", "run42.root"]
    foreign.change(41, nhit=None)
    assert state(foreign.plan()) != before
