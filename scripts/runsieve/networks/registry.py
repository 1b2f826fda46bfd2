"""The types of networks, by name: the modules of `architectures`.

Each module defines a settings class (a subclass of `NetworkSettings` whose `type` is the name of
the module) and `build(settings, seen, precision)`, which returns a Keras model. It imports Keras
inside functions, because settings are needed while a workflow is parsed.
"""

from collections.abc import Mapping
from typing import Any

from runsieve.config.network import NetworkSettings
from runsieve.registry import Registry, class_in

ARCHITECTURES = Registry("networks.architectures")


def settings_classes() -> tuple[type[NetworkSettings], ...]:
    """Settings classes of all architectures."""
    return tuple(class_in(module, NetworkSettings) for module in ARCHITECTURES.values())


def validated(settings: Mapping[str, Any]) -> NetworkSettings:
    """Settings of a network from plain values, with the class that their `type` names."""
    return class_in(ARCHITECTURES[settings["type"]], NetworkSettings).model_validate(settings)
