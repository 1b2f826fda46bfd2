"""Facts of Python files are kept beside the bytecode, and follow the text of the file."""

import json
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from runsieve import syntax
from runsieve.syntax import facts_of

TEXT = '"""About `page.j2`."""\n\nimport os.path\n\nNAME = "part.j2"\n'


@pytest.fixture(autouse=True)
def bytecode_is_written(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_text(TEXT)
    return path


@pytest.fixture
def parsed(monkeypatch) -> list[bytes]:
    """The texts that are parsed from now on."""
    texts, parse = [], syntax._parsed
    monkeypatch.setattr(syntax, "_parsed", lambda text, *a: texts.append(text) or parse(text, *a))
    return texts


def kept(module: Path) -> Path:
    return Path(cache_from_source(str(module))).with_suffix(".facts.json")


def test_what_they_say(module):
    facts = facts_of(module)
    assert facts.imported == ["os", "os.path"]
    assert facts.strings == ["part.j2"]


def test_a_file_is_parsed_once(module, parsed):
    assert facts_of(module) == facts_of(module)
    assert len(parsed) == 1


def test_an_edit_is_seen_even_if_time_and_size_stay(module, parsed):
    before, state = facts_of(module), module.stat()
    module.write_text(TEXT.replace("part", "tart"))
    os.utime(module, ns=(state.st_atime_ns, state.st_mtime_ns))
    after = facts_of(module)
    assert after.strings == ["tart.j2"]
    assert after.code != before.code
    assert len(parsed) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"content": 1}'])
def test_damaged_facts_are_made_anew(module, parsed, text):
    facts = facts_of(module)
    kept(module).write_text(text)
    assert facts_of(module) == facts
    assert json.loads(kept(module).read_text())["code"] == facts.code


def test_nothing_is_kept_where_python_keeps_no_bytecode(module, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    facts_of(module)
    assert not kept(module).exists()


def test_a_folder_that_cannot_be_written_to_does_not_matter(module):
    (module.parent / "__pycache__").write_text("a file is in the place of the folder")
    assert facts_of(module).strings == ["part.j2"]
