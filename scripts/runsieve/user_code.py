"""User-supplied Python files: loading their functions and calling them."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from runsieve.errors import RunsieveError


def load_module(file: str) -> ModuleType:
    """Import a Python file, which may import modules next to it.

    Raises RunsieveError if this fails.
    """
    path = Path(file).resolve()
    # Under its plain name it could shadow a library, such as keras.
    name = f"user_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with _importable(path.parent):
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise RunsieveError(f"{file}: cannot be run: {_text(error)}") from error
    return module


def load_function(file: str, name: str) -> Callable:
    """The function `name` of a Python file. Raises RunsieveError if there is none."""
    function = getattr(load_module(file), name, None)
    if not callable(function):
        raise RunsieveError(f"{file}: defines no function '{name}'")
    return function


def call(file: str, function: Callable, *arguments: object) -> object:
    """Call a user-supplied function; any exception becomes a RunsieveError that names the file."""
    try:
        with _importable(Path(file).resolve().parent):
            return function(*arguments)
    except Exception as error:
        name = getattr(function, "__name__", "function")
        raise RunsieveError(f"{file}: {name}() failed: {_text(error)}") from error


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _text(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
