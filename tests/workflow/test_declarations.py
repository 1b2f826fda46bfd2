"""The rules themselves: style, what each must declare, and the documents made from them."""

import re
import runpy
import subprocess
import sys

import pytest

from helpers.checkout import ROOT
from runsieve.layout import JOBS

pytestmark = pytest.mark.workflow


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True
    )


def test_snakemake_lint():
    done = run("snakemake", "--lint")
    assert done.returncode == 0, done.stdout + done.stderr


def test_snakefmt():
    done = run("snakefmt", "--check", "Snakefile", "rules")
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
