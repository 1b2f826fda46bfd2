"""Planted mistakes: those that are present are named, each once, and nothing else."""

import re
from contextlib import chdir
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.planted import MISTAKES, SETTINGS, plant, write_files

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
    with chdir(prepared / "study"):
        return study.problems()


def require_exactly(names, problems: list[str]) -> None:
    named = {
        name: [text for text in problems if all(word in text for word in MISTAKES[name][1])]
        for name in names
    }
    assert all(len(texts) == 1 for texts in named.values()), (named, problems)
    assert len(problems) == len(named), problems
    for text in problems:
        assert "\n" not in text and not JARGON.search(text), text


def test_all_at_once(prepared):
    require_exactly(MISTAKES, found(prepared, MISTAKES))


def test_events_are_not_counted_without_some_of_the_cuts(prepared):
    for name, counted in (("unknown key", True), ("cut that cannot be read", False)):
        study = plant([name])
        study.write(prepared / "study", prepared)
        with chdir(prepared / "study"):
            (found,) = study.checked()
        assert bool(len(found.expected)) == counted


def test_without_a_mistake_nothing_is_said(prepared):
    assert found(prepared, []) == []


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(sorted(MISTAKES))))
def test_any_of_them(prepared, names):
    require_exactly(names, found(prepared, names))


def places_of(content, above=()):
    """The keys of every value in a nested content."""
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        yield (*above, key)
        if isinstance(value, (dict, list)):
            yield from places_of(value, (*above, key))


@settings(max_examples=15, deadline=None)
@example(("tree",), 3)
@example(("columns", "event"), 3)
@example(("columns", "energy"), 3)
@example(("classes", "signal"), 3)
@example(("inputs", "wave", "shape"), 3)
@example(("friends",), 3)
@example(("friends", "veto"), {"x": 1})
@example(("friends", "veto", "event"), "x y")
@example(("friends", "light", "files"), 3)
@given(
    st.sampled_from(list(places_of(SETTINGS))),
    st.sampled_from([None, 3, -1, "x", "x y", [], ["x"], {}, {"x": 1}]),
)
def test_no_file_is_blamed_for_a_mistake_in_the_settings(prepared, place, value):
    study = plant([])
    *above, last = place
    here = study.settings
    for key in above:
        here = here[key]
    here[last] = value
    study.write(prepared / "study", prepared)
    with chdir(prepared / "study"):
        loaded, mistakes = study.read()
        if mistakes:
            assert study.problems() == list(dict.fromkeys(mistakes))
            assert list(loaded) == ["planted"]
