"""Feature maps: what each convolution of a network makes of an event."""

import keras
import numpy as np

from runsieve.networks.convolved import convolutions, feature_map
from runsieve.networks.explained import Explained, Values

STRONGEST = 8  # filters of a convolution that are kept


def feature_maps(explained: Explained, values: Values) -> dict[str, dict[str, np.ndarray]]:
    """By input and convolution, its strongest maps, (events, positions..., filters).

    Those are the filters with the largest standard deviation over all events and positions, in the
    order of it; after the normalisation and the activation that follow the convolution.
    """
    return {name: _of_input(explained, name, values) for name in values}


def _of_input(explained: Explained, name: str, values: Values) -> dict[str, np.ndarray]:
    model = explained.model
    layers = convolutions(model, name)
    if not layers:
        return {}
    part = keras.Model(model.input, [feature_map(model, layer) for layer in layers])
    chunks = [
        [np.asarray(one) for one in keras.tree.flatten(part(some, training=False))]
        for _, some in explained.parts(values)
    ]
    maps = [np.concatenate(some) for some in zip(*chunks, strict=True)]
    return {layer.name: _strongest(one) for layer, one in zip(layers, maps, strict=True)}


def _strongest(maps: np.ndarray) -> np.ndarray:
    spreads = maps.reshape(-1, maps.shape[-1]).std(axis=0)
    return maps[..., np.argsort(-spreads, kind="stable")[:STRONGEST]]
