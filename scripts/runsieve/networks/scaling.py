"""The first layer of a network: raw values to numbers of order one."""

from dataclasses import dataclass

import keras
import numpy as np

from runsieve.config.pulse import RAW, Pulse
from runsieve.samples.pulses import pulses

ROWS_A_PART = 4096  # rows of a mapped array that are in memory at a time


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of each value of an event, both of its shape."""

    mean: np.ndarray
    deviation: np.ndarray


def moments_of(array: np.ndarray, rows: np.ndarray, pulse: Pulse = RAW) -> Moments:
    """Moments over `rows` of an array (rows, *shape); constant values get a deviation of 1.

    They are those of the pulses, without their baseline.
    """
    total = np.zeros(array.shape[1:])
    squares = np.zeros(array.shape[1:])
    for start in range(0, len(rows), ROWS_A_PART):
        raw = array[np.sort(rows[start : start + ROWS_A_PART])].astype(float)
        part = pulses(raw, pulse).reshape(raw.shape)
        total += part.sum(axis=0)
        squares += (part**2).sum(axis=0)
    mean = total / len(rows)
    variance = squares / len(rows) - mean**2
    changing = variance > 1e-12 * np.maximum(mean**2, 1e-12)
    return Moments(mean, np.sqrt(np.where(changing, variance, 1.0)))


@keras.saving.register_keras_serializable(package="runsieve")
class RawScaling(keras.layers.Layer):
    """Subtract the baseline of each segment of an event, turn pulses upwards, divide by `scale`.

    Maps (batch, *shape) of any numeric type to float32 of the same shape. With `moments`, pulses
    are standardised before the division. Always computes in float32, because half precision cannot
    represent raw ADC counts.
    """

    def __init__(
        self,
        pulse: Pulse | dict = RAW,
        scale: float = 1.0,
        moments: Moments | dict | None = None,
        **kwargs,
    ) -> None:
        super().__init__(**{**kwargs, "dtype": "float32", "autocast": False})
        self.pulse = Pulse.model_validate(pulse) if isinstance(pulse, dict) else pulse
        self.scale = scale
        if isinstance(moments, dict):
            moments = Moments(np.array(moments["mean"]), np.array(moments["deviation"]))
        self.moments = moments

    def operations(self, raw):
        """What `call` does; given symbolic values, it becomes operations of Keras."""
        return self.call(raw)

    def call(self, raw):
        """Raw values (batch, *shape) to values of order one, float32 (batch, *shape)."""
        values = keras.ops.cast(raw, "float32")
        if not self.pulse.is_raw:
            values = pulses(values, self.pulse, keras.ops)
            values = keras.ops.reshape(values, (-1, *raw.shape[1:]))
        if self.moments is not None:
            mean, deviation = self.moments.mean, self.moments.deviation
            values = (values - mean.astype("float32")) / deviation.astype("float32")
        return values / self.scale

    def get_config(self) -> dict:
        """Arguments from which the layer can be recreated."""
        moments = None
        if self.moments is not None:
            moments = {
                "mean": self.moments.mean.tolist(),
                "deviation": self.moments.deviation.tolist(),
            }
        return {
            "name": self.name,
            "pulse": self.pulse.model_dump(mode="json"),
            "scale": self.scale,
            "moments": moments,
        }
