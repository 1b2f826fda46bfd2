"""Columns that a Python file of the user computes: what is wrong with them is said beforehand."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from runsieve.config.columns import ComputedColumn, computed_branch
from runsieve.config.inputs import Input
from runsieve.config.load import load_analysis
from runsieve.errors import RunsieveError
from runsieve.models import catalogue

WAVEFORM = Input(branches=["waveform{channel}"], shape=[8])
INPUTS = {"waveform": WAVEFORM, "numbers": Input(columns=["energy"])}
RUNS = "run\tkind\tfiles\n1\tcalibration\ta.root\n2\tphysics\tb.root\n"
ANALYSIS: dict[str, Any] = {
    "title": "study",
    "channels": [1, 2],
    "columns": {"event": "event", "energy": "e{channel}"},
    "keep": ["energy"],
    "classes": {"signal": {"kinds": ["calibration"]}, "background": {"kinds": ["physics"]}},
    "inputs": {name: one.model_dump(mode="json") for name, one in INPUTS.items()},
    "samples": {"all": {}},
    "models": {"bins": {"type": "binned", "column": "energy", "edges": {"values": [0, 1]}}},
    "report": {"variable": None},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with files of the user: one that is whole, one that is not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config/analyses").mkdir(parents=True)
    (tmp_path / "config/runs").mkdir()
    (tmp_path / "config/runs/study.tsv").write_text(RUNS)
    (tmp_path / "whole.py").write_text(
        "raise RuntimeError('it is not run')\n\n\ndef asymmetry(waveform):\n    pass\n"
    )
    (tmp_path / "broken.py").write_text("def asymmetry(:\n")
    return tmp_path


def load(folder: Path, column: object, name: str = "asymmetry", **changes: object):
    """The analysis with a column more."""
    content = {**ANALYSIS, **changes}
    content["columns"] = {**ANALYSIS["columns"], name: column}
    (folder / "config/analyses/study.yaml").write_text(yaml.safe_dump(content))
    return load_analysis("study", "full", catalogue())


def said(folder: Path, column: object, name: str = "asymmetry") -> list[str]:
    with pytest.raises(RunsieveError) as error:
        load(folder, column, name)
    place = "config/analyses/study.yaml: "
    lines = str(error.value).splitlines()
    assert all(line.startswith(place) for line in lines)
    return [line.removeprefix(place) for line in lines]


@pytest.mark.parametrize(
    ("column", "lines"),
    [
        ({"file": "none.py"}, ["columns.asymmetry.file: none.py does not exist"]),
        (
            {"function": "asymetry"},
            [
                "columns.asymmetry.file: whole.py defines no function 'asymetry' "
                "(did you mean 'asymmetry'?)"
            ],
        ),
        (
            {"inputs": ["wavform"]},
            ["columns.asymmetry.inputs: there is no input 'wavform' (did you mean 'waveform'?)"],
        ),
        (
            {"inputs": ["waveform", "numbers"]},
            ["columns.asymmetry.inputs: input 'numbers' is made of columns; branches are needed"],
        ),
        (
            {"inputs": ["numbers"], "file": "none.py"},
            [
                "columns.asymmetry.inputs: input 'numbers' is made of columns; branches are needed",
                "columns.asymmetry.file: none.py does not exist",
            ],
        ),
        ({"fille": "x"}, ["columns.asymmetry.fille: unknown key (did you mean 'file'?)"]),
        (
            {"missing": float("nan")},
            ["columns.asymmetry.missing: expected a finite number, found nan"],
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_key(folder, column, lines):
    assert said(folder, {"file": "whole.py", "inputs": ["waveform"], **column}) == lines


def test_a_file_that_is_no_python(folder):
    (line,) = said(folder, {"file": "broken.py", "inputs": ["waveform"]})
    assert line.startswith("columns.asymmetry.file: broken.py is not valid Python: ")


def test_a_column_without_inputs(folder):
    (line,) = said(folder, {"file": "whole.py", "inputs": []})
    assert line.startswith("columns.asymmetry.inputs: expected at least 1 of them")


@pytest.mark.parametrize("column", [3, ["energy"], None])
def test_a_column_is_text_or_a_mapping(folder, column):
    (line,) = said(folder, column)
    assert line.startswith("columns.asymmetry: expected ")


@pytest.mark.parametrize("name", ["entry", "channel", "split", "pi"])
def test_names_that_are_taken(folder, name):
    column = {"file": "whole.py", "inputs": ["waveform"], "function": "asymmetry"}
    (line,) = said(folder, column, name)
    assert line.startswith(f"columns.{name}: the name ")


def test_the_event_number_is_not_computed(folder):
    column = {"file": "whole.py", "inputs": ["waveform"], "function": "asymmetry"}
    lines = said(folder, column, "event")
    assert lines == [
        "columns.event: must be a branch, an expression or Entry$, not computed, found 'whole.py'"
    ]


def test_the_function_is_named_after_the_column_and_not_run(folder):
    loaded = load(
        folder, {"file": "whole.py", "inputs": ["waveform"]}, keep=["energy", "asymmetry"]
    )
    column = loaded.settings.columns["asymmetry"]
    assert column == ComputedColumn(file="whole.py", inputs=["waveform"])
    assert list(column.problems("asymmetry", INPUTS)) == []
    (problem,) = column.problems("skewness", INPUTS)
    assert problem == "file: whole.py defines no function 'skewness' (known: asymmetry)"


def test_each_channel_has_a_branch_of_its_own():
    assert computed_branch("asymmetry") == "asymmetry_{channel}"
