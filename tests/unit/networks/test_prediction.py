"""Probabilities of a network, batch by batch."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from runsieve.errors import RunsieveError
from runsieve.networks.prediction import EVENTS, LARGE, predict


def test_predict_keeps_the_order_of_the_rows():
    taken = SimpleNamespace(name="waveform", shape=(None, 1))
    echo = SimpleNamespace(
        inputs=[taken], output_shape=(None, 1), predict_on_batch=lambda batch: batch
    )
    arrays = {"waveform": np.arange(1000, dtype=np.uint16)[:, None]}
    rows = np.random.default_rng(1).integers(0, 1000, 2 * EVENTS + 5)
    np.testing.assert_array_equal(predict(echo, arrays, rows)[:, 0], rows)


@pytest.mark.parametrize("shape", [(600,), (LARGE // 40 + 1, 40)], ids=["small", "large"])
def test_no_bit_depends_on_the_events_that_are_scored_with_an_event(shape):
    raw = keras.Input(shape, dtype="uint16", name="waveform")
    values = keras.ops.cast(raw, "float32") / 100.0
    values = values if len(shape) > 1 else keras.layers.Reshape((600, 1))(values)
    values = keras.layers.Conv1D(6, 9, strides=3, activation="relu")(values)
    values = keras.layers.Dense(20, activation="tanh")(keras.layers.Flatten()(values))
    network = keras.Model(raw, keras.layers.Dense(3, activation="softmax")(values))
    generator = np.random.default_rng(2)
    number = 500 if len(shape) == 1 else 60
    arrays = {"waveform": generator.integers(0, 4096, (number, *shape)).astype(np.uint16)}
    together = predict(network, arrays, np.arange(number))
    mixed = generator.permutation(number)
    np.testing.assert_array_equal(predict(network, arrays, mixed), together[mixed])
    few = mixed[:7]
    np.testing.assert_array_equal(predict(network, arrays, few), together[few])


def test_predict_refuses_events_of_another_shape():
    taken = SimpleNamespace(name="waveform", shape=(None, 8160))
    network = SimpleNamespace(inputs=[taken], output_shape=(None, 2))
    with pytest.raises(RunsieveError, match=r"\(8160,\).*\(4080,\)"):
        predict(network, {"waveform": np.zeros((2, 4080))}, np.arange(2))
