"""Fingerprints change with the code that a script can reach, and with nothing else."""

from pathlib import Path

import pytest

from helpers.another_process import forget_code
from runsieve.baselines import registry as baselines
from runsieve.code import SCRIPTS, fingerprint, sources, user_fingerprint
from runsieve.models import BASELINES, NETWORKS
from runsieve.networks import registry as networks
from runsieve.reports.registry import FIGURES, TABLES
from runsieve.simulate.models import DETECTORS

FILES = {
    "work.py": "from package.direct import job\n\njob()\n",
    "package/__init__.py": "",
    "package/direct.py": (
        "from typing import TYPE_CHECKING\n\nfrom package import far\n\nif TYPE_CHECKING:\n"
        "    from package.checked import Checked\n\nTEMPLATE = 'page.j2'\n\n\n"
        "def job() -> 'Checked':\n    from package.late import late\n\n"
        "    return far.away() + late()\n"
    ),
    "package/far.py": '"""Far."""\n\n\ndef away():\n    """Say one."""\n    return 1\n',
    "package/late.py": "def late():\n    return 2\n",
    "package/unused.py": "def unused():\n    return 3\n",
    "package/checked.py": "class Checked:\n    size = 4\n",
    "package/page.j2": "{% include 'parts.j2' %}<p>{{ text }}</p>\n",
    "package/parts.j2": "<h1>{{ title }}</h1>\n",
    "package/foreign.j2": "<i>Nothing names this.</i>\n",
}


@pytest.fixture(autouse=True)
def another_process():
    """A process reads each file once."""
    forget_code()


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
        ("package/parts.j2", "<h1>", "<h2>", True),
        ("package/foreign.j2", "<i>", "<b>", False),
        ("package/checked.py", "size = 4", "size = 5", False),
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
    forget_code()
    assert (fingerprint("work.py", root=root) != before) == changes
    (root / name).write_text(text)
    forget_code()
    assert fingerprint("work.py", root=root) == before


def test_a_file_that_nothing_names_any_more_does_not_count(root):
    """What an unused module names counts neither."""
    direct = root / "package/direct.py"
    direct.write_text(direct.read_text().replace("page.j2", "other.txt"))
    (root / "package/unused.py").write_text("TEMPLATE = 'page.j2'\n")
    found = {path.name for path in sources(root / "work.py", root)}
    assert "direct.py" in found
    assert not {"page.j2", "parts.j2", "unused.py"} & found


def test_several_scripts_have_one_fingerprint_in_any_order(root):
    both = fingerprint("work.py", "package/unused.py", root=root)
    assert both == fingerprint("package/unused.py", "work.py", root=root)
    assert both != fingerprint("work.py", root=root)


def reached(*scripts: str) -> set[str]:
    """Modules of the package that scripts reach, such as `samples/drawing`."""
    package = SCRIPTS / "runsieve"
    return {
        path.relative_to(package).with_suffix("").as_posix()
        for script in scripts
        for path in sources(SCRIPTS / script)
        if path.is_relative_to(package)
    }


def places(modules: set[str]) -> set[str]:
    """The modules themselves and their rooms."""
    return modules | {module.split("/")[0] for module in modules}


@pytest.mark.parametrize(
    ("script", "expected", "far"),
    [
        (
            "select_events",
            {"selection/selector", "expressions", "runs/columns"},
            {"samples", "networks"},
        ),
        (
            "build_sample",
            {"samples/drawing", "config/sample"},
            {"selection/selector", "runs", "networks"},
        ),
        (
            "gather_input",
            {"samples/gathering", "runs/arrays"},
            {"selection", "samples/drawing", "networks"},
        ),
        (
            "train_network",
            {"networks/training", "networks/building"},
            {"baselines", "samples/drawing", "evaluation"},
        ),
        (
            "diagnose_network",
            {"networks/diagnosis", "networks/observations", "baselines/classifiers/binned"},
            {"networks/training", "evaluation", "reports"},
        ),
        ("fit_baseline", {"baselines/baseline"}, {"networks", "evaluation"}),
        ("score_model", {"evaluation/scores"}, {"networks", "baselines", "evaluation/metrics"}),
        ("build_page", {"reports/page/rendering"}, {"reports/model_report", "evaluation/metrics"}),
        ("simulate_run", {"simulate/models"}, {"selection", "simulate/crystals/light"}),
    ],
)
def test_each_script_reaches_what_it_uses_and_no_more(script, expected, far):
    found = reached(f"{script}.py")
    assert expected <= found
    assert not far & places(found)


