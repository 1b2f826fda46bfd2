"""A trained network as it is explained: from scaled values to the log odds of a class."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np
import tensorflow as tf

from runsieve.networks.calibration import uncalibrated
from runsieve.networks.scaling import RawScaling
from runsieve.networks.single_precision import in_single_precision

Changed = Callable[[keras.layers.Layer], keras.layers.Layer]
Values = dict[str, np.ndarray]  # by input, float32 (events, *shape)

VALUES_AT_A_TIME = 2**21  # of all inputs: 8 MB, and some tens of times as much in the layers
TOLERANCE = 0.01
SMALLEST = 1e-30  # probability, where a network returns no logits


@dataclass(frozen=True, eq=False)
class Explained:
    """A network without its scaling and its softmax, in single precision.

    model: takes a dictionary of scaled values, (events, *shape) by input, and returns logits
        (events, classes)
    scalings: by input, the layer that makes scaled values of raw ones; not of all inputs
    columns: inputs that are columns, whose values have no pedestal
    of_logits: False where the network ends in anything but a softmax of logits; the logarithms of
        its probabilities, which are logits as well, are then taken instead
    tolerance: of attributions that are complete, as a fraction of the difference of the log odds of
        the event and of the baseline, or of 1 where it is smaller
    """

    model: keras.Model
    scalings: Mapping[str, RawScaling]
    columns: Sequence[str] = ()
    of_logits: bool = True
    tolerance: float = TOLERANCE

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of one event, by input."""
        return {one.name: tuple(one.shape[1:]) for one in self.model.inputs}

    def scaled(self, raw: Mapping[str, np.ndarray]) -> Values:
        """Scaled values of raw ones, (events, *shape) by input."""
        return {
            name: np.asarray(self.scalings[name](raw[name]) if name in self.scalings else raw[name])
            .astype(np.float32)
            .reshape(-1, *shape)
            for name, shape in self.shapes.items()
        }

    def baselines(self) -> Values:
        """The event without any signal, shape (1, *shape) by input, in scaled values.

        Waveforms are at their pedestal, pictures empty, columns 0 or, where they are standardised,
        at the mean of the training events.
        """
        return {name: self._baseline(name, shape) for name, shape in self.shapes.items()}

    def _baseline(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        zero = np.zeros((1, *shape), np.float32)
        scaling = self.scalings.get(name)
        if scaling is None or scaling.moments is None or name in self.columns:
            return zero
        moments = scaling.moments
        return (zero - moments.mean / moments.deviation / scaling.scale).astype(np.float32)

    def log_odds(self, values: Mapping[str, tf.Tensor], labels: np.ndarray) -> tf.Tensor:
        """log(p / (1 - p)) of the class of each event, shape (events,)."""
        return odds_of(self.model(dict(values), training=False), labels)

    def all_log_odds(self, values: Values, labels: np.ndarray) -> np.ndarray:
        """As `log_odds`, some events at a time, float64 (events,)."""
        return np.concatenate(
            [self.log_odds(part, labels[where]).numpy() for where, part in self.parts(values)]
        ).astype(float)

    def gradients(self, values: Values, labels: np.ndarray) -> Values:
        """Derivatives of the log odds of each event by its scaled values."""
        found: dict[str, list[np.ndarray]] = {name: [] for name in values}
        # Not as a graph: few calls are made of each network, and tracing takes longer than these.
        for where, part in self.parts(values):
            with tf.GradientTape() as tape:
                tape.watch(part)
                odds = self.log_odds(part, labels[where])
            for name, one in tape.gradient(odds, part, unconnected_gradients="zero").items():
                found[name].append(one.numpy())
        return {name: np.concatenate(some) for name, some in found.items()}

    def parts(self, values: Values) -> Iterator[tuple[slice, dict[str, tf.Tensor]]]:
        """As many events at a time as fit in memory: where they are, and their values."""
        events = len(next(iter(values.values())))
        size = max(1, VALUES_AT_A_TIME // sum(one[0].size for one in values.values()))
        for start in range(0, events, size):
            where = slice(start, start + size)
            yield where, {name: tf.constant(one[where]) for name, one in values.items()}

    def with_layers(self, changed: Changed, trained: bool = True) -> "Explained":
        """The same network with other layers; `changed` gets a copy of each and returns one.

        trained: with the weights of this one, instead of new ones
        """

        def made(layer: keras.layers.Layer) -> keras.layers.Layer:
            return changed(layer.__class__.from_config(layer.get_config()))

        model = keras.models.clone_model(self.model, clone_function=made)
        if trained:
            copy_weights(self.model, model)
        return replace(self, model=model)


def odds_of(logits: tf.Tensor, labels: np.ndarray) -> tf.Tensor:
    """z_c less the logarithm of the sum of exp(z) of the other classes: logits (events, classes).

    Of two classes it is the difference of their logits. Unlike a single logit it does not depend on
    what is added to all of them, which changes no probability.
    """
    own = tf.one_hot(labels, logits.shape[-1])
    others = tf.reduce_logsumexp(tf.where(own > 0, -np.inf, logits), axis=1)
    return tf.reduce_sum(own * logits, axis=1) - others


def explained(network: keras.Model, columns: Sequence[str] = ()) -> Explained:
    """A trained network as it is explained; a calibration, its last layer, is left out.

    columns: names of the inputs that are columns
    """
    network = in_single_precision(uncalibrated(network))
    ends, of_logits = _ends(network)
    scalings: dict[str, RawScaling] = {}
    inputs = {
        one.name: keras.Input(batch_shape=one.shape, dtype="float32", name=one.name)
        for one in network.inputs
    }

    def called(layer: keras.layers.Layer, *arguments, **options):
        if isinstance(layer, RawScaling):
            scalings[arguments[0].name] = layer
            return arguments[0]
        if layer.name in ends and not isinstance(layer, keras.layers.Dense):
            return arguments[0]
        return layer(*arguments, **options)

    def made(layer: keras.layers.Layer) -> keras.layers.Layer:
        copy = layer.__class__.from_config(layer.get_config())
        if layer.name in ends and isinstance(layer, keras.layers.Dense):
            copy.activation = keras.activations.linear
        return copy

    given = keras.tree.map_structure(lambda one: inputs[one.name], network.input)
    copy = keras.models.clone_model(
        network, input_tensors=given, clone_function=made, call_function=called
    )
    logits = copy.output if of_logits else _logarithms(copy.output)
    model = keras.Model(inputs, logits)
    copy_weights(network, model)
    return Explained(model, scalings, tuple(columns), of_logits)


def copy_weights(
    source: keras.Model, target: keras.Model, names: Sequence[str] | None = None
) -> None:
    """Give layers the weights of those of the same name in another network; all, if no names."""
    for layer in target.layers:
        if layer.weights and (names is None or layer.name in names):
            layer.set_weights(source.get_layer(layer.name).get_weights())


def _logarithms(probabilities: keras.KerasTensor) -> keras.KerasTensor:
    return keras.ops.log(keras.ops.maximum(probabilities, SMALLEST))


def _ends(network: keras.Model) -> tuple[set[str], bool]:
    """Names of the last layers, which make probabilities of logits; False if there are none."""
    found = set()
    for layer in reversed(network.layers):
        activation = getattr(layer, "activation", None)
        if isinstance(layer, keras.layers.Softmax) or activation is keras.activations.softmax:
            return found | {layer.name}, True
        plain = isinstance(layer, keras.layers.Activation)
        if not plain or activation is not keras.activations.linear:
            break
        found.add(layer.name)
    return set(), False
