"""A network in single precision, whatever it was trained in."""

import keras

from runsieve.networks.building import LAYERS

HALF = ("bfloat16", "float16")


def in_single_precision(network: keras.Model) -> keras.Model:
    """The network with the same weights, computing in float32; itself if it does already."""
    described = keras.saving.serialize_keras_object(network)
    single = _single(described)
    if single == described:
        return network
    made = keras.saving.deserialize_keras_object(single, custom_objects=LAYERS)
    made.set_weights(network.get_weights())
    return made


def _single(part):
    """A description in which every half precision, mixed or not, is float32."""
    if isinstance(part, dict):
        if part.get("class_name") == "InputLayer":  # its type is that of the raw values
            return part
        return {name: _single(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return type(part)(_single(value) for value in part)
    half = isinstance(part, str) and part.removeprefix("mixed_") in HALF
    return "float32" if half else part
