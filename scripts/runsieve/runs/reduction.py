"""Smaller images: blocks of pixels become one."""

from dataclasses import dataclass
from math import prod

import numpy as np

from runsieve.config.inputs import Input


@dataclass(frozen=True)
class BlockReduction:
    """Each block of factor x factor pixels of an image (height, width, ...) becomes one."""

    shape: tuple[int, ...]
    factor: int
    by: str

    @property
    def size(self) -> int:
        """Values of an image."""
        return prod(self.shape)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Reduce `size` values to an image (height / factor, width / factor, ...) of the same type.

        Means of integers are rounded to the nearest integer (halves to even).
        """
        height, width, *rest = self.shape
        blocks = values.reshape(
            height // self.factor, self.factor, width // self.factor, self.factor, *rest
        )
        if self.by == "max":
            return blocks.max(axis=(1, 3))
        means = blocks.mean(axis=(1, 3))
        return means if values.dtype.kind == "f" else np.rint(means).astype(values.dtype)


def reduction_of(settings: Input) -> BlockReduction | None:
    """The reduction that an input asks for, or None."""
    if settings.reduce is None:
        return None
    return BlockReduction(tuple(settings.shape), settings.reduce.factor, settings.reduce.by)
