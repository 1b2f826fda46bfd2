"""Neural networks, built from their settings; they take the raw values of a record."""

from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path

import keras

from runsieve.config.network import Convolutions, Dense, Network, Normalisation, Pooling, Tower
from runsieve.errors import RunsieveError
from runsieve.scaling import Moments, RawScaling

Tensor = keras.KerasTensor


def build(
    settings: Network,
    shapes: Mapping[str, Sequence[int]],
    classes: int,
    dtypes: Mapping[str, str],
    precision: str = "float32",
    moments: Mapping[str, Moments] | None = None,
) -> keras.Model:
    """A network with fresh weights: raw events by input to probabilities (batch, classes).

    `shapes` and `dtypes` are those of one raw event of each input; `moments` of the training
    events, where an input is standardised. `precision` is a dtype policy of Keras; the
    probabilities are float32 with any. With one input the network takes its array (batch, *shape),
    with several a dictionary. Raises RunsieveError if the layers don't fit the shapes.
    """
    if settings.head == "sigmoid" and classes != 2:
        raise RunsieveError(f"network: head sigmoid is for two classes, the sample has {classes}")
    raw, ends = {}, []
    for name, tower in settings.towers.items():
        raw[name] = keras.Input(tuple(shapes[name]), dtype=dtypes[name], name=name)
        found = None if moments is None else moments.get(name)
        ends.append(_tower(name, tower, raw[name], precision, found))
    values = ends[0]
    if len(ends) > 1:
        values = keras.layers.Concatenate(name="joined", dtype=precision)(ends)
    values = _dense(settings.dense, values, precision)
    probabilities = _head(settings.head, values, classes)
    inputs = raw if len(raw) > 1 else next(iter(raw.values()))
    return keras.Model(inputs, probabilities)


def load(path: str | Path) -> keras.Model:
    """A network that was saved as a .keras file, for prediction."""
    return keras.saving.load_model(path, compile=False)


def _tower(name: str, tower: Tower, raw: Tensor, precision: str, moments: Moments | None) -> Tensor:
    _require_segments(name, tower, raw.shape[1:])
    scaling = tower.scaling
    values = RawScaling(
        segments=scaling.segments,
        pedestal_samples=scaling.pedestal_samples,
        scale=scaling.scale,
        moments=moments if scaling.standardise else None,
        name=f"{name}_scaling",
    )(raw)
    if tower.convolutions is None:
        values = keras.layers.Flatten(name=f"{name}_flatten", dtype=precision)(values)
    else:
        values = _as_image(name, tower, values, precision)
        values = _convolutions(name, tower.convolutions, values, precision)
    return _dropout(f"{name}_dropout", tower.dropout, values, precision)


def _as_image(name: str, tower: Tower, values: Tensor, precision: str) -> Tensor:
    """Values as convolutions want them: (batch, places..., channels)."""
    view = tuple(tower.view or values.shape[1:])
    if prod(view) != prod(values.shape[1:]):
        raise RunsieveError(
            f"network: towers.{name}.view {list(view)} does not hold the {prod(values.shape[1:])} "
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
            values = _activated(label, settings, values, precision)
        pooling = settings.pooling
        if pooling is not None and (pooling.after is None or layer in pooling.after):
            values = _pool(f"{name}_{layer}", pooling, values, precision)
        values = _normalised(
            f"{name}_{layer}", settings.normalisation, "after_pooling", values, precision
        )
        values = _dropout(f"{name}_{layer}_dropout", settings.dropout, values, precision)
    return _ended(name, settings.end, values, precision)


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


def _ended(name: str, end: str, values: Tensor, precision: str) -> Tensor:
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
        values = _activated(label, settings, values, precision)
        values = _dropout(f"{label}_dropout", rate, values, precision)
    return values


def _head(head: str, values: Tensor, classes: int) -> Tensor:
    """Probabilities of all classes; one sigmoid gives those of two."""
    options = {"name": "logits", "dtype": "float32"}
    if head == "softmax":
        values = keras.layers.Dense(classes, **options)(values)
        return keras.layers.Softmax(name="probabilities", dtype="float32")(values)
    first = keras.layers.Dense(1, **options)(values)
    # The softmax of (z, 0) is the sigmoid of z and its rest.
    both = keras.layers.ZeroPadding1D((0, 1), name="both", dtype="float32")(
        keras.layers.Reshape((1, 1), name="one", dtype="float32")(first)
    )
    both = keras.layers.Reshape((2,), name="two", dtype="float32")(both)
    return keras.layers.Softmax(name="probabilities", dtype="float32")(both)


def _activated(
    label: str, settings: Convolutions | Dense, values: Tensor, precision: str
) -> Tensor:
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
            f"network: {label}: {values.shape[-1]} channels do not part into "
            f"{settings.groups} groups; change normalisation.groups"
        )
    return keras.layers.GroupNormalization(settings.groups, **options)(values)


def _dropout(name: str, rate: float, values: Tensor, precision: str) -> Tensor:
    return keras.layers.Dropout(rate, name=name, dtype=precision)(values) if rate else values


def _require_segments(name: str, tower: Tower, shape: Sequence[int]) -> None:
    size, scaling = prod(shape), tower.scaling
    if size % scaling.segments:
        raise RunsieveError(
            f"network: towers.{name}.scaling.segments is {scaling.segments}, which doesn't part an "
            f"input of {size} values into equal segments"
        )
    if scaling.pedestal_samples > size // scaling.segments:
        raise RunsieveError(
            f"network: towers.{name}.scaling.pedestal_samples is {scaling.pedestal_samples}, "
            f"but a segment of the input has only {size // scaling.segments} values"
        )
