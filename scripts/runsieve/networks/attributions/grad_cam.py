"""Grad-CAM: where the last convolution saw what raises the log odds.

Selvaraju et al., 'Grad-CAM: visual explanations from deep networks via gradient-based
localization', ICCV 2017 (arXiv 1610.02391): maps of the filters, weighted with the mean of their
gradients, of which the positive part is kept. It has as many positions as the last map; between
them it is interpolated. Channels of an input, such as two photomultipliers, share it.
"""

import keras
import numpy as np
import tensorflow as tf

from runsieve.errors import RunsieveError
from runsieve.networks.convolved import last_map, places, spread
from runsieve.networks.explained import Explained, Values, odds_of

TITLE = "Grad-CAM"
COMPLETE = False


def obstacle(explained: Explained, name: str) -> str | None:
    """An input without convolutions, or one whose values are mixed before them."""
    try:
        places(explained.model, name)
        last_map(explained.model, name)
    except RunsieveError as error:
        return str(error)
    return None


def attribute(explained: Explained, values: Values, labels: np.ndarray) -> Values:
    """Maps on the values of the inputs, not negative."""
    names = [name for name in values if obstacle(explained, name) is None]
    return {name: _mapped(explained, name, values, labels) for name in names}


def _mapped(explained: Explained, name: str, values: Values, labels: np.ndarray) -> np.ndarray:
    model = explained.model
    part = keras.Model(model.input, [last_map(model, name), model.output])
    maps = []
    for where, some in explained.parts(values):
        with tf.GradientTape() as tape:
            found, logits = part(some, training=False)
            odds = odds_of(logits, labels[where])
        gradient = tape.gradient(odds, found).numpy()
        positions = tuple(range(1, gradient.ndim - 1))
        weights = gradient.mean(axis=positions, keepdims=True)
        maps.append(np.maximum((weights * found.numpy()).sum(axis=-1), 0))
    where = places(model, name)
    on_positions = spread(np.concatenate(maps), where.shape[:-1])
    result = np.zeros((len(labels), where.size), np.float32)
    result[:, where.ravel()] = np.repeat(on_positions[..., None], where.shape[-1], -1).reshape(
        len(labels), -1
    )
    return result.reshape(len(labels), *explained.shapes[name])
