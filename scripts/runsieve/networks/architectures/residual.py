"""Residual towers: convolutions with shortcuts around them, along one axis or two."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from runsieve.config.base import Layers, Number, Rate, Settings
from runsieve.config.layers import Activation, Normalisation, View
from runsieve.config.network import TowerNetworkSettings

if TYPE_CHECKING:
    import keras

    from runsieve.networks.building import Seen


class Stages(Settings):
    """Residual blocks, in stages; each stage after the first begins with a stride of `stride`."""

    filters: list[Number] = Field(
        min_length=1, max_length=1000, description="filters of each stage"
    )
    blocks: Layers = Field(2, description="blocks in each stage")
    kernel: Number = Field(3, description="values along each axis")
    first_stride: Number = Field(1, description="step of the convolution before all blocks")
    stride: Number = Field(2, description="step at the start of each further stage")
    activation: Activation = "relu"
    momentum: Rate = Field(0.9, description="of the moving statistics of batch normalisation")

    @property
    def normalisation(self) -> Normalisation:
        """Batch normalisation, before each activation."""
        return Normalisation(type="batch", momentum=self.momentum)


class ResidualTower(View):
    """What happens to one input before all inputs are joined."""

    stages: Stages
    dropout: Rate = Field(0.0, description="dropout at its end")


class Residual(TowerNetworkSettings[ResidualTower]):
    """Residual towers, one per input: normalisation, activation and convolution with shortcuts.

    Pre-activation blocks of He et al., 'Identity Mappings in Deep Residual Networks', ECCV 2016
    (arXiv 1603.05027); a tower ends with the average of each filter.
    """

    type: Literal["residual"]


def build(settings: Residual, seen: "Seen", precision: str) -> "keras.Model":
    """The network; see `building.build`."""
    from runsieve.networks import layers

    raw = seen.raw(list(settings.towers))
    ends = []
    for name, tower in settings.towers.items():
        values = layers.scaled(name, tower, raw[name], seen)
        values = layers.as_image(name, tower, values, precision)
        values = _stages(name, tower.stages, values, precision)
        ends.append(layers.dropout(f"{name}_dropout", tower.dropout, values, precision))
    return layers.finished(settings, seen, raw, ends, precision)


def _stages(
    name: str, settings: Stages, values: "keras.KerasTensor", precision: str
) -> "keras.KerasTensor":
    """All blocks of a tower: (batch, positions..., channels) to (batch, filters)."""
    from runsieve.networks import layers

    first = {"strides": settings.first_stride, "use_bias": False}
    values = _convolution(f"{name}_first", settings, settings.filters[0], values, precision, first)
    for stage, filters in enumerate(settings.filters, start=1):
        for block in range(1, settings.blocks + 1):
            stride = settings.stride if stage > 1 and block == 1 else 1
            label = f"{name}_{stage}_{block}"
            values = _block(label, settings, filters, stride, values, precision)
    values = layers.activated(f"{name}_end", settings, values, precision)
    return layers.ended(name, "average", values, precision)


def _block(
    label: str,
    settings: Stages,
    filters: int,
    stride: int,
    values: "keras.KerasTensor",
    precision: str,
) -> "keras.KerasTensor":
    """Two convolutions and a shortcut, which is a projection where the shapes differ."""
    import keras

    from runsieve.networks import layers

    shortcut = values
    values = layers.activated(f"{label}_1", settings, values, precision)
    if stride > 1 or shortcut.shape[-1] != filters:
        options = {"strides": stride, "kernel_size": 1, "use_bias": False}
        shortcut = _convolution(f"{label}_shortcut", settings, filters, values, precision, options)
    options = {"strides": stride, "use_bias": False}
    values = _convolution(f"{label}_1", settings, filters, values, precision, options)
    values = layers.activated(f"{label}_2", settings, values, precision)
    values = _convolution(f"{label}_2", settings, filters, values, precision, {"use_bias": False})
    return keras.layers.Add(name=f"{label}_sum", dtype=precision)([shortcut, values])


def _convolution(
    label: str,
    settings: Stages,
    filters: int,
    values: "keras.KerasTensor",
    precision: str,
    options: dict,
) -> "keras.KerasTensor":
    import keras

    layer = keras.layers.Conv2D if len(values.shape) == 4 else keras.layers.Conv1D
    chosen = {"kernel_size": settings.kernel, "padding": "same"} | options
    return layer(
        filters,
        kernel_initializer="he_normal",
        name=f"{label}_convolution",
        dtype=precision,
        **chosen,
    )(values)
