"""The rules themselves: style, what each must declare, and the documents made from them."""

import re
import runpy
import subprocess
import sys

import pytest
from conftest import ROOT

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


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*.smk")), ids=lambda path: path.stem)
def test_every_rule_declares_what_it_needs(path):
    for rule in re.split(r"^(?=rule )", path.read_text(), flags=re.M)[1:]:
        name = rule.split(":")[0]
        for directive in ("log", "benchmark", "threads", "resources", "conda", "params", "script"):
            assert re.search(rf"^    {directive}:", rule, re.M), (name, directive)
        assert rule.splitlines()[1].strip().startswith('"""'), name
        assert re.search(r"code=(lambda w: )?fingerprint\(", rule), name


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
