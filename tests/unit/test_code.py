"""Fingerprints change with the code that a script can reach, and with nothing else."""

from pathlib import Path

import pytest

from runsieve.code import SCRIPTS, fingerprint, sources
from runsieve.simulate.models import MODELS, source

FILES = {
    "work.py": "from package.direct import job\n\njob()\n",
    "package/__init__.py": "",
    "package/direct.py": (
        "from package import far\n\n\ndef job():\n    from package.late import late\n\n"
        "    return far.away() + late()\n"
    ),
    "package/far.py": '"""Far."""\n\n\ndef away():\n    """Say one."""\n    return 1\n',
    "package/late.py": "def late():\n    return 2\n",
    "package/unused.py": "def unused():\n    return 3\n",
    "package/page.j2": "<p>{{ text }}</p>\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "changes"),
    [
        ("work.py", "job()\n", "job()\njob()\n", True),
        ("package/direct.py", "+", "-", True),
        ("package/far.py", "return 1", "return 2", True),
        ("package/late.py", "return 2", "return 3", True),
        ("package/page.j2", "<p>", "<b>", True),
        ("package/unused.py", "return 3", "return 4", False),
        ("package/far.py", "Say one.", "Say it.", False),
        ("package/far.py", "    return 1", "    # why\n\n    return (1)", False),
        ("work.py", "\n\n", "\n\n\n\n# a comment\n", False),
    ],
)
def test_what_changes_a_fingerprint(root, name, old, new, changes):
    before = fingerprint("work.py", root=root)
    text = (root / name).read_text()
    assert old in text
    (root / name).write_text(text.replace(old, new, 1))
    assert (fingerprint("work.py", root=root) != before) == changes
    (root / name).write_text(text)
    assert fingerprint("work.py", root=root) == before


@pytest.mark.parametrize(
    ("script", "reached", "not_reached"),
    [
        ("select_events", {"selection", "expressions", "runs/columns"}, {"samples", "networks"}),
        ("build_sample", {"samples", "config/sample"}, {"selection", "runs/trees", "networks"}),
        ("gather_input", {"gathering", "runs/arrays"}, {"selection", "samples"}),
        ("train_network", {"training", "networks"}, {"baselines", "samples", "metrics"}),
        ("fit_baseline", {"baselines", "pulse_shape"}, {"networks", "training"}),
        ("score_baseline", {"baselines", "prediction"}, {"networks", "metrics"}),
        ("report_model", {"reporting", "efficiency"}, {"networks", "baselines", "plan"}),
        ("build_page", {"pages/page"}, {"reporting", "metrics"}),
        ("simulate_run", {"simulate/models"}, {"selection", "simulate/crystals/light"}),
    ],
)
def test_each_script_reaches_what_it_uses_and_no_more(script, reached, not_reached):
    package = SCRIPTS / "runsieve"
    found = {
        path.relative_to(package).with_suffix("").as_posix()
        for path in sources(SCRIPTS / f"{script}.py")
        if path.is_relative_to(package)
    }
    assert reached <= found
    assert not not_reached & found


def test_runs_depend_on_their_own_detector_alone():
    found = {path.parent.name for path in sources(SCRIPTS / source("crystals"))}
    assert "crystals" in found
    assert not found & (set(MODELS) - {"crystals"})
