"""Files found by patterns: as `glob` finds them, with one listing of each folder."""

import glob
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.errors import RunsieveError
from runsieve.runs.files import run_files
from runsieve.runs.folders import FEW, Folders

NAMES = ("run1_a.root", "run1_b.root", "run10_a.root", "run2.root", ".hidden", "[x]", "é.h5", "a")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    for sub in (folder, folder / "first", folder / "second"):
        sub.mkdir(exist_ok=True)
        for name in NAMES:
            (sub / name).touch()
    (folder / "link").symlink_to("first")
    (folder / "lost.root").symlink_to("none.root")
    for number in range(3 * FEW):
        (folder / f"many_{number}.root").touch()
    return folder


@given(
    st.lists(
        st.sampled_from(
            [*NAMES, *"*?[]/._1é-", "[ab]", "[!a]", "**", "run", "first", "many_", "link", "lost"]
        ),
        min_size=1,
        max_size=5,
    )
)
def test_patterns_match_what_glob_finds(place, parts):
    pattern = f"{place}/{''.join(parts)}"
    assert Folders().matching(pattern) == sorted(glob.glob(pattern))


def test_relative_patterns(place, monkeypatch):
    monkeypatch.chdir(place)
    for pattern in ("*.root", "first/*", "*/run1_?.root", "./run*", "none/*", "*/none", "*/"):
        assert Folders().matching(pattern) == sorted(glob.glob(pattern))


def test_a_folder_is_listed_once(place, monkeypatch):
    listed = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: listed.append(folder) or scandir(folder))
    folders = Folders()
    for number in range(3 * FEW):
        assert run_files(f"{place}/*_{number}.root", 1, folders)
        assert run_files(f"{place}/many_{number}.*", 1, folders)
    assert listed == [str(place)]


def test_a_link_to_a_file_that_is_not_there(place):
    for words in (f"{place}/lost.root", f"{place}/l*.root"):
        with pytest.raises(RunsieveError, match=r"run 7: '.*lost.root' is a link to '.*none.root'"):
            run_files(words, 7)