def test_the_report_of_a_model_reaches_its_tables_and_figures():
    found = reached("report_model.py", *TABLES.sources(), *FIGURES.sources())
    expected = {"reports/model_report", "evaluation/efficiency", "reports/figures/roc"}
    assert expected <= found
    assert not {"networks", "baselines", "plan"} & places(found)


NETWORK = {"type": "network", "towers": {"waveform": {}}}
BOOSTED = {
    "type": "gradient_boosting",
    "inputs": ["waveform"],
    "features": {
        "type": "pulse_shape",
        "sample_ns": 2.0,
        "onset": 100,
        "cluster_threshold": 10.0,
    },
}


@pytest.mark.parametrize(
    ("sources_of", "config", "expected", "far"),
    [
        (
            NETWORKS.fitting_sources,
            networks.validated(NETWORK),
            {"networks/architectures/network", "networks/layers", "networks/scaling"},
            {"networks/architectures/residual", "networks/prediction", "baselines"},
        ),
        (
            NETWORKS.scoring_sources,
            networks.validated(NETWORK),
            {"networks/architectures/network", "networks/layers", "networks/prediction"},
            {"networks/architectures/residual", "networks/training", "baselines", "evaluation"},
        ),
        (
            BASELINES.fitting_sources,
            baselines.validated(BOOSTED),
            {"baselines/classifiers/gradient_boosting", "baselines/features/pulse_shape"},
            {"baselines/classifiers/binned", "networks", "evaluation"},
        ),
        (
            BASELINES.scoring_sources,
            baselines.validated(BOOSTED),
            {"baselines/baseline", "baselines/features/pulse_shape"},
            {"baselines/classifiers/binned", "networks", "evaluation"},
        ),
    ],
    ids=["trained", "tested", "fitted", "scored"],
)
def test_models_depend_on_their_own_type_alone(sources_of, config, expected, far):
    found = reached(*sources_of(config))
    assert expected <= found
    assert not far & places(found)


def test_runs_depend_on_their_own_detector_alone():
    found = {path.parent.name for path in sources(SCRIPTS / DETECTORS.source("crystals"))}
    assert "crystals" in found
    assert not found & (set(DETECTORS.names) - {"crystals"})


USER = {
    "one.py": "from beside import two\n\n\ndef build():\n    return two() + 1\n",
    "beside.py": "def two():\n    return 2\n",
    "other.py": "def build():\n    return 3\n",
}


@pytest.fixture
def user(tmp_path: Path) -> Path:
    for name, text in USER.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "changes"),
    [
        ("one.py", "+ 1", "+ 2", True),
        ("beside.py", "return 2", "return 3", True),
        ("other.py", "return 3", "return 4", False),
        ("one.py", "+ 1", "+ 1  # one more", False),
    ],
)
def test_files_of_the_user_count_with_the_modules_beside_them(user, name, old, new, changes):
    files = [str(user / "one.py")]
    before = user_fingerprint(files)
    (user / name).write_text(USER[name].replace(old, new))
    forget_code()
    assert (user_fingerprint(files) != before) == changes


def test_each_file_of_the_user_has_its_own_hash(user):
    one, other, absent = (str(user / name) for name in ("one.py", "other.py", "absent.py"))
    assert user_fingerprint([]) == user_fingerprint([absent]) == ""
    hashes = user_fingerprint([one, absent, other, one]).split()
    assert hashes == [user_fingerprint([one]), user_fingerprint([other])]
    assert len(set(hashes)) == 2
