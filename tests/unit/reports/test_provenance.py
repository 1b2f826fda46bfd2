"""Where results come from: date, commit, versions, machines."""

import subprocess
from datetime import UTC, datetime

import pytest

from runsieve.reports import provenance
from runsieve.reports.provenance import commit_of, machines, now, versions


def git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path):
    """A folder with one commit."""
    git(tmp_path, "init", "-q")
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def test_commit_of_a_checkout(checkout):
    commit = git(checkout, "rev-parse", "HEAD")
    assert commit_of(checkout) == {"commit": commit, "modified": False}
    (checkout / "results").write_text("what git does not know is no modification")
    assert commit_of(checkout)["modified"] is False
    (checkout / "file").write_text("two")
    assert commit_of(checkout) == {"commit": commit, "modified": True}


def test_a_folder_that_is_no_checkout_has_no_commit(checkout, tmp_path_factory):
    inside = checkout / "unpacked"
    inside.mkdir()
    for folder in (tmp_path_factory.mktemp("plain"), inside):
        assert commit_of(folder) == {"commit": None, "modified": None}


def test_without_git_there_is_no_commit(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert commit_of(checkout) == {"commit": None, "modified": None}


def test_date_is_that_of_the_clock_or_of_the_environment(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= datetime.fromisoformat(now()) <= datetime.now(UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert now() == "1970-01-02T00:00:00+00:00"


def test_versions_are_those_of_what_is_installed(monkeypatch):
    monkeypatch.setattr(provenance, "PACKAGES", ("numpy", "no-package-of-this-name"))
    assert set(versions()) == {"python", "numpy"}


def test_machines_are_counted():
    one, other = {"processor": "a", "keras": "3"}, {"processor": "b", "keras": "3"}
    found = machines({"machine": machine} for machine in (one, other, one))
    assert found == [{"trainings": 2, **one}, {"trainings": 1, **other}]
