"""The detector models by name: the folders next to this module.

Each has a module `parameters` with a class `Parameters`, needed while a workflow is parsed, and a
module `run` with `write_run`, which alone imports what the simulation needs.
"""

from types import ModuleType

from runsieve.config.base import Settings
from runsieve.errors import RunsieveError
from runsieve.registry import Registry

DETECTORS = Registry("simulate", part="run")
PARAMETERS = Registry("simulate", part="parameters")


def parameters(model: str) -> type[Settings]:
    """The settings class of a model. Raises RunsieveError if there is no such model."""
    return _of(PARAMETERS, model).Parameters


def detector(model: str) -> ModuleType:
    """The module with `write_run` of a model. Raises RunsieveError if there is none."""
    return _of(DETECTORS, model)


def _of(registry: Registry, model: str) -> ModuleType:
    if model not in registry:
        expected = ", ".join(registry.names)
        raise RunsieveError(f"no detector model '{model}': expected one of {expected}")
    return registry[model]
