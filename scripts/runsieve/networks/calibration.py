"""The last layer of a calibrated network: probabilities to calibrated ones."""

from collections.abc import Sequence

import keras

from runsieve.calibrators import SMALLEST, Calibrator

NAME = "calibration"


class _Calibration(keras.layers.Layer):
    """Base of the layers: constants that training does not change, always in single precision."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**{**kwargs, "dtype": "float32", "autocast": False, "trainable": False})

    def _constant(self, name: str, size: int) -> keras.Variable:
        return self.add_weight(shape=(size,), initializer="zeros", trainable=False, name=name)

    def get_config(self) -> dict:
        """Arguments from which the layer can be recreated."""
        return {"name": self.name}


@keras.saving.register_keras_serializable(package="runsieve")
class Temperature(_Calibration):
    """Softmax of log p / T: (batch, classes) to (batch, classes)."""

    def build(self, shape: Sequence[int | None]) -> None:
        """Make the variable T, shape (1,)."""
        self.temperature = self._constant("temperature", 1)

    def call(self, probability):
        """Calibrated probabilities."""
        return _tempered(probability, self.temperature)

    def operations(self, probability):
        """What `call` does with symbolic values, with T as a constant."""
        return _tempered(probability, float(self.temperature.numpy()[0]))


@keras.saving.register_keras_serializable(package="runsieve")
class Isotonic(_Calibration):
    """Piecewise linear maps, one for two classes, else one per class and then normalised.

    knots: number of knots of each map.
    """

    def __init__(self, knots: Sequence[int], **kwargs) -> None:
        super().__init__(**kwargs)
        self.knots = list(knots)

    def build(self, shape: Sequence[int | None]) -> None:
        """Make the variables: knots and values of each map, in turn."""
        self.maps = [
            (self._constant(f"knots_{index}", size), self._constant(f"values_{index}", size))
            for index, size in enumerate(self.knots)
        ]

    def call(self, probability):
        """Calibrated probabilities."""
        return _mapped(probability, self.maps)

    def operations(self, probability):
        """What `call` does with symbolic values, with the knots as constants."""
        return _mapped(probability, [[one.numpy() for one in pair] for pair in self.maps])

    def get_config(self) -> dict:
        """Arguments from which the layer can be recreated."""
        return super().get_config() | {"knots": self.knots}


# Naming them when a network is loaded also makes sure that they are registered.
LAYERS = {"Temperature": Temperature, "Isotonic": Isotonic}


def calibrated(network: keras.Model, calibrator: Calibrator) -> keras.Model:
    """The network with a calibration as its last layer; the other layers are shared."""
    if calibrator.method == "temperature":
        layer = Temperature(name=NAME)
    else:
        layer = Isotonic([len(knots) for knots, _ in calibrator.maps], name=NAME)
    model = keras.Model(network.input, layer(network.output))
    layer.set_weights(calibrator.values)
    return model


def uncalibrated(network: keras.Model) -> keras.Model:
    """The network without its calibration, as it was trained; itself where it has none."""
    last = network.layers[-1]
    return keras.Model(network.input, last.input) if isinstance(last, _Calibration) else network


def _tempered(probability, temperature):
    """Softmax of log p / T, (batch, classes)."""
    logs = keras.ops.log(keras.ops.maximum(probability, SMALLEST))
    return keras.ops.softmax(logs / temperature)


def _mapped(probability, maps):
    """Piecewise linear maps of the columns, (batch, classes)."""
    parts = [_interpolated(probability[:, index], *pair) for index, pair in enumerate(maps)]
    if len(parts) == 1:
        return keras.ops.stack([parts[0], 1 - parts[0]], axis=1)
    mapped = keras.ops.stack(parts, axis=1)
    total = keras.ops.sum(mapped, axis=1, keepdims=True)
    equal = keras.ops.full_like(mapped, 1 / len(parts))
    return keras.ops.where(total > 0, mapped / keras.ops.where(total > 0, total, 1), equal)


def _interpolated(x, knots, values):
    """Linear interpolation, constant outside of the knots; of shape (batch,)."""
    right = keras.ops.searchsorted(knots, x, side="right")
    right = keras.ops.clip(right, 1, knots.shape[0] - 1)
    low, high = (keras.ops.take(knots, index) for index in (right - 1, right))
    start, end = (keras.ops.take(values, index) for index in (right - 1, right))
    # Two knots can be equal in single precision.
    width = keras.ops.where(high > low, high - low, 1)
    return start + (end - start) * keras.ops.clip((x - low) / width, 0, 1)
