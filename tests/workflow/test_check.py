"""`snakemake check` on runs that a user brings."""

import pytest

from helpers.checkout import copy_checkout
from helpers.foreign_runs import write_foreign_analysis

pytestmark = pytest.mark.workflow
FOREIGN = ("--config", "analyses=[foreign]")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    checkout = copy_checkout(tmp_path_factory.mktemp("check") / "checkout")
    write_foreign_analysis(checkout.folder)
    return checkout


def test_good_runs(checkout):
    done = checkout.snakemake("check", *FOREIGN)
    assert done.returncode == 0, done.stderr
    assert "no problem found" in done.stdout + done.stderr
    page = (checkout.folder / "results/check.html").read_text()
    assert "No problem was found." in page and "dt_muon_ms" in page
    assert checkout.would_run("check", *FOREIGN) == {}


def test_a_dry_run_says_what_it_does_not_check(checkout):
    done = checkout.snakemake("--dry-run", *FOREIGN)
    assert "`snakemake check` opens the runs before anything" in done.stdout + done.stderr


def test_bad_runs(checkout):
    """After the good ones: changed files are checked again, and the page is kept."""
    (checkout.folder / "raw/daq41_1.root").write_text("a text")
    (checkout.folder / "raw/daq42_0.root").unlink()
    (checkout.folder / "raw/daq42_1.root").unlink()
    done = checkout.snakemake("check", *FOREIGN)
    assert done.returncode == 1
    assert "- run 41: raw/daq41_1.root: cannot read its directory" in done.stderr
    assert "- run 42: no file 'raw/daq42_*.root'" in done.stderr
    assert "as a page: results/check.html" in done.stderr
    page = (checkout.folder / "results/check.html").read_text()
    assert "<strong>2 problems</strong>" in page
    assert not (checkout.folder / "results/check.txt").exists()
