"""The types of features, by name: the modules of `features`.

Each module defines a settings class (a subclass of `FeatureSettings` whose `type` is the name of
the module), `compute(settings, array, pulse, rows)`, which returns features of shape (events, n)
from raw values of shape (rows, values), and `problems(settings, input)`, which yields the reasons
why an input is unsuitable.
"""

import numpy as np

from runsieve.config.base import Settings
from runsieve.config.pulse import Pulse
from runsieve.registry import TypeRegistry


class FeatureSettings(Settings):
    """Base of the settings of features."""

    type: str


FEATURES = TypeRegistry("baselines.features", base=FeatureSettings)


def compute(
    settings: FeatureSettings, array: np.ndarray, pulse: Pulse, rows: np.ndarray
) -> np.ndarray:
    """Features of `rows` of raw values of shape (rows, values); returns shape (events, n)."""
    return FEATURES[settings.type].compute(settings, array, pulse, rows)
