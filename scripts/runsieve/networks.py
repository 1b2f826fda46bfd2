"""Neural networks, built from their settings; they take the raw values of a record."""

from collections.abc import Sequence
from math import prod
from pathlib import Path

import keras

from runsieve.config.model import Dense, Network, Scaling
from runsieve.errors import RunsieveError


@keras.saving.register_keras_serializable(package="runsieve")
class RawScaling(keras.layers.Layer):
    """Subtract the pedestal of each segment of an event and divide by `scale`.

    Input of shape (batch, *shape), of any numeric type, to float32 of the same shape. Always in
    float32, because half precision can't hold raw ADC counts.
    """

    def __init__(
        self, segments: int = 1, pedestal_samples: int = 0, scale: float = 1.0, **kwargs
    ) -> None:
        super().__init__(**{**kwargs, "dtype": "float32", "autocast": False})
        self.segments = segments
        self.pedestal_samples = pedestal_samples
        self.scale = scale

    def call(self, raw):
        """Raw values (batch, *shape) to values of order one, float32 (batch, *shape)."""
        values = keras.ops.cast(raw, "float32")
        if self.pedestal_samples:
            parts = keras.ops.reshape(
                values, (-1, self.segments, prod(raw.shape[1:]) // self.segments)
            )
            pedestal = keras.ops.mean(parts[:, :, : self.pedestal_samples], axis=2, keepdims=True)
            values = keras.ops.reshape(parts - pedestal, (-1, *raw.shape[1:]))
        return values / self.scale

    def get_config(self) -> dict:
        """Arguments that make the same layer again."""
        return {
            "name": self.name,
            "segments": self.segments,
            "pedestal_samples": self.pedestal_samples,
            "scale": self.scale,
        }


def build(
    settings: Network, shape: Sequence[int], classes: int, dtype: str = "uint16"
) -> keras.Model:
    """A network with fresh weights: raw events (batch, *shape) to probabilities (batch, classes).

    `dtype` is the raw type of the input. The probabilities are float32 at any precision. Raises
    RunsieveError if the scaling doesn't fit the shape.
    """
    _require_segments(settings.scaling, shape)
    raw = keras.Input(tuple(shape), dtype=dtype, name="raw")
    values = RawScaling(**settings.scaling.model_dump(), name="scaling")(raw)
    hidden = _BODIES[settings.network.type](settings.network, values)
    probabilities = keras.layers.Dense(
        classes, activation="softmax", dtype="float32", name="probabilities"
    )(hidden)
    return keras.Model(raw, probabilities)


def load(path: str | Path) -> keras.Model:
    """A network that was saved as a .keras file, for prediction."""
    return keras.saving.load_model(path, compile=False)


def _dense(settings: Dense, values: keras.KerasTensor) -> keras.KerasTensor:
    values = keras.layers.Flatten(name="flatten")(values)
    dropout = settings.dropout or [0.0] * len(settings.units)
    for number, (units, rate) in enumerate(zip(settings.units, dropout, strict=True), start=1):
        values = keras.layers.Dense(units, activation=settings.activation, name=f"dense_{number}")(
            values
        )
        if rate:
            values = keras.layers.Dropout(rate, name=f"dropout_{number}")(values)
    return values


_BODIES = {"dense": _dense}


def _require_segments(scaling: Scaling, shape: Sequence[int]) -> None:
    size = prod(shape)
    if size % scaling.segments:
        raise RunsieveError(
            f"network: scaling.segments is {scaling.segments}, which doesn't part an input of "
            f"{size} values into equal segments"
        )
    if scaling.pedestal_samples > size // scaling.segments:
        raise RunsieveError(
            f"network: scaling.pedestal_samples is {scaling.pedestal_samples}, "
            f"but a segment of the input has only {size // scaling.segments} values"
        )
