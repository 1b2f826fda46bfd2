"""What the manual shows is what runsieve accepts: its snippets are loaded as a reader copies them.

A snippet whose first line names config/analyses/mine.yaml is a whole file. Others are parts of one:
they are merged over REFERRED, a small analysis with the names that they refer to. The run sheet is
that of the section or of the section Runs. Code is run by tests/workflow/test_extending.py, too.
"""

import re
import shutil
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import yaml

from helpers.manual import Snippet, run_sheet, snippets
from helpers.places import ANALYSES, ROOT
from helpers.plans import ROOTS
from runsieve.config.load import Loaded, load_analysis, merge
from runsieve.models import catalogue
from runsieve.plan.page import page_of
from runsieve.plan.plan import Plan
from runsieve.user_code import load_module

CATALOGUE = catalogue()
MINE = "config/analyses/mine.yaml"
SNIPPETS = snippets()
YAML = [one for one in SNIPPETS if one.language == "yaml"]
PYTHON = [one for one in SNIPPETS if one.language == "python"]
SHEETS = {one.section: one.text for one in SNIPPETS if re.match(r"run +kind", one.text)}
BINS = {"start": 0, "stop": 10, "step": 0.5}
REFERRED = {
    "title": "What the snippets refer to",
    "channels": [1, 2, 3],
    "columns": {
        "run": "run",
        "event": "event",
        "energy": "e_eV[{channel}]",
        "hits": "nhit",
        "hour": "floor(time / 3600)",
    },
    "keep": ["energy", "hour"],
    "classes": {"signal": {"kinds": ["calibration"]}, "background": {"kinds": ["physics"]}},
    "inputs": {
        "waveform": {"branches": ["det{channel}"], "shape": [8160], "baseline": 0},
        "features": {"columns": ["energy", "hits"]},
        "shape": {"columns": ["energy"]},
        "likelihood": {"branches": ["likelihood"], "shape": [2]},
        "process": {"branches": ["process"], "shape": [1]},
    },
    "samples": {"crystal3": {"channels": [3]}},
    "models": {
        "dnn": {"type": "network", "towers": {"waveform": None}},
        "pretrigger_dnn": {"type": "binned", "column": "energy", "edges": BINS},
    },
    "report": {"edges": BINS},
    "simulate": yaml.safe_load((ANALYSES / "cosine.yaml").read_text())["simulate"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with config/ as shipped, the manual's Python files, and pictures."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    for one in PYTHON:
        (tmp_path / one.file).write_text(one.text)
    for name in ("bed", "Vögel (alle)"):
        (tmp_path / "pictures/train" / name).mkdir(parents=True)
    (tmp_path / "pictures/mine.npz").touch()
    (tmp_path / "data/1000").mkdir(parents=True)
    (tmp_path / "data/1000/physics_0.root").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load_snippet(snippet: Snippet) -> Loaded:
    """The analysis that a reader gets from a snippet."""
    content = yaml.safe_load(snippet.text)
    if snippet.file != MINE:
        content = merge(REFERRED, content)
    Path(MINE).write_text(yaml.safe_dump(content, sort_keys=False))
    sheet = run_sheet(SHEETS.get(snippet.section, SHEETS["Runs"]))
    # Absolute paths of the manual are those of the working directory here.
    Path("config/runs/mine.tsv").write_text(re.sub("/(data|pictures)/", r"\1/", sheet))
    return load_analysis("mine", "full", CATALOGUE)


@pytest.mark.parametrize("snippet", YAML, ids=lambda one: f"{one.section}, line {one.line}")
def test_a_snippet_is_accepted(folder, snippet):
    loaded = load_snippet(snippet)
    page = page_of(Plan(loaded, ROOTS))
    assert page.classes == list(loaded.settings.classes)
    # Nothing of the snippet is lost or taken for something else.
    seen = loaded.settings.model_dump()
    for key, value in yaml.safe_load(snippet.text).items():
        if isinstance(value, dict):
            kept = {name for name, one in value.items() if one is not None}
            assert kept <= set(seen[key] or ()), key


def test_a_snippet_with_a_mistake_is_refused(folder):
    text = YAML[-1].text.replace("rise_time", "rise_tim", 1)
    with pytest.raises(Exception, match="there is no column 'rise_time'"):
        load_snippet(Snippet("", "yaml", text, 1))


def test_every_block_is_of_a_kind_that_is_tested():
    assert {one.language for one in SNIPPETS} == {"yaml", "python", ""}
    assert all(one.file for one in PYTHON)
    assert set(SHEETS) == {"Runs", "Campaigns", "Pictures"}
    assert {one.file for one in YAML} == {None, MINE}
    for one in SNIPPETS:
        if not one.language and one.text not in SHEETS.values():
            assert one.text.startswith((".venv/bin/", "error: ", f"{MINE}: ")), one


def test_aligned_columns_become_fields():
    text = "run  kind  files  events\n1    a     x*     \n22   b            30\n"
    assert run_sheet(text) == "run\tkind\tfiles\tevents\n1\ta\tx*\n22\tb\t\t30\n"


def test_the_column_of_the_manual_is_computed(folder):
    module: ModuleType = load_module("my_features.py")
    waveform = np.zeros((2, 100))
    waveform[0, 50:60] = 1  # its charge grows evenly over ten samples
    assert module.rise_time(waveform).tolist() == [8, 0]
