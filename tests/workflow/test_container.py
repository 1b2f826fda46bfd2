"""The container definition can be built, and its Snakemake plans the demo."""

import shutil
import subprocess

import pytest

from helpers.checkout import copy_checkout
from helpers.places import ROOT

DRY_RUN = ["snakemake", "--dry-run", "--cores", "1", "--nolock"]
TOOL = next((name for name in ("podman", "docker") if shutil.which(name)), None)


@pytest.mark.skipif(TOOL is None, reason="neither podman nor docker is installed")
def test_the_image_plans_the_demo(tmp_path):
    def run(*arguments):
        return subprocess.run(
            [TOOL, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )

    if run("info").returncode:
        pytest.skip(f"{TOOL} is installed, but cannot run containers here")
    built = run("build", "--tag", "runsieve-test", "--file", "envs/Dockerfile", ".")
    assert built.returncode == 0, built.stderr
    # Snakemake keeps notes in its folder, also of a dry run.
    folder = copy_checkout(tmp_path / "checkout").folder
    planned = run("run", "--rm", "--volume", f"{folder}:/work", "runsieve-test", *DRY_RUN)
    assert "build_page" in planned.stdout, planned.stderr
