"""Logs that always exist, outputs that are whole or absent."""

import subprocess
import sys
from pathlib import Path

import pytest

from runsieve.code import SCRIPTS
from runsieve.files import written

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
