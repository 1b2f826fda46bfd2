"""Probabilities of a network, batch by batch."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from runsieve.config.pulse import BaselineSamples, Pulse
from runsieve.errors import RunsieveError
from runsieve.networks.building import Seen, build
from runsieve.networks.prediction import EVENTS, LARGE, predict
from runsieve.networks.registry import validated


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


@pytest.mark.parametrize("convolutions", [None, {"filters": [8, 16], "kernel": 8, "stride": 4}])
def test_bfloat16_agrees_with_float32(convolutions):
    """Probabilities that spread over the whole range differ by less than 0.02."""
    tower = {"scaling": {"scale": 40}}
    if convolutions is not None:
        tower |= {"view": [2, 400], "channels": "first", "convolutions": convolutions}
    network = validated(
        {"type": "network", "towers": {"waveform": tower}, "dense": {"units": [64]}}
    )
    pulse = Pulse(segments=2, baseline=BaselineSamples(samples=(0, 100)))
    shapes, classes = {"waveform": [800]}, ["signal", "background"]
    seen = Seen(shapes, {"waveform": "uint16"}, classes, pulses={"waveform": pulse})
    exact, rough = (build(network, seen, one) for one in ("float32", "mixed_bfloat16"))
    generator = np.random.default_rng(3)
    waveforms = (200 + 20 * generator.standard_normal((2000, 800))).clip(0, 4095)
    arrays, rows = {"waveform": waveforms.astype(np.uint16)}, np.arange(2000)
    *others, kernel, bias = exact.get_weights()
    score = predict(exact, arrays, rows)[:, 0].astype(float)
    logit = np.log(score / (1 - score))
    kernel, shift = 2 / logit.std() * kernel, logit.mean() / logit.std()
    exact.set_weights([*others, kernel, bias + np.array([-shift, shift])])
    rough.set_weights(exact.get_weights())
    expected, found = predict(exact, arrays, rows), predict(rough, arrays, rows)
    assert np.ptp(np.quantile(expected[:, 0], [0.05, 0.95])) > 0.3
    assert 0 < np.abs(found - expected).max() < 0.02
