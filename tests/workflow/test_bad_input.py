"""What a user sees when something is wrong: one sentence, an exit code, and no half-made file."""

import hashlib
import os
import shutil

import pytest
import uproot

from helpers.foreign_runs import foreign_events

pytestmark = pytest.mark.workflow


def failing(checkout, *arguments: str) -> str:
    """Run Snakemake, demand that it fails, and return what it printed."""
    done = checkout.snakemake("--quiet", "--keep-going", *arguments)
    assert done.returncode != 0
    left = [path for path in checkout.folder.rglob("*.partial*") if path.is_file()]
    assert not left
    return done.stdout + done.stderr


def sentence(output: str, *words: str) -> None:
    """Demand one line that holds all the words."""
    assert any(all(word in line for word in words) for line in output.splitlines()), output


def test_all_mistyped_keys_at_once_with_hints(fresh):
    def change(analysis):
        analysis["modles"] = analysis["models"]
        analysis["models"]["small"]["training"]["epocs"] = 3
        analysis["samples"]["detectors"]["balance"] = "waits"

    fresh.change_analysis("foreign", change)
    output = failing(fresh)
    place = "config/analyses/foreign.yaml: "
    sentence(output, place + "modles: unknown key (did you mean 'models'?)")
    sentence(output, place + "models.small.training.epocs: unknown key (did you mean 'epochs'?)")
    sentence(output, place + "samples.detectors.balance", "found 'waits'")
    assert not (fresh.folder / "results").exists()


def test_a_mistyped_key_of_the_main_configuration(fresh):
    (fresh.folder / "config/config.yaml").write_text("analysis: [foreign]\n")
    sentence(failing(fresh), "config/config.yaml: analysis: unknown key", "'analyses'")


def test_a_run_that_is_missing_in_the_sheet(fresh):
    def change(analysis):
        analysis["classes"]["signal"] = {"runs": [41, 43]}

    fresh.change_analysis("foreign", change)
    sentence(failing(fresh), "classes.signal.runs: run 43 is missing in config/runs/foreign.tsv")


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        ("energy > 0 &&", ["is not a ROOT expression"]),
        ("__import__('os').system('touch hacked')", ["is not a ROOT expression"]),
        ("energie > 0", ["there is no column 'energie' (did you mean 'energy'?)"]),
    ],
)
def test_a_cut_that_cannot_be_read(fresh, cut, words):
    def change(analysis):
        analysis["selection"]["precut"]["energy"] = cut

    fresh.change_analysis("foreign", change)
    sentence(failing(fresh), "selection.precut.energy", *words)
    assert not (fresh.folder / "hacked").exists()


def test_a_column_of_a_branch_that_is_missing(fresh):
    def change(analysis):
        analysis["columns"]["muon_time"] = "dt_muon"

    fresh.change_analysis("foreign", change)
    output = failing(fresh, "results/foreign/events/run41.parquet")
    sentence(output, "error: run 41", "daq41_0.root", "no branch 'dt_muon'", "dt_muon_ms")
    assert not list((fresh.folder / "results").rglob("*.parquet"))
    log = (fresh.folder / "logs/foreign/events/run41.log").read_text()
    assert "Traceback" in log
    assert "RunsieveError" in log


def test_a_file_that_is_missing(fresh):
    for path in (fresh.folder / "raw").glob("daq41_*.root"):
        path.unlink()
    sentence(failing(fresh), "run 41", "no file 'raw/daq41_*.root'")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_file_that_is_cut_short(fresh, share):
    path = fresh.folder / "raw/daq42_1.root"
    os.truncate(path, int(path.stat().st_size * share))
    output = failing(fresh, "results/foreign/events/run42.parquet")
    sentence(output, "error: run 42: raw/daq42_1.root", "cut short")
    assert not list((fresh.folder / "results").rglob("run42*"))


def test_a_class_without_events(fresh):
    def change(analysis):
        analysis["classes"]["signal"]["cut"] = "energy > 1000"

    fresh.change_analysis("foreign", change)
    output = failing(fresh, "results/foreign/samples/detectors/events.parquet")
    sentence(output, "error: sample detectors: class 'signal' has no event")
    assert not list((fresh.folder / "results").rglob("events.parquet"))


def test_a_run_that_is_replaced_is_selected_again(fresh):
    sample = "results/foreign/samples/detectors/events.parquet"
    done = fresh.snakemake(sample)
    assert done.returncode == 0, done.stderr
    assert fresh.would_run(sample) == {}
    branches = foreign_events(43, 1200, 0.8)
    with uproot.recreate(fresh.folder / "raw/daq41_0.root") as file:
        file.mktree("ntp", {name: values[:500] for name, values in branches.items()})
    assert fresh.would_run(sample) == {"select_events": 1, "build_sample": 1}
    sentence(failing(fresh, sample), "error: run 41", "holds events of run 43")


def test_two_analyses_fail_together_and_say_so(fresh):
    shutil.copy(
        fresh.folder / "config/analyses/foreign.yaml", fresh.folder / "config/analyses/other.yaml"
    )
    fresh.change_analysis("other", lambda analysis: analysis.update(tree=3))
    fresh.change_analysis("foreign", lambda analysis: analysis.update(channels=[]))
    output = failing(fresh, "--config", "analyses=[foreign,other]")
    sentence(output, "config/analyses/foreign.yaml: channels")
    sentence(output, "config/analyses/other.yaml: tree", "found 3")


def test_a_file_that_is_listed_in_two_runs(fresh):
    fresh.change_analysis("foreign", lambda analysis: analysis["columns"].pop("run"))
    sheet = fresh.folder / "config/runs/foreign.tsv"
    sheet.write_text(sheet.read_text() + "43\tphysics\traw/daq41_0.root\n")
    sentence(failing(fresh), "foreign.tsv: run 43 lists raw/daq41_0.root, which run 41 lists, too")


def test_the_same_events_in_two_runs(fresh):
    fresh.change_analysis("foreign", lambda analysis: analysis["columns"].pop("run"))
    shutil.copy(fresh.folder / "raw/daq41_0.root", fresh.folder / "raw/copied.root")
    sheet = fresh.folder / "config/runs/foreign.tsv"
    sheet.write_text(sheet.read_text() + "43\tphysics\traw/copied.root\n")
    output = failing(fresh, "results/foreign/samples/detectors/events.parquet")
    sentence(output, "error: runs 41 and 43 hold the same", "raw/daq41_0.root, raw/copied.root")


def test_a_file_that_has_another_checksum(fresh):
    first, second = (fresh.folder / f"raw/daq42_{part}.root" for part in (0, 1))
    given = [f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in (first, second)]
    lines = (fresh.folder / "config/runs/foreign.tsv").read_text().splitlines()
    lines = [lines[0] + "\tchecksums", lines[1], f"{lines[2]}\t{' '.join(given)}"]
    (fresh.folder / "config/runs/foreign.tsv").write_text("\n".join(lines) + "\n")
    target = "results/foreign/events/run42.parquet"
    done = fresh.snakemake(target)
    assert done.returncode == 0, done.stderr
    content = bytearray(second.read_bytes())
    content[-100] ^= 1
    second.write_bytes(content)
    found = hashlib.sha256(content).hexdigest()
    words = f"run 42: raw/daq42_1.root: its checksum should be {given[1]}, found sha256:{found}"
    sentence(failing(fresh, target), f"error: {words}")
