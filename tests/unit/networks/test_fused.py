"""Batch normalisation in one operation, compared with that of Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from runsieve.networks.fused import Fused, with_fused

CHANNELS, BATCH = 8, 16
SHAPES = {"waveforms": (30, CHANNELS), "images": (6, 5, CHANNELS)}


def network(shape, precision="float32"):
    """One layer of normalisation with random weights."""
    values = keras.Input(shape)
    layer = keras.layers.BatchNormalization(momentum=0.9, dtype=precision)
    made = keras.Model(values, layer(values))
    rng = np.random.default_rng(1)
    layer.gamma.assign(rng.uniform(0.5, 2, CHANNELS))
    layer.beta.assign(rng.normal(size=CHANNELS))
    return made


def step(model, network, values):
    """Outputs in training, derivatives and the weights afterwards, which are put back."""
    before = network.get_weights()
    wanted = np.cos(np.arange(values.size)).reshape(values.shape)
    given = tf.constant(values, model.layers[-1].compute_dtype)
    with tf.GradientTape() as tape:
        tape.watch(given)
        outputs = tf.cast(model(given, training=True), tf.float32)
        loss = tf.reduce_sum(outputs * wanted)
    derivatives = tape.gradient(loss, [given, *model.trainable_variables])
    after = network.get_weights()
    network.set_weights(before)
    return [outputs.numpy(), *(one.numpy().astype(np.float32) for one in derivatives), *after]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 1e-4), ("mixed_bfloat16", 0.05)])
def test_values_derivatives_and_moments_are_those_of_keras(shape, precision, tolerance):
    plain = network(shape, precision)
    values = np.random.default_rng(2).normal(3, 2, (BATCH, *shape)).astype(np.float32)
    found = step(with_fused(plain), plain, values)
    expected = step(plain, plain, values)
    assert len(found) == len(expected) == 8
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * np.abs(other).max())
    moved = found[-1] != plain.get_weights()[-1]
    assert moved.all()


def test_without_training_it_is_the_layer():
    plain = network(SHAPES["images"])
    values = np.random.default_rng(3).normal(size=(BATCH, *SHAPES["images"])).astype(np.float32)
    assert np.array_equal(with_fused(plain)(values), plain(values))


def test_a_frozen_layer_keeps_its_moments():
    plain = network(SHAPES["images"])
    plain.layers[1].trainable = False
    values = np.ones((BATCH, *SHAPES["images"]), np.float32)
    before = plain.get_weights()
    with_fused(plain)(values, training=True)
    assert all(map(np.array_equal, before, plain.get_weights()))


def test_other_layers_and_all_variables_are_shared_in_their_order():
    values = keras.Input((12, 10, 1))
    ends = values
    for kernel in (3, 3):
        ends = keras.layers.Conv2D(4, kernel)(ends)
        ends = keras.layers.BatchNormalization()(ends)
    ends = keras.layers.Flatten()(ends)
    ends = keras.layers.BatchNormalization()(ends)
    plain = keras.Model(values, keras.layers.Dense(2)(ends))
    fused = with_fused(plain)
    for which in ("trainable_variables", "non_trainable_variables"):
        mine, theirs = getattr(fused, which), getattr(plain, which)
        assert [*map(id, mine)] == [*map(id, theirs)] != []
    kinds = [isinstance(layer, Fused) for layer in fused.layers]
    assert kinds == [False, False, True, False, True, False, False, False]


@pytest.mark.parametrize(
    "options", [{"axis": 1}, {"scale": False}, {"center": False}, {"renorm": True}]
)
def test_a_layer_that_does_something_else_stays(options):
    values = keras.Input((6, 5, CHANNELS))
    plain = keras.Model(values, keras.layers.BatchNormalization(**options)(values))
    assert not any(isinstance(layer, Fused) for layer in with_fused(plain).layers)
