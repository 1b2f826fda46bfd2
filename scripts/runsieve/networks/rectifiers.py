"""Networks whose rectifiers let a changed signal back: for pictures, not for derivatives."""

from collections.abc import Callable

import keras
import tensorflow as tf

from runsieve.networks.explained import Explained

Activation = Callable[[tf.Tensor], tf.Tensor]


@tf.custom_gradient
def guided(values: tf.Tensor):
    """max(x, 0); back comes what is positive, where x is positive."""
    return tf.nn.relu(values), lambda back: tf.where(values > 0, tf.nn.relu(back), 0.0)


@tf.custom_gradient
def deconvolved(values: tf.Tensor):
    """max(x, 0); back comes what is positive, whatever x is."""
    return tf.nn.relu(values), tf.nn.relu


def rectified(layer: keras.layers.Layer) -> bool:
    """True for a layer that rectifies, max(x, 0)."""
    plain = isinstance(layer, keras.layers.ReLU) and layer.get_config() == {
        **layer.get_config(),
        "max_value": None,
        "negative_slope": 0.0,
        "threshold": 0.0,
    }
    return plain or getattr(layer, "activation", None) is keras.activations.relu


def obstacle(explained: Explained) -> str | None:
    """Why nothing can be replaced; None if something can."""
    found = any(map(rectified, explained.model.layers))
    return None if found else "the network has no ReLU"


def with_rectifier(explained: Explained, activation: Activation) -> Explained:
    """The network with another function in place of each ReLU."""

    def changed(layer: keras.layers.Layer) -> keras.layers.Layer:
        if not rectified(layer):
            return layer
        if isinstance(layer, keras.layers.ReLU):
            return keras.layers.Activation(activation, name=layer.name)
        layer.activation = activation
        return layer

    return explained.with_layers(changed)
