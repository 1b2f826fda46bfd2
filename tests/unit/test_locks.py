"""Locks: one process at a time, and none waits for one that has died."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from runsieve import locks
from runsieve.code import SCRIPTS
from runsieve.locks import Owner, locked, this_process

HOLD = """
import sys
from pathlib import Path
from runsieve.locks import locked
with locked(Path(sys.argv[1]), pause=0.05):
    print("locked", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_second_process_waits_for_the_first_and_says_for_whom(tmp_path):
    path = tmp_path / "resume.lock"
    with holder(path) as first, holder(path) as second:
        said = {first: first.stdout.readline(), second: second.stdout.readline()}
        one, other = sorted(said, key=lambda process: said[process] != "locked\n")
        assert said[one] == "locked\n"
        assert f"waiting for process {one.pid} on {socket.gethostname()}, since" in said[other]
        one.stdin.close()
        assert other.stdout.readline() == "locked\n"
        other.stdin.close()
        assert one.wait() == other.wait() == 0
    assert not path.exists()


def test_a_killed_process_holds_nothing(tmp_path):
    path = tmp_path / "resume.lock"
    with holder(path) as first:
        assert first.stdout.readline() == "locked\n"
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert path.exists()
    with locked(path, pause=60):
        assert json.loads(path.read_text())["pid"] == os.getpid()
    assert not path.exists()


OTHER = replace(this_process(), host="elsewhere", pid=1, job="")


def left(path: Path, owner: Owner, seconds: float) -> Path:
    """A lock that a process on another machine left, with its last sign of life so long ago."""
    path.write_text(json.dumps(asdict(owner)))
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def waits(path: Path) -> bool:
    with path.open("a+") as file:
        return locks._other_owner(file, path, this_process(), stale=300) is not None


def test_another_machine_is_waited_for_as_long_as_it_gives_signs_of_life(tmp_path):
    assert waits(left(tmp_path / "fresh.lock", OTHER, 100))
    assert not waits(left(tmp_path / "old.lock", OTHER, 400))


@pytest.mark.parametrize(
    ("states", "code", "error", "waited"),
    [
        ("RUNNING", 0, "", True),
        ("COMPLETING", 0, "", True),
        ("CANCELLED", 0, "", False),
        ("TIMEOUT", 0, "", False),
        ("", 1, "slurm_load_jobs error: Invalid job id specified", False),
        ("", 1, "slurm_load_jobs error: Unable to contact slurm controller", True),
    ],
)
def test_slurm_is_asked_for_a_job_of_another_machine(
    tmp_path, monkeypatch, states, code, error, waited
):
    squeue = tmp_path / "squeue"
    squeue.write_text(f"#!/bin/sh\necho '{states}'\necho '{error}' >&2\nexit {code}\n")
    squeue.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert waits(left(tmp_path / "job.lock", replace(OTHER, job="7"), 10)) == waited


def test_a_requeued_job_does_not_wait_for_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("SLURM_JOB_ID", "7")
    assert not waits(left(tmp_path / "job.lock", replace(OTHER, job="7"), 10))


def test_where_there_are_no_locks_a_living_process_of_this_machine_is_waited_for(
    tmp_path, monkeypatch
):
    def unsupported(*_):
        raise OSError(locks.errno.ENOLCK, "no locks available")

    monkeypatch.setattr(locks.fcntl, "flock", unsupported)
    mine = replace(OTHER, host=socket.gethostname())
    assert waits(left(tmp_path / "alive.lock", replace(mine, pid=os.getppid()), 10))
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    assert not waits(left(tmp_path / "dead.lock", replace(mine, pid=ended.pid), 10))


def test_an_empty_lock_is_nobodys(tmp_path):
    (tmp_path / "empty.lock").touch()
    assert not waits(tmp_path / "empty.lock")


def test_signs_of_life_are_given(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "BEAT", 0.01)
    path = tmp_path / "resume.lock"
    with locked(path):
        os.utime(path, (0, 0))
        end = time.monotonic() + 30
        while path.stat().st_mtime == 0:
            assert time.monotonic() < end
    assert not path.exists()
