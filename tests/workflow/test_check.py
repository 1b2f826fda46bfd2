"""`snakemake check` on runs that a user brings."""

import pytest

from helpers.checkout import copy_checkout
from helpers.foreign_runs import write_foreign_analysis
from helpers.planted import MISTAKES, plant, write_files

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


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory):
    """A checkout with an analysis in which all mistakes are planted."""
    folder = tmp_path_factory.mktemp("mistaken")
    write_files(folder)
    checkout = copy_checkout(folder / "checkout")
    plant(MISTAKES).write(checkout.folder, folder)
    return checkout


def test_mistakes_in_settings_run_sheet_and_files_are_one_list(mistaken):
    done = mistaken.snakemake("check")
    assert done.returncode == 1
    listed = [line for line in done.stderr.splitlines() if line.startswith("- ")]
    for name, (_, words) in MISTAKES.items():
        assert sum(all(word in line for word in words) for line in listed) == 1, (name, listed)
    assert len(listed) == len(MISTAKES) and f"{len(MISTAKES)} problems:" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    page = (mistaken.folder / "results/check.html").read_text()
    assert f"<strong>{len(MISTAKES)} problems</strong>" in page
    assert not (mistaken.folder / "results/check.txt").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--dry-run", "check"),
        ("check", "all"),
        ("check", "results/index.html"),
        ("results/planted/events/run1.parquet",),
    ],
    ids=" ".join,
)
def test_anything_else_stops_at_the_settings_and_opens_no_file(mistaken, arguments):
    done = mistaken.snakemake(*arguments)
    assert done.returncode == 1
    output = done.stdout + done.stderr
    assert "config/analyses/planted.yaml: titel: unknown key" in output
    assert "run 35 lists raw/run1.root" in output
    assert "run 40" not in output and "Missing" not in output and "Traceback" not in output
    assert not (mistaken.folder / "results/planted").exists()
