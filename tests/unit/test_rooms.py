"""Rooms of the package import one way, along the flow of the data."""

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "scripts/runsieve"
STATED = SimpleNamespace(**runpy.run_path(str(REPOSITORY / "docs/rooms.py")))


def room_of(module: str) -> str:
    """`runsieve.runs.trees` is of the room `runs`, `runsieve.errors` of the root."""
    name = module.split(".")[1]
    return "root" if name in STATED.ROOT else name


def imports(text: str) -> set[str]:
    """Modules of the package that a source imports, inside of functions too.

    A registry names its package in a string, which counts as well.
    """
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Registry"):
            found.add(f"runsieve.{node.args[0].value}")
        elif isinstance(node, ast.Constant) and str(node.value).startswith("runsieve."):
            found.add(node.value)
    return {name for name in found if name.startswith("runsieve.")}


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


def room_of_file(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return room_of(".".join(("runsieve", *parts)))


def violations(path: Path, text: str) -> list[str]:
    may = STATED.allowed(room_of_file(path))
    return [name for name in sorted(imports(text)) if room_of(name) not in may]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_from_earlier_rooms_alone(path):
    assert violations(path, path.read_text()) == []


def test_every_room_has_its_place():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert folders == {*STATED.ROOMS, *STATED.BESIDE, "plan"}
    assert files == {*STATED.ROOT, "models", "run_scores", "trained"}


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("config/load.py", "from runsieve.simulate.models import DETECTORS"),
        ("config/load.py", "from runsieve.simulate import models"),
        ("samples/drawing.py", "import runsieve.evaluation.roc"),
        ("networks/batches.py", "def f():\n    from runsieve.reports.card import write_card"),
        ("errors.py", "from runsieve.runs.trees import Chain"),
        ("reports/card.py", "from runsieve.plan.plan import Plan"),
        ("evaluation/scores.py", "DETECTORS = Registry('simulate', part='run')"),
        ("simulate/events.py", "from runsieve.selection.selector import Selector"),
    ],
)
def test_a_violation_is_seen(file, line):
    assert violations(PACKAGE / file, line)


def test_only_trainings_and_predictions_load_tensorflow():
    """Keras is imported in the room of the networks alone, and there never at parse time."""
    for path in modules():
        names = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text()))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        if names & {"keras", "tensorflow"}:
            assert room_of_file(path) == "networks", path


def test_nothing_heavy_is_imported_while_a_workflow_is_parsed():
    code = (
        "import sys\n"
        "from runsieve.config.load import load\n"
        "from runsieve.models import catalogue\n"
        "from runsieve.plan.checks import checked\n"
        "from runsieve.plan.page import page_of\n"
        "from runsieve.plan.plan import Plan\n"
        "from runsieve.plan.displays import displays\n"
        "loaded = load({'analyses': ['cosine']}, catalogue())['cosine']\n"
        "plan = Plan(loaded, {'data': 'data', 'results': 'results'})\n"
        "page_of(plan), checked(plan)\n"
        "heavy = {'uproot', 'awkward', 'matplotlib', 'scipy', 'sklearn', 'skops', 'keras', 'PIL'}\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")}
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stdout.strip()) == (0, ""), found.stderr


def test_no_test_imports_from_another_test():
    for path in (REPOSITORY / "tests").rglob("*.py"):
        tree = ast.walk(ast.parse(path.read_text()))
        names = {node.module or "" for node in tree if isinstance(node, ast.ImportFrom)}
        assert not any(name.split(".")[-1].startswith("test_") for name in names), path
