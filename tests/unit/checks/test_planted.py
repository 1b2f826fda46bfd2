"""Thirty planted mistakes: those that are present are named, each once, and nothing else."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.planted import MISTAKES, plant, write_files

# Words of Python and of the libraries that read settings and files.
JARGON = re.compile(
    r"Traceback|\w+Error\b|Exception|NoneType|dtype|pydantic|uproot|awkward|numpy|pandas"
    r"|input should|valid (integer|string|list|dictionary)|object at 0x|decompress|zlib",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    write_files(folder)
    (folder / "study").mkdir()
    return folder


def found(prepared: Path, names) -> list[str]:
    """What is said of a study with the mistakes of these names."""
    study = plant(names)
    study.write(prepared / "study", prepared)
    before = Path.cwd()
    os.chdir(prepared / "study")
    try:
        return study.problems()
    finally:
        os.chdir(before)


def require_exactly(names, problems: list[str]) -> None:
    named = {
        name: [text for text in problems if all(word in text for word in MISTAKES[name][1])]
        for name in names
    }
    assert all(len(texts) == 1 for texts in named.values()), (named, problems)
    assert len(problems) == len(named), problems
    for text in problems:
        assert "\n" not in text and not JARGON.search(text), text


def test_all_thirty_at_once(prepared):
    assert len(MISTAKES) == 30
    require_exactly(MISTAKES, found(prepared, MISTAKES))


def test_without_a_mistake_nothing_is_said(prepared):
    assert found(prepared, []) == []


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(sorted(MISTAKES))))
def test_any_of_them(prepared, names):
    require_exactly(names, found(prepared, names))
