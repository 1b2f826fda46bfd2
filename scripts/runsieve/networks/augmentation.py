"""Augmentation: random changes of what a network sees while it is trained."""

from math import tau

import keras

from runsieve.config.layers import Augmentation


@keras.saving.register_keras_serializable(package="runsieve")
class Augmented(keras.layers.Layer):
    """Changes scaled events at random in training; in prediction it does nothing.

    Maps float32 (batch, *shape) to the same shape. Events of shape (height, width) or (height,
    width, colours) are pictures, others are waveforms of `segments` parts, which move together.
    What comes in from outside is 0, the baseline. `scale`: raw value that has become 1.
    """

    def __init__(
        self,
        settings: Augmentation | dict,
        segments: int = 1,
        scale: float = 1.0,
        seed: int | None = None,
        **kwargs,
    ) -> None:
        super().__init__(**{**kwargs, "dtype": "float32", "autocast": False})
        if isinstance(settings, dict):
            settings = Augmentation.model_validate(settings)
        self.settings, self.segments, self.scale = settings, segments, scale
        self.seed, self.random = seed, keras.random.SeedGenerator(seed)

    def operations(self, values):
        """What `call` does in prediction: nothing."""
        return values

    def call(self, values, training: bool = False):
        """Scaled values (batch, *shape) to values of the same shape."""
        if not training:
            return values
        moved = self._pictures if len(values.shape) > 2 else self._waveforms
        values = moved(values)
        settings, shape = self.settings, keras.ops.shape(values)
        if settings.gain:
            factor = (shape[0], *[1] * (len(values.shape) - 1))
            values *= 1 + settings.gain * keras.random.normal(factor, seed=self.random)
        if settings.noise:
            noise = settings.noise / self.scale
            values += noise * keras.random.normal(shape, seed=self.random)
        return values

    def _waveforms(self, values):
        if not self.settings.shift:
            return values
        ops, count = keras.ops, keras.ops.shape(values)[0]
        length = values.shape[1] // self.segments
        parts = ops.reshape(values, (count, self.segments, length))
        places = ops.arange(length) - self._whole((count, 1), self.settings.shift)
        inside = (places >= 0) & (places < length)
        places = ops.broadcast_to(
            ops.expand_dims(ops.clip(places, 0, length - 1), 1), (count, self.segments, length)
        )
        parts = ops.take_along_axis(parts, places, axis=2)
        parts = ops.where(ops.expand_dims(inside, 1), parts, 0.0)
        return ops.reshape(parts, (count, values.shape[1]))

    def _pictures(self, values):
        """Turn, mirror and move pictures in one step, with bilinear interpolation."""
        ops, settings = keras.ops, self.settings
        count, (height, width) = ops.shape(values)[0], values.shape[1:3]
        one = ops.ones((count,))
        angle = 0 * one
        if settings.rotation == "any":
            angle = keras.random.uniform((count,), 0, tau, seed=self.random)
        elif settings.rotation == "quarter":
            angle = keras.random.randint((count,), 0, 4, seed=self.random)
            angle = ops.cast(angle, "float32") * (tau / 4)
        across = self._sign(count) if settings.flip in ("horizontal", "both") else one
        down = self._sign(count) if settings.flip in ("vertical", "both") else one
        # From the place in the new picture to that in the old one, about the middle.
        cosine, sine = ops.cos(angle), ops.sin(angle)
        matrix = (across * cosine, -across * sine, down * sine, down * cosine)
        x, y = (width - 1) / 2, (height - 1) / 2
        moves = [self._whole((count,), settings.shift) if settings.shift else 0 * one] * 2
        if settings.shift:
            moves[1] = self._whole((count,), settings.shift)
        along, upwards = (ops.cast(one, "float32") for one in moves)
        transforms = ops.stack(
            [
                matrix[0], matrix[1], x - matrix[0] * x - matrix[1] * y + along,
                matrix[2], matrix[3], y - matrix[2] * x - matrix[3] * y + upwards,
                0 * one, 0 * one,
            ],
            axis=1,
        )  # fmt: skip
        pictures = values if len(values.shape) == 4 else ops.expand_dims(values, -1)
        pictures = ops.image.affine_transform(
            pictures, transforms, interpolation="bilinear", fill_mode="constant", fill_value=0
        )
        return ops.reshape(pictures, (count, *values.shape[1:]))

    def _sign(self, count):
        return (
            2.0 * keras.ops.cast(keras.random.randint((count,), 0, 2, seed=self.random), "float32")
            - 1
        )

    def _whole(self, shape, most: int):
        """Whole numbers from -most to most."""
        return keras.random.randint(shape, -most, most + 1, dtype="int32", seed=self.random)

    def get_config(self) -> dict:
        """Arguments from which the layer can be recreated."""
        return {
            "name": self.name,
            "settings": self.settings.model_dump(mode="json"),
            "segments": self.segments,
            "scale": self.scale,
            "seed": self.seed,
        }
