"""A network built by a user-supplied Python file."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from runsieve.config.base import Name
from runsieve.config.columns import missing_function
from runsieve.config.network import NetworkSettings
from runsieve.errors import RunsieveError
from runsieve.user_code import call, load_function

if TYPE_CHECKING:
    import keras

    from runsieve.config.inputs import Input
    from runsieve.networks.building import Seen

FUNCTION = "build"


class Keras(NetworkSettings):
    """A network built by a user-supplied function: `build(inputs, classes) -> keras.Model`.

    `inputs` are symbolic raw values by input name, each of shape (batch, *shape), and
    `classes` is the list of class names. The model must take these inputs and end in probabilities
    of shape (batch, classes).
    """

    type: Literal["keras"]
    file: str = Field(description="Python file, relative to the folder in which Snakemake starts")
    inputs: list[Name] = Field(min_length=1, description="inputs that the network sees")

    def inputs_seen(self) -> list[str]:
        """The inputs."""
        return list(self.inputs)

    def user_files(self) -> list[str]:
        """The file."""
        return [self.file]

    def problems(self, inputs: "Mapping[str, Input]") -> Iterator[tuple[str, str]]:
        """A file that is missing, cannot be parsed or has no function `build`."""
        for problem in missing_function(self.file, FUNCTION):
            yield "file", problem


def build(settings: Keras, seen: "Seen", precision: str) -> "keras.Model":
    """The network of the user's function, checked; see `building.build`.

    Layers without a dtype of their own compute in `precision`. Raises RunsieveError if the function
    fails, or returns anything but a model of these inputs and classes.
    """
    import keras

    raw = seen.raw(settings.inputs)
    function = load_function(settings.file, FUNCTION)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        made = call(settings.file, function, dict(raw), list(seen.classes))
    finally:
        keras.config.set_dtype_policy(policy)
    place = f"{settings.file}: {FUNCTION}()"
    if not isinstance(made, keras.Model):
        raise RunsieveError(f"{place}: a keras.Model expected, found {type(made).__name__}")
    if not getattr(made, "inputs", None):
        raise RunsieveError(
            f"{place}: a model of its inputs expected, keras.Model(inputs, outputs), found "
            f"{type(made).__name__} without inputs"
        )
    _require_inputs(place, made, settings.inputs)
    if len(made.outputs) != 1 or made.outputs[0].shape != (None, len(seen.classes)):
        shapes = ", ".join(str(output.shape) for output in made.outputs)
        raise RunsieveError(
            f"{place}: one output of shape (None, {len(seen.classes)}) expected, the probabilities "
            f"of {', '.join(seen.classes)}; found {shapes}"
        )
    network = _in_float32(made, raw)
    _require_probabilities(place, network, raw)
    _require_loadable(place, network)
    return network


def _require_loadable(place: str, network: "keras.Model") -> None:
    """Fail before the training, not when the trained network is loaded."""
    import keras

    try:
        keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(network))
    except Exception as error:
        raise RunsieveError(
            f"{place}: a network that can be read from a file expected: without Lambda layers, and "
            f"with @keras.saving.register_keras_serializable() on each of your own layer classes"
        ) from error


def _require_inputs(place: str, made: "keras.Model", names: list[str]) -> None:
    found = sorted(one.name for one in made.inputs)
    if found != sorted(names):
        raise RunsieveError(
            f"{place}: a model of the inputs {', '.join(sorted(names))} expected, found "
            f"{', '.join(found)}; build it from the values in `inputs`"
        )


def _require_probabilities(place: str, made: "keras.Model", raw: Mapping) -> None:
    """Two events of zeros are enough to tell logits from probabilities."""
    import numpy as np

    zeros = {name: np.zeros((2, *one.shape[1:]), one.dtype) for name, one in raw.items()}
    values = zeros if len(zeros) > 1 else next(iter(zeros.values()))
    found = np.asarray(made(values, training=False)).astype(float)
    if not (found >= 0).all() or not np.allclose(found.sum(axis=1), 1, atol=0.02):
        raise RunsieveError(
            f"{place}: probabilities expected, between 0 and 1 and adding up to 1, found "
            f"{found[0].round(3).tolist()} for an event of zeros; end with a softmax"
        )


def _in_float32(made: "keras.Model", raw: Mapping) -> "keras.Model":
    """The same model with the names of its inputs kept and probabilities in single precision."""
    import keras

    from runsieve.networks.building import model

    last = keras.layers.Activation("linear", name="runsieve_probabilities", dtype="float32")
    inputs = {one.name: one for one in made.inputs}
    return model({name: inputs[name] for name in raw}, last(made.outputs[0]))
