"""Deployed from a hosted repository, as the Snakemake workflow catalogue tells its readers to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from helpers.checkout import ROOT, Checkout, copy_checkout, shrink
from runsieve.reports.provenance import commit_of

pytestmark = pytest.mark.workflow
HOSTED = "https://github.com/owner/runsieve"
TAG = "v1.2.3"
SNAKEDEPLOY = shutil.which(
    "snakedeploy", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
)
# What `snakedeploy deploy-workflow` of version 0.17.1 writes; a test compares the two where it is.
DEPLOYED = f"""
from snakemake.utils import min_version


min_version("6.10.0")


configfile: "config/config.yaml"


# declare {HOSTED} as a module
module runsieve:
    snakefile:
        github("owner/runsieve", path="workflow/Snakefile", tag="{TAG}")
    config:
        config


# use all rules from {HOSTED}
use rule * from runsieve
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    command = ["git", *identity, "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository with a tag, of the files that are in this one."""
    folder = copy_checkout(tmp_path_factory.mktemp("hosted") / "runsieve").folder
    shutil.copy(ROOT / "LICENSE", folder)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "All")
    git(folder, "tag", TAG)
    return folder


@pytest.fixture
def home(repository, tmp_path):
    """A home in which git takes the repository for the hosted one."""
    settings = f'[url "file://{repository}"]\n    insteadOf = {HOSTED}\n'
    (tmp_path / ".gitconfig").write_text(settings, encoding="utf-8")
    return tmp_path


@pytest.fixture
def deployed(repository, home):
    """What `snakedeploy` makes: the configuration, the profiles and a Snakefile with the module."""
    for name in ("config", "profiles"):
        shutil.copytree(repository / name, home / name)
    (home / "workflow").mkdir()
    (home / "workflow/Snakefile").write_text(DEPLOYED, encoding="utf-8")
    deployed = Checkout(home)
    deployed.change_analysis("cosine", shrink)
    return deployed


@pytest.mark.skipif(SNAKEDEPLOY is None, reason="snakedeploy is not installed")
def test_snakedeploy_writes_what_the_other_tests_run(home):
    command = [SNAKEDEPLOY, "deploy-workflow", HOSTED, ".", "--tag", TAG]
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (home / "workflow/Snakefile").read_text().split() == DEPLOYED.split()
    for name in ("config/README.md", "config/analyses/cosine.yaml", "profiles/slurm/bin/sbatch"):
        assert (home / name).read_bytes() == (ROOT / name).read_bytes()
    assert Checkout(home).would_run()["build_page"] == 1


def test_the_deployed_workflow_runs(repository, deployed):
    assert deployed.would_run()["build_page"] == 1
    jobs = deployed.run("results/cosine/events/run1601.parquet")
    assert jobs == {"simulate_run": 1, "select_events": 1}
    (code,) = (deployed.folder / ".cache/snakemake/snakemake/source-cache/runsieve").iterdir()
    commit = git(repository, "rev-parse", TAG)
    assert commit_of(code) == {"commit": commit, "modified": False}


def test_a_repository_on_this_disk_can_be_named_with_a_commit(repository, deployed):
    """`gitfile`: as for a hosted one, whatever is checked out there."""
    snakefile = deployed.folder / "workflow/Snakefile"
    hosted = 'github("owner/runsieve", path="workflow/Snakefile", tag'
    local = f'gitfile("{repository}", path="workflow/Snakefile", commit'
    text = snakefile.read_text().replace(hosted, local)
    snakefile.write_text(text.replace(TAG, git(repository, "rev-parse", TAG)))
    assert deployed.would_run()["build_page"] == 1


def test_the_snakefile_of_the_root_says_which_one_to_take_of_a_hosted_repository(deployed):
    snakefile = deployed.folder / "workflow/Snakefile"
    snakefile.write_text(snakefile.read_text().replace("workflow/Snakefile", "Snakefile"))
    done = deployed.snakemake("--dry-run")
    assert done.returncode == 1
    assert "not on this disk; of a hosted repository take workflow/Snakefile" in done.stdout


def test_the_catalogue_finds_what_it_requires():
    """https://snakemake.github.io/snakemake-workflow-catalog, « Adding workflows »."""
    for name in ("workflow/Snakefile", "config/README.md", "README.md", "LICENSE"):
        assert (ROOT / name).is_file(), name
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert "snakemake" in readme and "workflow" in readme
    listed = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8"))
    assert set(listed["usage"]) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert listed["usage"]["software-stack-deployment"]["conda"] is True


def test_planning_needs_snakemake_and_formulate_alone():
    """What the manual says of the environment in which Snakemake runs."""
    code = (
        "import sys, snakemake.api, snakemake.cli\n"
        "known = {*sys.stdlib_module_names, *(name.split('.')[0] for name in sys.modules)}\n"
        "exec(compile(open('rules/common.smk').read().split('known_fingerprint')[0], '', 'exec'))\n"
        "import runsieve.config.load\n"
        "runsieve.config.load.load({'analyses': ['all']}, catalogue())\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules} - known))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["formulate", "hepunits", "lark", "ordered_set", "runsieve"], done
