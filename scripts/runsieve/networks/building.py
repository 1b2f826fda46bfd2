"""Building a network with initial weights from its settings, and loading a saved one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import keras

from runsieve.config.network import NetworkSettings
from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError
from runsieve.networks.archive import require_safe
from runsieve.networks.augmentation import Augmented
from runsieve.networks.calibration import LAYERS as CALIBRATIONS
from runsieve.networks.registry import ARCHITECTURES
from runsieve.networks.scaling import Moments, RawScaling
from runsieve.user_code import load_module

# Naming them when a network is loaded also makes sure that they are registered.
LAYERS = {"RawScaling": RawScaling, "Augmented": Augmented, **CALIBRATIONS}


@dataclass(frozen=True)
class Seen:
    """The inputs and the classes of a network.

    shapes, dtypes: of one raw event, by input; classes: names in the order of their labels;
    moments: of the training events, for the inputs that are standardised; pulses: by input, what
    its first layer does to raw values.
    """

    shapes: Mapping[str, Sequence[int]]
    dtypes: Mapping[str, str]
    classes: Sequence[str]
    moments: Mapping[str, Moments] = field(default_factory=dict)
    pulses: Mapping[str, Pulse] = field(default_factory=dict)

    def raw(self, names: Sequence[str]) -> dict[str, keras.KerasTensor]:
        """Symbolic raw values of some inputs, each of shape (batch, *shape)."""
        return {
            name: keras.Input(tuple(self.shapes[name]), dtype=self.dtypes[name], name=name)
            for name in names
        }


def build(settings: NetworkSettings, seen: Seen, precision: str = "float32") -> keras.Model:
    """Build a network with initial weights, from raw inputs to probabilities (batch, classes).

    `precision` is a dtype policy of Keras; the probabilities are always float32. With one input the
    network takes an array (batch, *shape), with several a dictionary of them. Raises RunsieveError
    if the layers do not fit the shapes.
    """
    return ARCHITECTURES[settings.type].build(settings, seen, precision)


def model(raw: Mapping[str, keras.KerasTensor], probabilities: keras.KerasTensor) -> keras.Model:
    """A Keras model that takes an array if there is one input, else a dictionary of arrays."""
    inputs = dict(raw) if len(raw) > 1 else next(iter(raw.values()))
    return keras.Model(inputs, probabilities)


def load_network(path: str | Path, user_files: Sequence[str] = ()) -> keras.Model:
    """Load a network from a .keras file, for prediction; no code in the file is run.

    `user_files` are imported first, because they register user-defined layers. Raises RunsieveError
    if the file holds anything but layers of Keras, of runsieve and of these files.
    """
    for file in user_files:
        load_module(file)
    require_safe(path)
    try:
        return keras.saving.load_model(path, custom_objects=LAYERS, compile=False, safe_mode=True)
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise RunsieveError(f"{path}: Keras cannot load this network: {reason}") from error
