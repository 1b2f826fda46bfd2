"""Raw files that are missing, damaged or back: nothing is stale, and runs left out are named."""

import html
from pathlib import Path

import pandas as pd
import pytest
import uproot
import yaml

from helpers.checkout import Checkout, copy_checkout
from helpers.foreign_runs import ANALYSIS, foreign_events
from runsieve.selection.absences import read_runs_left_out

pytestmark = pytest.mark.workflow

FRIEND = "raw/image{run}.root"


@pytest.fixture
def without_a_file(edited):
    """The finished run, from which a raw file of the foreign analysis is taken away."""
    files = sorted((edited.folder / "raw").glob("daq41_*.root"))
    for file in files:
        file.rename(file.with_suffix(".away"))
    yield edited
    for file in files:
        file.with_suffix(".away").rename(file)


def a_cut(analysis):
    analysis["selection"]["precut"]["clusters"] = "clusters >= 3"


def a_window(analysis):
    analysis["inputs"]["waveform"] |= {"window": {"start": 2, "size": 64}, "shape": [128]}


@pytest.mark.parametrize("change", [None, a_cut, a_window])
def test_a_missing_file_is_an_error_before_any_job(without_a_file, change):
    """Also where results exist, which would be taken for up to date."""
    if change is not None:
        without_a_file.change_analysis("foreign", change)
    before = (without_a_file.folder / "results/index.html").stat().st_mtime_ns
    for arguments in ((), ("--dry-run",)):
        done = without_a_file.snakemake(*arguments)
        assert done.returncode == 1
        sentence = "config/runs/foreign.tsv: run 41: no file 'raw/daq41_*.root'"
        assert sentence in done.stdout + done.stderr
    assert (without_a_file.folder / "results/index.html").stat().st_mtime_ns == before


def test_a_missing_file_of_an_input_is_an_error_before_any_job(edited):
    def change(analysis):
        analysis["inputs"]["waveform"]["files"] = FRIEND

    edited.change_analysis("foreign", change)
    done = edited.snakemake()
    assert done.returncode == 1
    for run in (41, 42):
        assert f"run {run}: no file 'raw/image{run}.root'" in done.stdout + done.stderr


def test_the_order_of_the_run_sheet_reruns_nothing(edited):
    for name in ("cosine", "foreign"):
        sheet = edited.folder / f"config/runs/{name}.tsv"
        header, *lines = sheet.read_text().splitlines()
        sheet.write_text("\n".join([header, *reversed(lines)]) + "\n")
    assert edited.would_run() == {}


REASONS = {
    103: "no file 'raw/daq103*.root'",
    104: "raw/daq104.root: the file is cut short",
    105: "raw/daq105.root: cannot read",
}


def write_run(folder: Path, run: int) -> Path:
    """One raw file; runs of odd numbers are calibrations."""
    path = folder / f"raw/daq{run}.root"
    with uproot.recreate(path) as file:
        file.mktree("ntp", foreign_events(run, 300, 0.8 if run % 2 else 0.1))
    return path


def damage(path: Path) -> None:
    """Change bytes in the column that the cuts read first."""
    with uproot.open(path) as file:
        branch = file["ntp"]["e_eV"]
        start = int(branch.member("fBasketSeek")[0])
        stop = start + int(branch.member("fBasketBytes")[0])
    content = bytearray(path.read_bytes())
    content[start:stop] = bytes(stop - start)
    path.write_bytes(content)


@pytest.fixture
def campaign(tmp_path: Path) -> Checkout:
    """Eight runs, of which one is missing, one cut short and one damaged; such runs are skipped."""
    checkout = copy_checkout(tmp_path / "checkout")
    folder = checkout.folder
    (folder / "raw").mkdir()
    lines = ["run\tkind\tfiles"]
    for run in range(101, 109):
        write_run(folder, run)
        kind = "calibration" if run % 2 else "physics"
        lines.append(f"{run}\t{kind}\traw/daq{run}*.root")
    (folder / "raw/daq103.root").unlink()
    cut = folder / "raw/daq104.root"
    cut.write_bytes(cut.read_bytes()[:30_000])
    damage(folder / "raw/daq105.root")
    (folder / "config/runs/foreign.tsv").write_text("\n".join(lines) + "\n")
    models = {"energy_only": ANALYSIS["models"]["energy_only"]}
    analysis = ANALYSIS | {"missing_runs": "skip", "models": models}
    text = yaml.safe_dump(analysis, sort_keys=False)
    (folder / "config/analyses/foreign.yaml").write_text(text)
    (folder / "config/config.yaml").write_text("analyses: [foreign]\nscale: full\n")
    return checkout


def reasons(checkout: Checkout) -> dict[int, str]:
    return read_runs_left_out([checkout.folder / "results/foreign/cutflow.csv"])


def test_runs_that_cannot_be_read_are_left_out_and_join_in_when_they_are_back(campaign):
    done = campaign.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    results = campaign.folder / "results"
    found = reasons(campaign)
    assert found.keys() == REASONS.keys()
    assert all(REASONS[run] in reason for run, reason in found.items())
    assert set(pd.read_csv(results / "foreign/statistics.csv")["run"]) == {101, 102, 106, 107, 108}
    page = html.unescape((results / "index.html").read_text())
    assert "3 runs are left out, because files are missing or damaged: 103-105." in page
    assert all(reason in page for reason in found.values())
    assert campaign.would_run() == {}

    for run in (103, 104):
        write_run(campaign.folder, run)
    jobs = campaign.would_run()
    assert jobs["select_events"] == 2
    done = campaign.snakemake("results/foreign/statistics.csv")
    assert done.returncode == 0, done.stdout + done.stderr
    assert reasons(campaign) == {105: found[105]}

    # Without `skip`, nothing is selected again, but what was left out is refused.
    campaign.change_analysis("foreign", lambda analysis: analysis.pop("missing_runs"))
    target = "results/foreign/statistics.csv"
    assert campaign.would_run(target) == {"summarise_data": 1}
    done = campaign.snakemake(target)
    assert done.returncode == 1
    assert f"{found[105]}; the run was left out" in done.stdout + done.stderr
