"""Convolutions of a network: which input each sees, and where its positions are in the input."""

from collections.abc import Sequence

import keras
import numpy as np

from runsieve.errors import RunsieveError

CONVOLUTIONS = (
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv1D,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv1D,
    keras.layers.SeparableConv2D,
)
# What may follow a convolution and keeps its positions.
AFTER = (
    keras.layers.Activation,
    keras.layers.ReLU,
    keras.layers.LeakyReLU,
    keras.layers.ELU,
    keras.layers.BatchNormalization,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
)
WITHOUT = "no convolution sees this input alone"
MOVING = (keras.layers.Reshape, keras.layers.Permute)


def convolutions(model: keras.Model, name: str) -> list[keras.layers.Layer]:
    """Convolutions that see one input and no other, from the first to the last."""
    return [one for one in _tower(model, name) if isinstance(one, CONVOLUTIONS)]


def feature_map(model: keras.Model, layer: keras.layers.Layer) -> keras.KerasTensor:
    """What a convolution gives (events, positions..., filters), normalised and activated."""
    values, after = layer.output, _consumers(model, layer.output)
    while len(after) == 1 and isinstance(after[0], AFTER):
        values = after[0].output
        after = _consumers(model, values)
    return values


def last_map(model: keras.Model, name: str) -> keras.KerasTensor:
    """The last values of a tower (events, positions..., filters) before they are pooled.

    Raises RunsieveError if the input has no convolution of its own.
    """
    seen, found = False, None
    for layer in _tower(model, name):
        seen = seen or isinstance(layer, CONVOLUTIONS)
        of_filters = isinstance(layer, (*CONVOLUTIONS, *AFTER, keras.layers.Add))
        if seen and of_filters and len(layer.output.shape) in (3, 4):
            found = layer.output
    if found is None:
        raise RunsieveError(WITHOUT)
    return found


def places(model: keras.Model, name: str) -> np.ndarray:
    """Where the values that the first convolution sees are in an event of the input.

    Shape (positions..., channels), of indices into the flattened event. Raises RunsieveError if the
    input has no convolution of its own, or if anything but a reshaping or a permutation moves them.
    """
    if not convolutions(model, name):
        raise RunsieveError(WITHOUT)
    tensor = next(one for one in model.inputs if one.name == name)
    found = np.arange(np.prod(tensor.shape[1:])).reshape(1, *tensor.shape[1:])
    while True:
        after = _consumers(model, tensor)
        if after and all(isinstance(one, CONVOLUTIONS) for one in after):
            return found[0]
        if len(after) != 1:
            raise RunsieveError("the way from the input to its first convolution branches")
        (layer,) = after
        if isinstance(layer, MOVING):
            # Exact in float32 up to 2**24, more than an event has.
            found = np.asarray(layer(found.astype(np.float32))).astype(int)
        elif layer.output.shape[1:] != tensor.shape[1:]:
            raise RunsieveError(f"layer {layer.name} changes the shape before the convolutions")
        tensor = layer.output


def spread(maps: np.ndarray, sides: Sequence[int]) -> np.ndarray:
    """Maps (events, positions...) on more positions, interpolated linearly, (events, *sides).

    The positions of a map are taken as the middles of equal parts of the input: right for padding
    `same`, and off by at most half of the kernels for `valid`.
    """
    for axis, side in enumerate(sides, start=1):
        weights = _weights(maps.shape[axis], side)
        maps = np.moveaxis(np.tensordot(maps, weights, (axis, 1)), -1, axis)
    return maps


def _weights(count: int, side: int) -> np.ndarray:
    """Weights of `count` middles at each of `side` places, shape (side, count)."""
    middles = (np.arange(count) + 0.5) / count
    at = (np.arange(side) + 0.5) / side
    return np.stack([np.interp(at, middles, row) for row in np.eye(count)], axis=1)


def _tower(model: keras.Model, name: str) -> list[keras.layers.Layer]:
    """Layers that see one input and no other, in their order."""
    seen: dict[int, set[str]] = {id(one): {one.name} for one in model.inputs}
    found = []
    for layer in model.operations:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        inputs = set().union(*(seen[id(one)] for one in keras.tree.flatten(layer.input)))
        for one in keras.tree.flatten(layer.output):
            seen[id(one)] = inputs
        if inputs == {name}:
            found.append(layer)
    return found


def _consumers(model: keras.Model, tensor: keras.KerasTensor) -> list[keras.layers.Layer]:
    return [
        one
        for one in model.operations
        if not isinstance(one, keras.layers.InputLayer)
        and any(given is tensor for given in keras.tree.flatten(one.input))
    ]
