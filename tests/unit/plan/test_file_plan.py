"""Which files belong to runs, which are missing, and runs that are left out."""

import pytest

from helpers.plans import plan_of
from runsieve.errors import RunsieveError
from runsieve.plan.displays import displays
from runsieve.plan.targets import MANY, missing_files

SKIP = {"missing_runs": "skip"}


def recorded(tmp_path, numbers, changes=None, **fields):
    """A plan of calibration runs, each with one file by a pattern."""
    runs = [
        {"run": run, "kind": "calibration", "files": f"{tmp_path}/run{run}_*.root", **fields}
        for run in numbers
    ]
    return plan_of(changes, runs)


@pytest.fixture
def raw(tmp_path):
    for run in (1, 3):
        (tmp_path / f"run{run}_0.root").touch()
    return tmp_path


def test_runs_are_sorted_by_number(raw):
    assert list(recorded(raw, [3, 1, 2]).runs) == [1, 2, 3]


def test_every_run_without_a_file_is_named(raw):
    plan = recorded(raw, [3, 1, 2, 4])
    assert missing_files([plan]) == [
        f"config/runs/study.tsv: run {run}: no file '{raw}/run{run}_*.root' (named in the "
        "configuration)"
        for run in (2, 4)
    ]
    with pytest.raises(RunsieveError, match="run 2: no file"):
        plan.files(2)


def test_of_many_runs_without_a_file_the_first_are_named(raw):
    found = missing_files([recorded(raw, range(4, 40))])
    assert len(found) == MANY + 1
    assert found[-1].endswith(f": files of runs {4 + MANY}-39 are not there either")


def test_simulated_runs_are_not_missing():
    assert missing_files([plan_of()]) == []


def test_pictures_that_are_not_there(tmp_path):
    folder = tmp_path / "pictures"
    runs = [{"run": 1, "kind": "calibration", "files": f"{folder}/"}]
    pictures = {"ingest": {"shape": [4, 4], "labels": ["cat", "dog"]}}
    assert "run 1: no pictures" in plan_of(pictures, runs).missing(1)
    folder.mkdir()
    assert plan_of(pictures, runs).missing(1) == ""


def test_a_run_with_another_number_of_files_than_checksums(raw):
    plan = recorded(raw, [1], checksums="adler32:1 adler32:2")
    assert "each of the 1 files, found 2" in plan.missing(1)


def test_files_of_inputs_and_friends_are_missing_where_they_are_read(raw):
    own = {"branches": ["x"], "shape": [9], "files": f"{raw}/x{{run}}.root"}
    trees = {"type": "gradient_boosting", "inputs": ["own"]}
    used = {"inputs": {"own": own}, "models": {"trees": trees}}
    assert "x1.root" in recorded(raw, [1], used).missing(1)
    assert recorded(raw, [1], {"inputs": {"own": own}}).missing(1) == ""
    muon = {"files": f"{raw}/muon{{run}}.root", "tree": "mu"}
    friend = {"friends": {"muon": muon}, "columns": {"veto": "muon.time"}}
    assert recorded(raw, [1], friend).missing(1) == ""
    cut = {"selection": {"precut": {"veto": "veto > 0"}}}
    assert "muon1.root" in recorded(raw, [1], friend | cut).missing(1)


def test_a_run_that_is_left_out_has_no_files(raw):
    peak = {"columns": {"peak": {"file": "mine.py", "inputs": ["waveform"]}}, "keep": ["peak"]}
    plan = recorded(raw, [1, 2], SKIP | peak)
    assert missing_files([plan]) == []
    assert plan.absence(1) == ""
    assert plan.absence(2) == plan.missing(2) != ""
    assert plan.files(2) == plan.checksums(2) == plan.watched_files(2) == []
    assert plan.watched_files(1) == [*plan.files(1), plan.computed_file(1)]
    assert list(plan.gathered_files("all", "waveform")) == [1]
    assert plan.cutflow_of_skipped() == ["results/study/cutflow.csv"]
    assert recorded(raw, [1]).cutflow_of_skipped() == []


def test_a_run_that_is_left_out_cannot_be_displayed(raw):
    with pytest.raises(RunsieveError, match="display: run 2: no file"):
        displays({"study": recorded(raw, [1, 2], SKIP)}, ["2/5"])


def test_a_folder_is_shared_by_all_runs_and_listed_once(raw):
    plan = recorded(raw, [1, 2, 3])
    missing_files([plan])
    (raw / "run2_0.root").touch()
    assert plan.missing(2) != ""
    assert plan.files(1) == [f"{raw}/run1_0.root"]
