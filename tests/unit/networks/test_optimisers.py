"""Fused optimisers, compared with those of Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from runsieve.networks.optimisers import OPTIMISERS

KERAS = {"adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW}


def steps(kind, compiled, gradients):
    """Variables and moments after one step with each of the gradients, float32."""
    rng = np.random.default_rng(1)
    variables = [keras.Variable(rng.normal(size=shape)) for shape in ((20, 30), (30,))]
    optimiser = kind(0.01)
    optimiser.build(variables)

    def step(*found):
        optimiser.apply(list(found), variables)

    step = tf.function(step) if compiled else step
    for number, found in enumerate(gradients):
        optimiser.learning_rate = 0.01 / (1 + number)
        step(*(tf.constant(one, tf.float32) for one in found))
    return [one.numpy() for one in (*variables, *optimiser.variables)]


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", KERAS)
def test_steps_are_those_of_keras(name, compiled):
    rng = np.random.default_rng(2)
    # Of very different sizes, and for some variables 0 from the start.
    gradients = [
        (rng.normal(size=(20, 30)) * 10.0**power, np.arange(30) % 3) for power in (-9, 0, 3, -2)
    ]
    found, expected = (steps(kind, compiled, gradients) for kind in (OPTIMISERS[name], KERAS[name]))
    assert len(found) == len(expected) == 2 + 2 + 4
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-7)
