"""The detector models by name: the folders beside this module.

Each has a module `parameters` with a class `Parameters`, needed while a workflow is parsed, and a
module `run` with `write_run`, which alone loads what the detector needs.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from runsieve.config.base import Settings
from runsieve.errors import RunsieveError

HERE = Path(__file__).parent
MODELS = tuple(sorted(path.parent.name for path in HERE.glob("*/run.py")))


def parameters(model: str) -> type[Settings]:
    """The settings class of a model. Raises RunsieveError where there is no such model."""
    return _module(model, "parameters").Parameters


def detector(model: str) -> ModuleType:
    """The module with `write_run` of a model. Raises RunsieveError where there is none."""
    return _module(model, "run")


def source(model: str) -> str:
    """The file that writes its runs, from the folder of the scripts, for the code fingerprint."""
    return f"runsieve/simulate/{model}/run.py"


def _module(model: str, name: str) -> ModuleType:
    if model not in MODELS:
        expected = ", ".join(MODELS)
        raise RunsieveError(f"no detector model '{model}': expected one of {expected}")
    return import_module(f"runsieve.simulate.{model}.{name}")
