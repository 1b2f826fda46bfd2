"""Locks: one process at a time works on a file, on this machine and on others."""

import errno
import fcntl
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

UNSUPPORTED = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
BEAT = 30.0  # seconds between two signs of life
ENDED = ("BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY")
ENDED += ("PREEMPTED", "TIMEOUT")


@dataclass(frozen=True)
class Owner:
    """The process that holds a lock; job: its number in Slurm, empty outside."""

    host: str
    pid: int
    job: str
    since: str

    def __str__(self) -> str:
        job = f"Slurm job {self.job}, " if self.job else ""
        return f"{job}process {self.pid} on {self.host}, since {self.since}"


def this_process() -> Owner:
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    return Owner(socket.gethostname(), os.getpid(), os.environ.get("SLURM_JOB_ID", ""), since)


@contextmanager
def locked(path: Path, pause: float = 10.0, stale: float = 300.0) -> Iterator[None]:
    """Wait until no other process is in such a block for `path`; prints for whom it waits.

    The file system releases the lock of a process that has died. Where its locks do not reach other
    machines, an owner there counts as alive for `stale` seconds after its last sign of life, unless
    Slurm knows that its job has ended.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    me, said = this_process(), None
    while True:
        file = path.open("a+", encoding="utf-8")
        owner = _other_owner(file, path, me, stale)
        if owner is None:
            break
        file.close()
        if owner != said:
            print(f"{path}: waiting for {owner}", flush=True)
            said = owner
        time.sleep(pause)
    ended = threading.Event()
    beating = threading.Thread(target=_beat, args=(path, ended), daemon=True)
    with file:
        file.truncate(0)
        json.dump(asdict(me), file)
        file.flush()
        beating.start()
        try:
            yield
        finally:
            ended.set()
            path.unlink(missing_ok=True)


def _other_owner(file: TextIO, path: Path, me: Owner, stale: float) -> Owner | None:
    """Who holds the lock; None if it is now held by this process."""
    supported = True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _named_in(file) or Owner("unknown", 0, "", "unknown")
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        supported = False
    named = _named_in(file)
    try:
        status = path.stat()
    except FileNotFoundError:
        return named or me  # its owner has just removed it: again, with a new file
    if status.st_ino != os.fstat(file.fileno()).st_ino:
        return named or me
    if named is None or (named.job and named.job == me.job):
        return None
    if named.host == me.host:
        return None if supported or not _is_running(named.pid) else named
    if time.time() - status.st_mtime > stale or _has_ended(named.job):
        return None
    return named


def _named_in(file: TextIO) -> Owner | None:
    file.seek(0)
    try:
        return Owner(**json.load(file))
    except (ValueError, TypeError):
        return None  # empty, or being written


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _has_ended(job: str) -> bool:
    """True if Slurm is certain of it."""
    if not job:
        return False
    asked = ["squeue", "--noheader", "--states=all", "--jobs", job, "--format=%T"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    if done.returncode != 0:
        return "Invalid job id" in done.stderr
    return all(state in ENDED for state in done.stdout.split())


def _beat(path: Path, ended: threading.Event) -> None:
    while not ended.wait(BEAT):
        try:
            os.utime(path)
        except OSError:
            return
