"""Attributions of networks of which it is known what they can look at."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from helpers.known_answers import (
    BASELINE,
    CONVOLUTIONS,
    QUADRANT,
    SAMPLES,
    SIDE,
    WINDOW,
    accuracy,
    images,
    trained,
    waveforms,
)
from runsieve.calibrators import Calibrator
from runsieve.networks import rectifiers
from runsieve.networks.attributions.integrated_gradients import difference, error_of
from runsieve.networks.building import Seen, build
from runsieve.networks.calibration import calibrated
from runsieve.networks.convolved import places, spread
from runsieve.networks.explained import explained
from runsieve.networks.explanation import explain
from runsieve.networks.feature_maps import feature_maps
from runsieve.networks.methods import METHODS
from runsieve.networks.randomisation import correlation, randomisation_table
from runsieve.networks.registry import validated
from runsieve.networks.scaling import Moments

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

TOWERS = {"dense": {}, "convolutions": {"convolutions": CONVOLUTIONS}}
EVENTS = 60


@pytest.fixture(scope="module", params=TOWERS)
def of_waveforms(request):
    """A network that can only look at samples 100 to 139, and events to explain."""
    values, labels = waveforms(1500, 1)
    tower = {"scaling": {"scale": 10}} | TOWERS[request.param]
    return trained(values, labels, tower, BASELINE), *waveforms(EVENTS, 2)


@pytest.fixture(scope="module")
def of_images():
    """A network that can only look at the first quadrant, and events to explain."""
    values, labels = images(1500, 1)
    tower = {"convolutions": CONVOLUTIONS | {"kernel": 3, "pooling": None, "end": "average"}}
    return trained(values, labels, tower, name="image", epochs=6), *images(EVENTS, 2)


def share(attributions: np.ndarray, inside: np.ndarray) -> float:
    """Fraction of the absolute attributions (events, *shape) that is inside of a mask."""
    mean = np.abs(attributions).mean(axis=0)
    return float(mean[inside].sum() / mean.sum())


def shares(network, name, values, labels, inside) -> dict[str, float]:
    seen = explained(network)
    scaled = seen.scaled({name: values})
    return {
        method: share(module.attribute(seen, scaled, labels)[name], inside)
        for method, module in METHODS.items()
        if module.obstacle(seen, name) is None
    }


def test_only_these_samples_matter(of_waveforms):
    network, values, labels = of_waveforms
    assert accuracy(network, values, labels) > 0.95
    inside = np.zeros(SAMPLES, bool)
    inside[WINDOW] = True
    found = shares(network, "waveform", values, labels, inside)
    assert found["integrated_gradients"] > 0.9
    # Noise could change the decision as well, if there were more of it: that is what others show.
    assert found["gradient"] > 1.5 * inside.mean()


def test_only_one_quadrant_matters(of_images):
    network, values, labels = of_images
    assert accuracy(network, values, labels) > 0.95
    inside = np.zeros((SIDE, SIDE), bool)
    inside[QUADRANT, QUADRANT] = True
    found = shares(network, "image", values, labels, inside)
    assert found["integrated_gradients"] > 0.9
    # Its weights are those of the whole map, as the average at the end of this network has them.
    assert found["grad_cam"] > 0.85
    assert found["gradient"] > inside.mean()


def test_integrated_gradients_are_complete(of_waveforms):
    network, values, labels = of_waveforms
    seen = explained(network)
    scaled = seen.scaled({"waveform": values})
    attribute = METHODS["integrated_gradients"].attribute
    wanted = difference(seen, scaled, labels)
    own, other = np.log(network.predict_on_batch(values).astype(float))[
        np.arange(EVENTS), [labels, 1 - labels]
    ]
    flat = np.full((1, SAMPLES), 200, np.float32)
    empty = np.log(network.predict_on_batch(flat).astype(float))[0]
    # Of two classes the probability of the other has digits where 1 - p has none.
    logit = own - other - (empty[labels] - empty[1 - labels])
    np.testing.assert_allclose(wanted, logit, atol=0.02)
    for tolerance in (0.1, 0.01, 0.003):
        finer = replace(seen, tolerance=tolerance)
        found = attribute(finer, scaled, labels)
        assert error_of(found, wanted).max() <= 1.01 * tolerance
        assert found["waveform"].shape == values.shape


def test_the_gradient_is_that_of_the_log_odds():
    values, labels = images(300, 1)
    # Without corners, a difference is a derivative.
    smooth = {"convolutions": CONVOLUTIONS | {"kernel": 3, "activation": "tanh"}}
    dense = {"units": [16], "activation": "tanh"}
    network = trained(values, labels, smooth, name="image", epochs=1, dense=dense)
    seen = explained(network)
    found = METHODS["gradient"].attribute(seen, {"image": values[:3]}, labels[:3])["image"]
    for row, column in ((4, 5), (9, 9)):
        step = np.zeros_like(values[:3])
        step[:, row, column] = 0.01
        after, before = (
            seen.all_log_odds({"image": values[:3] + sign * step}, labels[:3]) for sign in (1, -1)
        )
        slope = (after - before) / 0.02
        np.testing.assert_allclose(slope, found[:, row, column], rtol=0.01, atol=1e-4)


def test_new_weights_change_integrated_gradients(of_waveforms):
    network, values, labels = of_waveforms
    seen = explained(network)
    scaled = {name: one[:10] for name, one in seen.scaled({"waveform": values}).items()}
    found = {
        method: METHODS[method].attribute(seen, scaled, labels[:10])
        for method in ("integrated_gradients", "guided_backpropagation")
    }
    table = randomisation_table(seen, scaled, labels[:10], found)
    last = table[table["layers"] == "all"].set_index("method")["correlation"]
    assert abs(last["integrated_gradients"]) < 0.3


def test_rank_correlation():
    values = np.random.default_rng(0).normal(size=(5, 40))
    assert correlation(values, values**3) == pytest.approx(1)
    assert correlation(values, -values) == pytest.approx(-1)
    assert np.isnan(correlation(values[:, :4], values[:, :4]))
    assert np.isnan(correlation(values, np.zeros_like(values)))


def test_rectifiers_let_a_changed_signal_back():
    import tensorflow as tf

    values = tf.constant([-1.0, 2.0, 3.0, -4.0])
    signal = tf.constant([1.0, -1.0, 1.0, -1.0])
    expected = {rectifiers.guided: [0, 0, 1, 0], rectifiers.deconvolved: [1, 0, 1, 0]}
    for function, back in expected.items():
        with tf.GradientTape() as tape:
            tape.watch(values)
            found = function(values)
        assert found.numpy().tolist() == [0, 2, 3, 0]
        assert tape.gradient(found, values, signal).numpy().tolist() == back


def test_positions_of_channels_that_come_first():
    towers = {
        "waveform": {
            "view": [2, 8],
            "channels": "first",
            "convolutions": {"filters": [3], "kernel": 3},
        }
    }
    seen = Seen({"waveform": (16,)}, {"waveform": "float32"}, ["a", "b"])
    network = explained(build(validated({"type": "network", "towers": towers}), seen))
    found = places(network.model, "waveform")
    assert found.tolist() == [[index, index + 8] for index in range(8)]
    cam = METHODS["grad_cam"].attribute(
        network, {"waveform": np.ones((2, 16), np.float32)}, np.array([0, 1])
    )["waveform"]
    np.testing.assert_array_equal(cam[:, :8], cam[:, 8:])


def test_maps_are_interpolated_between_their_middles():
    found = spread(np.array([[0.0, 4.0]]), [4])
    assert found.tolist() == [[0, 1, 3, 4]]
    assert spread(np.ones((1, 2, 3)), [4, 6]).shape == (1, 4, 6)


def test_several_inputs_and_a_pedestal():
    shapes = {"waveform": (32,), "image": (8, 8), "numbers": (2,)}
    towers = {
        "waveform": {"convolutions": {"filters": [4], "kernel": 3}},
        "image": {"convolutions": {"filters": [4], "kernel": 3}},
        "numbers": {"scaling": {"standardise": True}},
    }
    moments = {"numbers": Moments(np.array([5.0, 1.0]), np.array([2.0, 1.0]))}
    settings = validated({"type": "network", "towers": towers, "dense": {"units": [8]}})
    keras.utils.set_random_seed(3)
    made = build(settings, Seen(shapes, dict.fromkeys(shapes, "float32"), ["a", "b", "c"], moments))
    rng = np.random.default_rng(1)
    raw = {name: rng.normal(1, 1, (12, *shape)).astype("f") for name, shape in shapes.items()}
    labels = np.arange(12) % 3
    found = explain(explained(made, ["numbers"]), raw, labels, [0, 1])
    assert found.completeness()["integrated_gradients"]["fraction_within"] == 1
    for one in found.attributions["integrated_gradients"].items():
        assert one[1].shape == raw[one[0]].shape
    assert set(found.attributions["grad_cam"]) == {"waveform", "image"}
    assert found.obstacles == {"grad_cam": {"numbers": found.obstacles["grad_cam"]["numbers"]}}
    assert set(found.maps["waveform"]) == {"waveform_1_convolution"}
    assert found.maps["image"]["image_1_convolution"].shape == (2, 8, 8, 4)
    assert explained(made).baselines()["numbers"].tolist() == [[-2.5, -1]]
    assert explained(made, ["numbers"]).baselines()["numbers"].tolist() == [[0, 0]]


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_log_odds_of_any_head(head, precision):
    settings = {"type": "network", "towers": {"a": {}}, "head": head, "dense": {"units": [5]}}
    seen = Seen({"a": (6,)}, {"a": "float32"}, ["x", "y"])
    made = build(validated(settings), seen, precision)
    values = np.random.default_rng(1).normal(size=(20, 6)).astype(np.float32)
    labels = np.arange(20) % 2
    network = explained(calibrated(made, Calibrator("temperature", [np.array([2.0])])))
    own = made.predict_on_batch(values)[np.arange(20), labels]
    wanted = np.log(own / (1 - own))
    loose = 0.05 if precision != "float32" else 1e-4
    np.testing.assert_allclose(network.all_log_odds({"a": values}, labels), wanted, atol=loose)
    assert network.of_logits


def test_a_network_of_the_user():
    raw = keras.Input((20,), dtype="uint16", name="counts")
    values = keras.layers.Rescaling(0.1, dtype="float32")(raw)
    values = keras.layers.Reshape((20, 1))(values)
    values = keras.layers.Conv1D(4, 3, activation="relu", padding="same")(values)
    values = keras.layers.ReLU()(keras.layers.Conv1D(4, 3, padding="same")(values))
    values = keras.layers.Flatten()(values)
    odds = keras.layers.Dense(1, activation="sigmoid")(values)
    ends = {
        True: keras.layers.Dense(2, activation="softmax")(values),
        False: keras.layers.Concatenate()([odds, 1 - odds]),
    }
    counts = np.random.default_rng(1).integers(0, 40, (10, 20)).astype(np.uint16)
    labels = np.arange(10) % 2
    for of_logits, end in ends.items():
        last = keras.layers.Activation("linear", name="runsieve_probabilities")(end)
        made = keras.Model(raw, last)
        network = explained(made)
        assert network.of_logits == of_logits
        found = explain(network, {"counts": counts}, labels, [0])
        assert set(found.attributions) == set(METHODS)
        own = made.predict_on_batch(counts)[np.arange(10), labels]
        odds_found = network.all_log_odds(network.scaled({"counts": counts}), labels)
        np.testing.assert_allclose(odds_found, np.log(own / (1 - own)), atol=0.001)


def test_what_a_method_cannot_do_is_said():
    settings = {"type": "network", "towers": {"a": {}}, "dense": {"activation": "tanh"}}
    settings["dense"]["units"] = [4]
    made = build(validated(settings), Seen({"a": (20,)}, {"a": "float32"}, ["x", "y"]))
    values = np.random.default_rng(1).normal(size=(4, 20)).astype(np.float32)
    found = explain(explained(made), {"a": values}, np.array([0, 1, 0, 1]), [0])
    assert set(found.attributions) == {"gradient", "integrated_gradients"}
    assert found.obstacles["deconvolution"] == {"a": "the network has no ReLU"}
    assert found.obstacles["grad_cam"] == {"a": "no convolution sees this input alone"}
    assert found.maps == {"a": {}}


def test_the_strongest_maps_come_first(of_images):
    network, values, _ = of_images
    maps = feature_maps(explained(network), {"image": values[:4]})["image"]
    assert list(maps) == ["image_1_convolution", "image_2_convolution"]
    for one in maps.values():
        spreads = one.reshape(-1, one.shape[-1]).std(axis=0)
        assert (np.diff(spreads) <= 0).all()
