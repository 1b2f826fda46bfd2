"""Finished and fresh runs of the workflow, which the tests of this folder share."""

from pathlib import Path

import pytest
import yaml

from helpers.checkout import Checkout, copy_checkout, give_livetime, shrink
from helpers.foreign_runs import write_foreign_analysis
from helpers.recovery import REPORT, SCORES, small_checkout


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """cosine, and an analysis of files in a foreign layout, run from end to end."""
    checkout = copy_checkout(tmp_path_factory.mktemp("workflow") / "checkout")
    checkout.change_analysis("cosine", shrink)
    give_livetime(checkout.folder / "config/runs/cosine.tsv")
    write_foreign_analysis(checkout.folder)
    config = {"analyses": ["cosine", "foreign"], "scale": "demo"}
    (checkout.folder / "config/config.yaml").write_text(yaml.safe_dump(config))
    done = checkout.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The short chain of the tests of recovery, finished without any accident."""
    checkout = small_checkout(tmp_path_factory.mktemp("undisturbed") / "checkout")
    done = checkout.snakemake(*SCORES, REPORT)
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


@pytest.fixture
def edited(finished: Checkout):
    """The finished run, with files that a test may edit; they are put back afterwards."""
    kept = {
        path: path.read_bytes()
        for name in ("Snakefile", "rules", "scripts", "config", "report")
        for path in [finished.folder / name, *(finished.folder / name).rglob("*")]
        if path.is_file() and "__pycache__" not in path.parts
    }
    yield finished
    for path, content in kept.items():
        if path.read_bytes() != content:
            path.write_bytes(content)


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    """A copy with the foreign analysis alone, in which nothing has run."""
    checkout = copy_checkout(tmp_path / "checkout")
    write_foreign_analysis(checkout.folder)
    (checkout.folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    return checkout
