"""Building the layers of networks from their settings: towers, dense layers and heads."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Protocol

import keras

from runsieve.config.layers import (
    Convolutions,
    Dense,
    Normalisation,
    Pooling,
    Tower,
    View,
)
from runsieve.config.network import TowerNetworkSettings
from runsieve.config.pulse import RAW
from runsieve.errors import RunsieveError
from runsieve.networks.augmentation import Augmented
from runsieve.networks.building import Seen, model
from runsieve.networks.scaling import RawScaling

Tensor = keras.KerasTensor


class Activated(Protocol):
    """Settings of layers that have an activation."""

    activation: str
    normalisation: Normalisation | None


def tower(name: str, settings: Tower, raw: Tensor, precision: str, seen: Seen) -> Tensor:
    """The tower of one input: raw values (batch, *shape) to (batch, n).

    Raises RunsieveError if the layers do not fit the shape.
    """
    values = scaled(name, settings, raw, seen)
    if settings.convolutions is None:
        values = keras.layers.Flatten(name=f"{name}_flatten", dtype=precision)(values)
    else:
        values = as_image(name, settings, values, precision)
        values = _convolutions(name, settings.convolutions, values, precision)
    return dropout(f"{name}_dropout", settings.dropout, values, precision)


def scaled(name: str, settings: View, raw: Tensor, seen: Seen) -> Tensor:
    """Turn the raw values of an input into pulses of order one, in a layer; same shape.

    A second layer augments them in training, if that is asked for.
    """
    pulse, scaling = seen.pulses.get(name, RAW), settings.scaling
    values = RawScaling(
        pulse=pulse,
        scale=scaling.scale,
        moments=seen.moments.get(name) if scaling.standardise else None,
        name=f"{name}_scaling",
    )(raw)
    if settings.augmentation is None:
        return values
    if problem := settings.augmentation.misfit(values.shape[1:]):
        raise RunsieveError(f"network: towers.{name}.augmentation: {problem}")
    name = f"{name}_augmentation"
    return Augmented(settings.augmentation, pulse.segments, scaling.scale, name=name)(values)


def _joined(ends: Sequence[Tensor], precision: str) -> Tensor:
    """The outputs of all towers, concatenated, shape (batch, n)."""
    if len(ends) == 1:
        return ends[0]
    return keras.layers.Concatenate(name="joined", dtype=precision)(list(ends))


def finished(
    settings: TowerNetworkSettings,
    seen: Seen,
    raw: Mapping[str, Tensor],
    ends: Sequence[Tensor],
    precision: str,
) -> keras.Model:
    """The network of all towers: their `ends` joined, then dense layers and the head."""
    values = _dense(settings.dense, _joined(ends, precision), precision)
    return model(raw, _head(settings.head, values, len(seen.classes)))


def as_image(name: str, tower: View, values: Tensor, precision: str) -> Tensor:
    """Reshape values for convolutions: (batch, positions..., channels)."""
    view = tuple(tower.view or values.shape[1:])
    if prod(view) != prod(values.shape[1:]):
        raise RunsieveError(
            f"network: towers.{name}.view {list(view)} does not match the {prod(values.shape[1:])} "
            f"values of the input"
        )
    if tower.channels == "none":
        view = (*view, 1)
    if len(view) not in (2, 3):
        raise RunsieveError(
            f"network: towers.{name}: convolutions go along one axis or two, the view "
            f"{list(view)} with its channels has {len(view) - 1}"
        )
    values = keras.layers.Reshape(view, name=f"{name}_view", dtype=precision)(values)
    if tower.channels == "first":
        axes = (*range(2, len(view) + 1), 1)
        values = keras.layers.Permute(axes, name=f"{name}_channels_last", dtype=precision)(values)
    return values


def _convolutions(name: str, settings: Convolutions, values: Tensor, precision: str) -> Tensor:
    two = len(values.shape) == 4
    convolution = keras.layers.Conv2D if two else keras.layers.Conv1D
    for layer, (filters, kernel) in enumerate(settings.layers(), start=1):
        for number in range(1, settings.repeat + 1):
            label = f"{name}_{layer}" if settings.repeat == 1 else f"{name}_{layer}_{number}"
            if settings.padding == "valid" and min(values.shape[1:-1]) < kernel:
                raise RunsieveError(
                    f"network: towers.{name}.convolutions: layer {layer} has a kernel of {kernel}, "
                    f"but only {min(values.shape[1:-1])} values are left along an axis"
                )
            values = convolution(
                filters,
                kernel,
                strides=settings.stride,
                padding=settings.padding,
                kernel_initializer=settings.initialiser,
                name=f"{label}_convolution",
                dtype=precision,
            )(values)
            values = activated(label, settings, values, precision)
        pooling = settings.pooling
        if pooling is not None and (pooling.after is None or layer in pooling.after):
            values = _pool(f"{name}_{layer}", pooling, values, precision)
        values = _normalised(
            f"{name}_{layer}", settings.normalisation, "after_pooling", values, precision
        )
        values = dropout(f"{name}_{layer}_dropout", settings.dropout, values, precision)
    return ended(name, settings.end, values, precision)


def _pool(label: str, pooling: Pooling, values: Tensor, precision: str) -> Tensor:
    if pooling.padding == "valid" and min(values.shape[1:-1]) < pooling.size:
        raise RunsieveError(
            f"network: {label}: pooling of {pooling.size}, but only {min(values.shape[1:-1])} "
            "values are left along an axis"
        )
    kind = f"{pooling.type.capitalize()}Pooling{len(values.shape) - 2}D"
    layer = getattr(keras.layers, kind)
    return layer(pooling.size, padding=pooling.padding, name=f"{label}_pooling", dtype=precision)(
        values
    )


def ended(name: str, end: str, values: Tensor, precision: str) -> Tensor:
    """The end of a tower: (batch, positions..., channels) to (batch, n); see `Convolutions.end`."""
    if end == "flatten":
        return keras.layers.Flatten(name=f"{name}_flatten", dtype=precision)(values)
    kind = f"Global{end.capitalize()}Pooling{len(values.shape) - 2}D"
    return getattr(keras.layers, kind)(name=f"{name}_{end}", dtype=precision)(values)


def _dense(settings: Dense, values: Tensor, precision: str) -> Tensor:
    for number, (units, rate) in enumerate(settings.layers(), start=1):
        label = f"dense_{number}"
        values = keras.layers.Dense(
            units, kernel_initializer=settings.initialiser, name=label, dtype=precision
        )(values)
        values = activated(label, settings, values, precision)
        values = dropout(f"{label}_dropout", rate, values, precision)
    return values


def _head(kind: str, values: Tensor, classes: int) -> Tensor:
    """Probabilities (batch, classes), float32; kind: softmax, or sigmoid for two classes.

    Raises RunsieveError for a sigmoid with another number of classes.
    """
    if kind == "sigmoid" and classes != 2:
        raise RunsieveError(f"network: head sigmoid is for two classes, the sample has {classes}")
    options = {"name": "logits", "dtype": "float32"}
    if kind == "softmax":
        values = keras.layers.Dense(classes, **options)(values)
        return keras.layers.Softmax(name="probabilities", dtype="float32")(values)
    first = keras.layers.Dense(1, **options)(values)
    # The softmax of (z, 0) is (p, 1 - p), where p is the sigmoid of z.
    both = keras.layers.ZeroPadding1D((0, 1), name="both", dtype="float32")(
        keras.layers.Reshape((1, 1), name="one", dtype="float32")(first)
    )
    both = keras.layers.Reshape((2,), name="two", dtype="float32")(both)
    return keras.layers.Softmax(name="probabilities", dtype="float32")(both)


def activated(label: str, settings: Activated, values: Tensor, precision: str) -> Tensor:
    """Apply the activation of a layer, and its normalisation before or after it; same shape."""
    where = settings.normalisation
    values = _normalised(label, where, "before_activation", values, precision)
    values = keras.layers.Activation(
        settings.activation, name=f"{label}_activation", dtype=precision
    )(values)
    return _normalised(label, where, "after_activation", values, precision)


def _normalised(
    label: str, settings: Normalisation | None, place: str, values: Tensor, precision: str
) -> Tensor:
    if settings is None or settings.place != place:
        return values
    options = {"name": f"{label}_normalisation", "dtype": precision}
    if settings.type == "batch":
        return keras.layers.BatchNormalization(momentum=settings.momentum, **options)(values)
    if values.shape[-1] % settings.groups:
        raise RunsieveError(
            f"network: {label}: {values.shape[-1]} channels cannot be divided into "
            f"{settings.groups} groups; change normalisation.groups"
        )
    return keras.layers.GroupNormalization(settings.groups, **options)(values)


def dropout(name: str, rate: float, values: Tensor, precision: str) -> Tensor:
    """Apply dropout, unless its rate is 0."""
    return keras.layers.Dropout(rate, name=name, dtype=precision)(values) if rate else values
