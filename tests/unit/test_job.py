"""Logs that always exist, outputs that are whole or absent."""

import errno
import os
import platform
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from runsieve.code import SCRIPTS
from runsieve.errors import RunsieveError
from runsieve.files import reserve, written
from runsieve.job import host_of

JOB = """
import os, sys
sys.path.insert(0, {scripts!r})
from runsieve.errors import RunsieveError
from runsieve.job import job_log

with job_log("logs/deep/job.log") as say:
    print("from Python")
    os.write(1, b"from C\\n")
    os.write(2, b"an error from C\\n")
    {last}
print("after the job")
"""


def run_job(folder: Path, last: str) -> tuple[subprocess.CompletedProcess, str]:
    code = JOB.format(scripts=str(SCRIPTS), last=last)
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    return done, (folder / "logs/deep/job.log").read_text()


def test_log_of_a_job_that_ends_well(tmp_path):
    done, log = run_job(tmp_path, "pass")
    assert done.returncode == 0
    assert (done.stdout, done.stderr) == ("after the job\n", "")
    assert host_of(tmp_path / "logs/deep/job.log") == platform.node()
    assert host_of(tmp_path / "no.log") == ""
    for words in ("from Python", "from C", "an error from C", "uproot ", "finished after"):
        assert words in log


def test_what_a_person_should_read_is_in_the_log_and_on_the_terminal(tmp_path):
    done, log = run_job(tmp_path, "say('run 7: 2 files left out')")
    assert (done.stdout, done.stderr) == ("after the job\n", "run 7: 2 files left out\n")
    assert "run 7: 2 files left out\n" in log


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        ("raise RunsieveError('run 7: no such file')", "error: run 7: no such file"),
        ("{}['key']", "error: KeyError: 'key'"),
    ],
)
def test_log_of_a_job_that_fails(tmp_path, last, sentence):
    done, log = run_job(tmp_path, last)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"{sentence} (traceback in logs/deep/job.log)"]
    assert "Traceback (most recent call last)" in log
    assert "from Python" in log
    assert "finished" not in log


def test_written_renames_at_the_end(tmp_path):
    path = tmp_path / "new/table.csv"
    with written(path) as partial:
        assert partial.suffix == ".csv"
        assert partial.parent == path.parent
        partial.write_text("a")
        assert not path.exists()
    assert path.read_text() == "a"
    assert list(path.parent.iterdir()) == [path]


def test_written_leaves_nothing_or_the_old_file_on_failure(tmp_path):
    path = tmp_path / "table.csv"
    for content in (None, "old"):
        if content is not None:
            path.write_text(content)
        with pytest.raises(KeyError), written(path) as partial:
            partial.write_text("half")
            raise KeyError
        assert [item.read_text() for item in tmp_path.iterdir()] == ([content] if content else [])


def test_two_processes_that_write_the_same_file_do_not_meet(tmp_path):
    """A job whose Snakemake was killed writes on, while the next one has begun."""
    path = tmp_path / "table.csv"
    code = "import sys\nfrom runsieve.files import written\nwith written(sys.argv[1]) as path:\n"
    code += "    path.write_text('other')\n    print('open', flush=True)\n    sys.stdin.read()\n"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:
        assert other.stdout.readline() == b"open\n"
        with written(path) as partial:
            partial.write_text("mine")
        assert path.read_text() == "mine"
        other.stdin.close()
        assert other.wait() == 0
    assert path.read_text() == "other"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_is_removed(tmp_path):
    host = socket.gethostname()
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    names = {
        f".table.{host}-{ended.pid}.partial.csv": False,
        f".table.{host}-{os.getpid()}0.partial.npy": True,
        ".table.elsewhere-1.partial.csv": True,
        ".table.elsewhere-2.partial.csv": False,
        ".other.elsewhere-2.partial.csv": True,
    }
    for name in names:
        (tmp_path / name).touch()
        if "-2." in name:
            os.utime(tmp_path / name, (0, 0))
    with written(tmp_path / "table.csv") as partial:
        partial.touch()
    left = {path.name for path in tmp_path.iterdir()} - {"table.csv"}
    assert left == {name for name, stays in names.items() if stays}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError("500 requested and 100 written"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
    ],
)
def test_a_full_disk_is_said_in_a_sentence(tmp_path, error, said):
    with pytest.raises(RunsieveError if said else OSError) as raised, written(tmp_path / "a.npy"):
        raise error
    if said:
        assert re.fullmatch(
            rf"{tmp_path}/a.npy: no space is left for it, \d+ MB are free in {tmp_path}; make room "
            "and start again",
            str(raised.value),
        )


def test_a_reserved_file_has_its_place_and_keeps_its_content(tmp_path):
    reserve(tmp_path / "new", 100_000)
    (tmp_path / "old").write_bytes(b"head")
    reserve(tmp_path / "old", 100_000)
    for name in ("new", "old"):
        status = (tmp_path / name).stat()
        assert status.st_size == 100_000
        assert status.st_blocks * 512 >= 100_000
    assert (tmp_path / "old").read_bytes()[:5] == b"head\0"
