"""The detector models by name.

Imports stand inside the functions: parameters are needed while a workflow is parsed, and must not
load what the detectors need. They are static, so that the code fingerprint follows them.
"""

from types import ModuleType

from runsieve.config.base import Settings
from runsieve.errors import RunsieveError

MODELS = ("crystals",)


def parameters(model: str) -> type[Settings]:
    """The settings class of a model. Raises RunsieveError where there is no such model."""
    if model == "crystals":
        from runsieve.simulate.crystals.parameters import Parameters

        return Parameters
    raise _unknown(model)


def detector(model: str) -> ModuleType:
    """The module with `write_run` of a model. Raises RunsieveError where there is none."""
    if model == "crystals":
        from runsieve.simulate.crystals import run

        return run
    raise _unknown(model)


def _unknown(model: str) -> RunsieveError:
    return RunsieveError(f"no detector model '{model}': expected one of {', '.join(MODELS)}")
