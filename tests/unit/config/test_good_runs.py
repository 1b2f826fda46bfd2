"""Good-run lists: what they hold, and what is wrong with some."""

import shutil

import pytest

from helpers.places import ROOT
from runsieve.config.good_runs import read_good_runs
from runsieve.config.load import load_analysis
from runsieve.errors import RunsieveError
from runsieve.models import catalogue
from runsieve.plan.page import page_of
from runsieve.plan.plan import Plan


def test_a_list_holds_numbers_and_ranges(tmp_path):
    path = tmp_path / "good.txt"
    path.write_text("# approved in May\n7, 9\n1000 - 1002  # a range\n\n2000\n")
    good, errors = read_good_runs(path)
    assert errors == []
    assert [run for run in range(3000) if run in good] == [7, 9, 1000, 1001, 1002, 2000]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# nothing\n", "{}: the good-run list names no run"),
        ("7\n9-8 ten", "{}: line 2: expected a run number or a range such as 1000-2999, found "),
        (None, "{}: the good-run list does not exist"),
    ],
)
def test_mistakes_in_a_list(tmp_path, text, said):
    path = tmp_path / "good.txt"
    if text is not None:
        path.write_text(text)
    errors = read_good_runs(path)[1]
    assert errors
    assert all(error.startswith(said.format(path)) for error in errors)


def test_bytes_that_are_no_text_are_a_mistake(tmp_path):
    path = tmp_path / "good.txt"
    path.write_bytes(b"\xff\xfe7")
    (error,) = read_good_runs(path)[1]
    assert "cannot be read" in error


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a copy of config/, in which cosine has a good-run list."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "config/analyses/cosine.yaml"
    path.write_text(path.read_text() + "\ngood_runs: config/good.txt\n")
    return tmp_path


def test_other_runs_are_left_out(folder):
    (folder / "config/good.txt").write_text("1601 1858")
    loaded = load_analysis("cosine", "demo", catalogue())
    assert [run.run for run in loaded.runs] == [1601, 1858]
    assert loaded.not_good == (1765,)
    page = page_of(Plan(loaded, {"data": "data", "results": "results"}))
    assert (page.good_runs, page.not_good) == ("config/good.txt", [1765])


def test_a_class_without_a_good_run_is_a_mistake(folder):
    (folder / "config/good.txt").write_text("1600-1800")
    with pytest.raises(RunsieveError) as error:
        load_analysis("cosine", "full", catalogue())
    assert str(error.value) == (
        "config/analyses/cosine.yaml: good_runs: config/good.txt names no run of class 'background'"
    )


def test_a_list_that_cannot_be_read_is_told_once(folder):
    with pytest.raises(RunsieveError) as error:
        load_analysis("cosine", "full", catalogue())
    assert str(error.value) == "config/good.txt: the good-run list does not exist"
