"""The rules themselves: style, what each must declare, and the documents made from them."""

import re
import runpy
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from helpers.checkout import ROOT
from runsieve.code import SCRIPTS, sources
from runsieve.layout import JOBS
from runsieve.models import BASELINES, FAMILIES, NETWORKS
from runsieve.syntax import facts_of

pytestmark = pytest.mark.workflow


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True
    )


def test_snakemake_lint():
    done = run("snakemake", "--lint")
    assert done.returncode == 0, done.stdout + done.stderr


def test_snakefmt():
    done = run("snakefmt", "--check", "Snakefile", "workflow", "rules")
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff():
    done = run("ruff", "check", ".")
    assert done.returncode == 0, done.stdout
    done = run("ruff", "format", "--check", ".")
    assert done.returncode == 0, done.stdout


def declared_rules() -> dict[str, tuple[str | None, str]]:
    """Rule: the rule that it inherits from, if any, and its text."""
    rules = {}
    for path in sorted((ROOT / "rules").glob("*.smk")):
        for text in re.split(r"^(?=(?:use )?rule )", path.read_text(), flags=re.M)[1:]:
            inherited = re.match(r"use rule (\w+) as (\w+) with:", text)
            parent, name = (
                inherited.groups() if inherited else (None, re.match(r"rule (\w+)", text)[1])
            )
            rules[name] = (parent, text)
    return rules


RULES = declared_rules()
DIRECTIVES = ("log", "benchmark", "threads", "resources", "conda", "params", "script", "output")


@pytest.mark.parametrize("name", RULES)
def test_every_rule_declares_what_it_needs(name):
    parent, text = RULES[name]
    own = set(re.findall(r"^    (\w+):", text, re.M))
    if parent is None:
        assert own >= set(DIRECTIVES), set(DIRECTIVES) - own
        assert text.splitlines()[1].strip().startswith('"""')
        assert re.search(r"^        code=", text, re.M), "no fingerprint of its code"
    else:
        assert parent in RULES
        assert own >= {"input", "output", "log", "benchmark"}
    for directive in ("log", "benchmark"):
        assert f'layout.{directive}("{name}")' in text


def test_rules_and_their_places_are_the_same_set():
    assert set(RULES) == set(JOBS)


def test_rules_hold_no_path_template():
    for path in [ROOT / "Snakefile", *(ROOT / "rules").glob("*.smk")]:
        text = path.read_text()
        assert not re.search(r"[\"'/]<(data|results|logs|benchmarks)>/", text), path.name


# Packages whose modules have another name.
PACKAGES = {"sklearn": "scikit-learn", "PIL": "pillow", "yaml": "pyyaml"}
PACKAGES |= {"tensorflow": "tensorflow-cpu"}


def packages_of(files: Iterable[Path]) -> set[str]:
    """Packages that Python files import, the standard library and the project itself apart."""
    names = set().union(*(facts_of(path).imported for path in files if path.suffix == ".py"))
    modules = {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"runsieve"}
    return {PACKAGES.get(name, name) for name in modules}


@pytest.mark.parametrize("name", [name for name, (parent, _) in RULES.items() if parent is None])
def test_the_environment_of_a_rule_has_all_that_its_script_imports(name):
    text = RULES[name][1]
    scripts = [re.search(r"scripts/(\w+\.py)", text)[1]]
    environments = runpy.run_path(str(ROOT / "docs/generate.py"))["ENVIRONMENTS"]
    if name in ("score_model", "score_shifts"):
        for family in FAMILIES:
            loaded = [family.scorer.replace(".", "/") + ".py", *family.types.sources()]
            needed = packages_of(reached(*scripts, *loaded))
            assert needed <= set(environments[family.environment])
        return
    named = re.search(r"envs/(\w+)\.yaml", text)[1]
    if name in ("score_run", "score_pictures"):
        for family in FAMILIES:
            scripts += [family.scorer.replace(".", "/") + ".py", *family.types.sources()]
    if name in ("train_network", "search_worker"):
        scripts += NETWORKS.types.sources()
    if name in ("fit_baseline", "search_worker"):
        scripts += BASELINES.types.sources()
    assert packages_of(reached(*scripts)) <= set(environments[named])


def reached(*scripts: str) -> set[Path]:
    return set().union(*(sources(SCRIPTS / script) for script in scripts))


def test_scripts_are_thin():
    for path in (ROOT / "scripts").glob("*.py"):
        assert len(path.read_text().splitlines()) <= 30, path.name


def test_slurm_profile_is_accepted():
    done = run("snakemake", "--workflow-profile", "profiles/slurm", "--dry-run", "--forceall")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "build_page" in done.stdout + done.stderr


def test_generated_documents_are_up_to_date():
    generated = runpy.run_path(str(ROOT / "docs/generate.py"))["generated"]
    for path, text in generated().items():
        assert path.read_text() == text, f"{path.name}: run make docs"


def test_lock_file_names_no_index():
    text = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert "index" not in text.replace("sphinx", "")
