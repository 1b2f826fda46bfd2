"""Python files of the user are run, and what is wrong with them becomes a sentence."""

import sys

import pytest

from runsieve.errors import RunsieveError
from runsieve.user_code import call, load_function, load_module


@pytest.fixture(autouse=True)
def restored():
    """Modules that a test has loaded are forgotten."""
    before = dict(sys.modules)
    path = list(sys.path)
    yield
    assert sys.path == path
    for name in set(sys.modules) - set(before):
        del sys.modules[name]
    sys.modules.update(before)


@pytest.fixture
def write(tmp_path):
    """Write a file of the user; returns its path as the configuration names it."""

    def written(text: str, name: str = "mine.py") -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return written


def test_a_function_of_a_file_is_loaded(write):
    function = load_function(write("def double(x):\n    return 2 * x\n"), "double")
    assert function(21) == 42


def test_a_path_may_be_relative(write, monkeypatch, tmp_path):
    write("VALUE = 3\n")
    monkeypatch.chdir(tmp_path)
    assert load_module("mine.py").VALUE == 3


def test_a_file_may_import_modules_beside_it(write):
    write("FACTOR = 3\n", "factors_beside.py")
    file = write("from factors_beside import FACTOR\n\n\ndef triple(x):\n    return FACTOR * x\n")
    assert load_function(file, "triple")(2) == 6


def test_a_function_may_import_modules_beside_its_file(write):
    write("FACTOR = 3\n", "factors_later.py")
    file = write("def triple(x):\n    from factors_later import FACTOR\n\n    return FACTOR * x\n")
    assert call(file, load_function(file, "triple"), 2) == 6


def test_a_file_that_is_loaded_again_is_run_again(write):
    file = write("VALUE = 1\n")
    assert load_module(file).VALUE == 1
    write("VALUE = 23\n")
    assert load_module(file).VALUE == 23


def test_two_files_of_one_name_stay_apart(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.py").write_text(f"def name():\n    return '{folder}'\n")
    names = [load_function(str(tmp_path / folder / "mine.py"), "name") for folder in ("one", "two")]
    assert [name() for name in names] == ["one", "two"]


def test_a_file_may_have_the_name_of_a_library_that_it_imports(write):
    file = write("import json\n\n\ndef text(x):\n    return json.dumps(x)\n", "json.py")
    assert load_function(file, "text")([1]) == "[1]"
    import json

    assert json.dumps([1]) == "[1]"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def broken(:\n", "cannot be run: SyntaxError: "),
        ("import no_such_module_anywhere\n", "ModuleNotFoundError: No module named 'no_such"),
        ("1 / 0\n", "cannot be run: ZeroDivisionError: division by zero"),
        ("VALUE = 3\n", "defines no function 'build'"),
        ("build = 3\n", "defines no function 'build'"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(write, text, reason):
    file = write(text)
    with pytest.raises(RunsieveError) as error:
        load_function(file, "build")
    assert str(error.value).startswith(f"{file}: ")
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    file = str(tmp_path / "absent.py")
    with pytest.raises(RunsieveError, match=r"absent\.py: cannot be run: FileNotFoundError"):
        load_module(file)


def test_what_a_function_raises_names_file_and_function(write):
    file = write("def build(x):\n    raise ValueError('two\\nlines')\n")
    with pytest.raises(RunsieveError) as error:
        call(file, load_function(file, "build"), 1)
    assert str(error.value) == f"{file}: build() failed: ValueError: two lines"
    assert isinstance(error.value.__cause__, ValueError)


def test_what_a_function_returns_is_handed_on(write):
    file = write("def build(*values):\n    return values\n")
    assert call(file, load_function(file, "build"), 1, "two") == (1, "two")
