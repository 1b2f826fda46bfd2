"""A run that is interrupted, or whose disk is full, and what the next start makes of it.

Each ends with the files of a run that nothing disturbed, byte for byte.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from helpers.checkout import Checkout
from helpers.recovery import (
    REPORT,
    RESULTS,
    SCORES,
    Running,
    different,
    processes,
    scripts,
    small_checkout,
    text,
)

pytestmark = pytest.mark.workflow

MODEL = f"{RESULTS}/models/detectors/small/seed1/model.keras"


def start(checkout: Checkout, *arguments: str) -> Running:
    environment = {"PATH": os.environ["PATH"]}
    return Running(checkout, "--cores", "2", *arguments, environment=environment)


def send(numbers: list[int], signal: int) -> None:
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, signal)


def left(checkout: Checkout) -> list[Path]:
    """Half-written files."""
    return [path for path in checkout.folder.rglob("*.partial*") if path.is_file()]


@pytest.fixture
def none_left(tmp_path: Path) -> Iterator[None]:
    """No process of the checkout outlives the test."""
    yield
    send([one for one in processes(str(tmp_path)) if one != os.getpid()], signal.SIGKILL)


def test_a_run_that_is_interrupted_again_and_again(undisturbed, tmp_path, none_left):
    """By each signal, in the middle of a job, of which some live on beside those of the next."""
    checkout = small_checkout(tmp_path / "checkout")
    steps = [
        ("select_events", signal.SIGKILL),
        ("select_events", signal.SIGINT),
        ("build_sample", signal.SIGTERM),
        ("gather_input", signal.SIGKILL),
        ("train_network", signal.SIGKILL),
    ]
    living: list[int] = []
    lock = checkout.folder / RESULTS / "models/detectors/small/seed1/resume.lock"
    for rule, number in steps:
        running = start(checkout, *SCORES)
        send(living, signal.SIGCONT)  # those of the run before, beside the new ones

        def is_in_the_middle(rule: str = rule, old: list[int] = living) -> bool:
            started = bool(set(scripts(checkout, rule)) - set(old))
            return started and (rule != "train_network" or lock.is_file())

        running.until(rule, is_in_the_middle)
        living = scripts(checkout, rule)
        send(living, signal.SIGSTOP)
        if rule == "build_sample":
            second = checkout.snakemake(*SCORES)
            assert second.returncode != 0
            assert "cannot be locked" in second.stderr
        running.process.send_signal(number)
        if number == signal.SIGKILL:
            running.process.wait()
            refused = checkout.snakemake(*SCORES)
            assert refused.returncode != 0
            assert "--unlock" in refused.stderr
            assert checkout.snakemake("--unlock").returncode == 0
        else:
            send(living, signal.SIGCONT)
            assert running.process.wait(240) != 0
            assert "start the same command again" in running.printed()
            living = []
    log = checkout.folder / "logs/foreign/models/detectors/small/seed1.log"
    running = start(checkout, *SCORES)
    running.until("a second training", lambda: "waiting for process" in text(log))
    send(living, signal.SIGCONT)
    running.finished()
    assert different(undisturbed, checkout, "events", "samples", "models", "tests") == []
    assert left(checkout) == []


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of this size, mounted on the folder."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        subprocess.run(["mount", *options], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no small file system can be mounted here (root may)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, free: int) -> Path:
    """A file that leaves so many bytes."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(folder).free - free)
    return ballast


def test_a_full_disk_is_said_at_once_and_the_next_start_finishes(undisturbed, tmp_path):
    checkout = small_checkout(tmp_path / "checkout")
    steps = {
        f"{RESULTS}/events/run41.parquet": f"{RESULTS}/events/run41.",
        f"{RESULTS}/samples/detectors/waveform.npy": f"{RESULTS}/samples/detectors/waveform.npy",
        MODEL: f"{RESULTS}/models/detectors/small/seed1/resume.npz",
        REPORT: f"{RESULTS}/reports/detectors/energy_only/",
    }
    earlier = {
        f"{RESULTS}/samples/detectors/waveform.npy": f"{RESULTS}/samples/detectors/events.parquet",
        REPORT: SCORES[1],
    }
    with small_disk(checkout.folder / "results", 40) as results:
        for target, named in steps.items():
            if target in earlier:
                assert checkout.snakemake(earlier[target]).returncode == 0
            ballast = fill(results, 8192)
            done = checkout.snakemake(target)
            assert done.returncode != 0
            said = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
            assert len(said) == 1, done.stderr
            assert said[0].startswith(f"error: {named}"), said
            assert "no space is left for it" in said[0]
            assert not (checkout.folder / target).exists()
            assert left(checkout) == []
            ballast.unlink()
            done = checkout.snakemake(target)
            assert done.returncode == 0, done.stderr
        assert checkout.snakemake(*SCORES, REPORT).returncode == 0
        folders = ("events", "samples", "models", "tests", "reports/detectors/energy_only")
        assert different(undisturbed, checkout, *folders) == []


def test_results_that_cannot_be_written_are_named(undisturbed, tmp_path):
    checkout = small_checkout(tmp_path / "checkout")
    with small_disk(checkout.folder / "results", 40) as results:
        assert checkout.snakemake(f"{RESULTS}/events/run41.parquet").returncode == 0
        subprocess.run(["mount", "-o", "remount,ro", str(results)], check=True)
        done = checkout.snakemake(*SCORES)
        assert done.returncode != 0
        assert "Read-only file system" in done.stderr
        assert RESULTS in done.stderr
        subprocess.run(["mount", "-o", "remount,rw", str(results)], check=True)
        assert checkout.snakemake(*SCORES).returncode == 0
        assert different(undisturbed, checkout, "events", "samples", "models", "tests") == []


def test_a_raw_file_that_is_replaced_between_selecting_and_gathering(undisturbed, tmp_path):
    checkout = small_checkout(tmp_path / "checkout")
    raw = checkout.folder / "raw/daq41_0.root"
    good, status = raw.read_bytes(), raw.stat()
    assert checkout.snakemake(f"{RESULTS}/samples/detectors/events.parquet").returncode == 0
    raw.write_bytes((checkout.folder / "raw/daq42_0.root").read_bytes())
    os.utime(raw, ns=(status.st_atime_ns, status.st_mtime_ns))  # so that nothing else tells
    done = checkout.snakemake(*SCORES)
    assert done.returncode != 0
    assert any(line.startswith("error: run 41") for line in done.stderr.splitlines()), done.stderr
    assert not (checkout.folder / RESULTS / "samples/detectors/waveform.npy").exists()
    raw.write_bytes(good)
    done = checkout.snakemake(*SCORES)
    assert done.returncode == 0, done.stderr
    assert different(undisturbed, checkout, "events", "samples", "models", "tests") == []
