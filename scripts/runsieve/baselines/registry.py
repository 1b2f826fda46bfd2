"""The types of baselines, by name: the modules of `classifiers`.

Each module defines a settings class (a subclass of `ModelSettings` whose `type` is the name of the
module), `observables(settings, events, arrays)`, which returns what the classifier sees, of
shape (events, n), and `fit(settings, sample, seed)`, which returns a fitted estimator of
scikit-learn. It imports scikit-learn inside functions, because settings are needed while a workflow
is parsed.
"""

from collections.abc import Mapping
from typing import Any

from runsieve.config.model import ModelSettings
from runsieve.registry import Registry, class_in

CLASSIFIERS = Registry("baselines.classifiers")


def settings_classes() -> tuple[type[ModelSettings], ...]:
    """Settings classes of all baselines."""
    return tuple(class_in(module, ModelSettings) for module in CLASSIFIERS.values())


def validated(settings: Mapping[str, Any]) -> ModelSettings:
    """Settings of a baseline from plain values, with the class that their `type` names."""
    return class_in(CLASSIFIERS[settings["type"]], ModelSettings).model_validate(settings)
