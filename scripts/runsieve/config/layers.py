"""Settings of the layers of neural networks, shared by the architectures."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from runsieve.config.base import Layers, Length, Number, Positive, Rate, Settings

MOST_FILTERS = 1_000_000
Activation = Literal["relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid"]
Initialiser = Literal[
    "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"
]
Padding = Literal["same", "valid"]
Head = Annotated[
    Literal["softmax", "sigmoid"], Field(description="sigmoid: one output, for two classes")
]


class Scaling(Settings):
    """Scaling in the first layer of a network, after polarity and baseline: to order one."""

    scale: Positive = Field(1.0, description="value that becomes 1")
    standardise: bool = Field(
        False, description="mean 0 and standard deviation 1 of each value over the training events"
    )


class Augmentation(Settings):
    """Random changes of training events, new in each epoch; validation and test see none.

    Only for what leaves the class as it is: a picture whose class depends on a direction must not
    be turned.
    """

    flip: Literal["none", "horizontal", "vertical", "both"] = Field(
        "none", description="mirror half of the pictures: left and right, up and down, or each"
    )
    rotation: Literal["none", "quarter", "any"] = Field(
        "none", description="turn pictures: by quarter turns, or by any angle (interpolated)"
    )
    shift: int = Field(
        0,
        ge=0,
        le=1_000_000,
        description="largest shift, in samples of a waveform (its segments move together) or in "
        "pixels along each axis; the baseline comes in from outside",
    )
    gain: Rate = Field(0.0, description="standard deviation of a factor on each event, around 1")
    noise: float = Field(
        0.0,
        ge=0,
        le=1e12,
        description="standard deviation of noise on each value, in raw units, or in "
        "standard deviations where `standardise` is set",
    )

    def misfit(self, shape: Sequence[int]) -> str | None:
        """What does not go with an input of this shape, as a sentence; None if all does.

        Events of shape (height, width) or (height, width, colours) are pictures, others of one axis
        are waveforms.
        """
        picture = len(shape) in (2, 3)
        if not picture and len(shape) != 1:
            return f"an input of shape {list(shape)} is neither a waveform nor a picture"
        for key in ("flip", "rotation"):
            if not picture and getattr(self, key) != "none":
                return f"{key} is for pictures, the input has the shape {list(shape)}"
        if picture and self.rotation == "quarter" and shape[0] != shape[1]:
            return f"rotation by quarter turns is for square pictures, found {list(shape[:2])}"
        if self.shift >= min(shape[:2]):
            return f"shift {self.shift} is as large as the input, {list(shape)}"
        return None


class Normalisation(Settings):
    """Normalisation of the values between layers."""

    type: Literal["batch", "group"]
    place: Literal["before_activation", "after_activation", "after_pooling"] = Field(
        "before_activation", description="where in a layer"
    )
    momentum: Rate = Field(0.99, description="of the moving statistics (batch)")
    groups: Number = Field(8, description="groups of channels (group)")


class Pooling(Settings):
    """Pooling after convolutional layers."""

    size: Number = Field(2, description="values pooled along each axis")
    padding: Padding = Field("valid", description="same: keeps values that do not fill a window")
    type: Literal["max", "average"] = "max"
    after: list[Layers] | None = Field(
        None, description="layers, counted from 1, that it follows (default: every layer)"
    )


class Doubling(Settings):
    """Numbers of filters, doubled after every `every` layers."""

    start: Number = Field(description="filters of the first layer")
    layers: Layers = Field(description="number of layers")
    every: Layers = Field(2, description="double after this number of layers")

    def listed(self) -> list[int]:
        """Number of filters of each layer."""
        return [self.start * 2 ** (layer // self.every) for layer in range(self.layers)]


class Convolutions(Settings):
    """Convolutional layers along one or two axes, depending on the input."""

    filters: Annotated[list[Number], Field(max_length=1000)] | Doubling = Field(
        description="filters of each layer"
    )
    kernel: Number | list[Number] = Field(
        description="values along each axis; a list has one for each layer"
    )
    repeat: Layers = Field(1, description="convolutions in each layer")
    stride: Number = Field(1, description="step of each convolution")
    padding: Padding = "same"
    activation: Activation = "relu"
    initialiser: Initialiser = "glorot_uniform"
    normalisation: Normalisation | None = None
    pooling: Pooling | None = Pooling()
    dropout: Rate = Field(0.0, description="dropout after each layer")
    end: Literal["flatten", "average", "max"] = Field(
        "flatten", description="output: all values, or the average or maximum of each filter"
    )

    def layers(self) -> list[tuple[int, int]]:
        """Number of filters and kernel size of each layer."""
        filters = self.filters.listed() if isinstance(self.filters, Doubling) else self.filters
        kernels = self.kernel if isinstance(self.kernel, list) else [self.kernel] * len(filters)
        return list(zip(filters, kernels, strict=True))

    @model_validator(mode="after")
    def _fitting(self) -> "Convolutions":
        filters = self.filters.listed() if isinstance(self.filters, Doubling) else self.filters
        if not filters:
            raise ValueError("filters is empty; leave convolutions out instead")
        for layer, number in enumerate(filters, start=1):
            if number > MOST_FILTERS:
                raise ValueError(f"layer {layer} would have more than {MOST_FILTERS} filters")
        if isinstance(self.kernel, list) and len(self.kernel) != len(filters):
            raise ValueError(f"kernel has {len(self.kernel)} values for {len(filters)} layers")
        after = self.pooling.after if self.pooling is not None else None
        if after and max(after) > len(filters):
            raise ValueError(f"pooling.after names layer {max(after)} of {len(filters)}")
        return self


class View(Settings):
    """How the layers of a tower see its input."""

    scaling: Scaling = Scaling()
    view: list[Length] | None = Field(
        None, description="shape that the layers see (default: that of the input)"
    )
    channels: Literal["none", "first", "last"] = Field(
        "none", description="axis of the view that is a channel, such as a colour"
    )
    augmentation: Augmentation | None = Field(
        None, description="random changes of training events, by layers of the network"
    )


class Tower(View):
    """What happens to one input before all inputs are joined."""

    convolutions: Convolutions | None = None
    dropout: Rate = Field(0.0, description="dropout at its end")


class Dense(Settings):
    """Fully connected layers, each followed by its dropout."""

    units: list[Number] = Field(
        default_factory=list, max_length=1000, description="units of each hidden layer"
    )
    dropout: Rate | list[Rate] = Field(
        0.0, description="dropout after each hidden layer, or one for all"
    )
    activation: Activation = "relu"
    initialiser: Initialiser = "glorot_uniform"
    normalisation: Normalisation | None = None

    def layers(self) -> list[tuple[int, float]]:
        """Units and dropout of each layer."""
        rates = self.dropout if isinstance(self.dropout, list) else [self.dropout] * len(self.units)
        return list(zip(self.units, rates, strict=True))

    @model_validator(mode="after")
    def _one_dropout_per_layer(self) -> "Dense":
        if isinstance(self.dropout, list) and len(self.dropout) != len(self.units):
            raise ValueError(
                f"dropout has {len(self.dropout)} values for {len(self.units)} hidden layers"
            )
        if self.normalisation is not None and self.normalisation.place == "after_pooling":
            raise ValueError("normalisation.place: dense layers have no pooling")
        return self
