"""Residual networks along one axis and two: shapes, shortcuts, numbers of parameters, learning."""

import keras
import numpy as np
import pytest
from pydantic import ValidationError

from helpers.samples import labelled_events
from runsieve.errors import RunsieveError
from runsieve.networks.building import Seen, build, load_network
from runsieve.networks.prediction import predict
from runsieve.networks.registry import validated
from runsieve.networks.training import train
from runsieve.samples.sample_files import FitSample

CLASSES = ["signal", "background"]


def settings(stages, tower=None, **more):
    towers = {"image": {"stages": stages, **(tower or {})}}
    return {"type": "residual", "towers": towers, **more}


def made(shape, stages, tower=None, precision="float32", **more):
    seen = Seen({"image": shape}, {"image": "uint16"}, more.pop("classes", CLASSES))
    return build(validated(settings(stages, tower, **more)), seen, precision)


def shape_of(network, layer):
    return network.get_layer(layer).output.shape[1:]


def names(network, ending):
    return [layer.name for layer in network.layers if layer.name.endswith(ending)]


@pytest.mark.parametrize(
    ("shape", "first", "second", "third"),
    [((64,), (64, 4), (32, 8), (16, 8)), ((12, 9), (12, 9, 4), (6, 5, 8), (3, 3, 8))],
    ids=["1-D", "2-D"],
)
def test_each_stage_but_the_first_halves_the_resolution(shape, first, second, third):
    network = made(shape, {"filters": [4, 8, 8], "blocks": 2})
    for stage, expected in enumerate((first, second, third), start=1):
        for block in (1, 2):
            assert shape_of(network, f"image_{stage}_{block}_sum") == expected
    assert shape_of(network, "image_average") == (8,)
    assert network.output_shape == (None, 2)
    kind = keras.layers.Conv1D if len(shape) == 1 else keras.layers.Conv2D
    assert isinstance(network.get_layer("image_first_convolution"), kind)


def test_a_shortcut_is_a_projection_only_where_shapes_differ():
    network = made((64,), {"filters": [4, 8, 8], "blocks": 2})
    # The second stage has other filters, the third another resolution.
    assert names(network, "_shortcut_convolution") == [
        "image_2_1_shortcut_convolution",
        "image_3_1_shortcut_convolution",
    ]
    projection = network.get_layer("image_2_1_shortcut_convolution")
    assert projection.kernel_size == (1,)
    assert projection.strides == (2,)
    assert projection.filters == 8
    assert not projection.use_bias


def test_no_projection_where_stages_are_alike():
    network = made((64,), {"filters": [4, 4], "stride": 1})
    assert names(network, "_shortcut_convolution") == []
    wider = made((64,), {"filters": [4, 6], "stride": 1, "blocks": 1})
    assert names(wider, "_shortcut_convolution") == ["image_2_1_shortcut_convolution"]
    assert shape_of(wider, "image_2_1_sum") == (64, 6)


def test_a_shortcut_leads_around_both_convolutions():
    """With convolutions of zeros a block gives back what it takes."""
    network = made((16,), {"filters": [3], "blocks": 1})
    second = network.get_layer("image_1_1_2_convolution")
    second.set_weights([np.zeros_like(weight) for weight in second.get_weights()])
    outputs = [
        network.get_layer(f"image_{name}").output for name in ("first_convolution", "1_1_sum")
    ]
    before, after = keras.Model(network.inputs, outputs).predict_on_batch(
        np.random.default_rng(1).integers(0, 9, (4, 16)).astype(np.uint16)
    )
    np.testing.assert_array_equal(before, after)
    assert np.ptp(before) > 0


def test_normalisation_and_activation_come_before_each_convolution():
    network = made((16,), {"filters": [3], "blocks": 1, "activation": "elu", "momentum": 0.8})
    order = [layer.name.removeprefix("image_") for layer in network.layers]
    assert order[order.index("first_convolution") : order.index("average") + 1] == [
        "first_convolution",
        "1_1_1_normalisation", "1_1_1_activation", "1_1_1_convolution",
        "1_1_2_normalisation", "1_1_2_activation", "1_1_2_convolution",
        "1_1_sum", "end_normalisation", "end_activation", "average",
    ]  # fmt: skip
    assert network.get_layer("image_end_normalisation").momentum == 0.8
    assert network.get_layer("image_end_activation").activation is keras.activations.elu


def parameters(shape, filters, blocks, kernel, channels, classes):
    """Parameters of a residual tower and its head, added up layer by layer."""
    axes = len(shape)
    total = kernel**axes * channels * filters[0]
    before = filters[0]
    for stage, size in enumerate(filters):
        for block in range(blocks):
            if size != before or (stage > 0 and block == 0):
                total += before * size
            total += 4 * before + kernel**axes * before * size
            total += 4 * size + kernel**axes * size * size
            before = size
    return total + 4 * before + before * classes + classes


@pytest.mark.parametrize(
    ("shape", "tower", "filters", "blocks", "kernel", "channels"),
    [
        ((64,), {}, [4, 8, 16], 2, 5, 1),
        ((20, 20), {}, [4, 4, 8], 1, 3, 1),
        ((20, 20, 3), {"channels": "last"}, [6, 12], 3, 3, 3),
        ((64,), {"view": [2, 32], "channels": "first"}, [5], 2, 3, 2),
    ],
)
def test_the_number_of_parameters(shape, tower, filters, blocks, kernel, channels):
    stages = {"filters": filters, "blocks": blocks, "kernel": kernel}
    network = made(shape, stages, tower, classes=["a", "b", "c"])
    axes = (0,) * (1 if len(shape) == 1 else 2)
    assert network.count_params() == parameters(axes, filters, blocks, kernel, channels, 3)


def test_towers_are_joined_and_followed_by_dense_layers():
    config = settings({"filters": [4], "blocks": 1}, {"dropout": 0.2}, dense={"units": [7]})
    config["towers"]["wave"] = {"stages": {"filters": [3], "blocks": 1, "first_stride": 4}}
    seen = Seen({"image": (8, 8), "wave": (32,)}, {"image": "uint8", "wave": "uint16"}, CLASSES)
    network = build(validated(config | {"head": "sigmoid"}), seen)
    assert shape_of(network, "joined") == (7,)
    assert shape_of(network, "wave_first_convolution") == (8, 3)
    assert network.get_layer("image_dropout").rate == 0.2
    raw = {"image": np.ones((3, 8, 8), np.uint8), "wave": np.ones((3, 32), np.uint16)}
    np.testing.assert_allclose(network.predict_on_batch(raw).sum(axis=1), 1, rtol=1e-5)


def test_probabilities_stay_float32_at_half_precision():
    network = made((32,), {"filters": [4, 8]}, precision="mixed_bfloat16")
    assert network.get_layer("image_2_1_1_convolution").compute_dtype == "bfloat16"
    assert network.get_layer("image_2_1_shortcut_convolution").compute_dtype == "bfloat16"
    raw = np.random.default_rng(1).integers(0, 4096, (6, 32), dtype=np.uint16)
    probabilities = network.predict_on_batch(raw)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_layers_that_do_not_fit_are_an_error():
    with pytest.raises(RunsieveError, match="one axis or two"):
        made((4, 4, 4), {"filters": [4]})
    with pytest.raises(RunsieveError, match=r"towers\.image\.view \[3, 5\] does not match the 12"):
        made((12,), {"filters": [4]}, {"view": [3, 5]})
    with pytest.raises(RunsieveError, match="head sigmoid is for two classes, the sample has 3"):
        made((12,), {"filters": [4]}, head="sigmoid", classes=["a", "b", "c"])


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ({"filters": []}, "at least 1"),
        ({}, "Field required"),
        ({"filters": [4], "depth": 2}, "depth"),
    ],
)
def test_stages_that_make_no_network(stages, words):
    with pytest.raises(ValidationError, match=words):
        validated(settings(stages))


def sample(shape, count=360):
    """A signal has a bright bar somewhere in its noise, a background event has none."""
    rng = np.random.default_rng(5)
    label = rng.integers(0, 2, count)
    array = rng.integers(0, 20, (count, *shape)).astype(np.uint16)
    for event in np.flatnonzero(label == 0):
        start = rng.integers(0, shape[0] - 4)
        array[event, start : start + 4] += 20
    events = labelled_events(label, CLASSES)
    return FitSample(events, {"image": array}, CLASSES)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
@pytest.mark.parametrize("shape", [(32,), (10, 10)], ids=["1-D", "2-D"])
def test_a_small_network_learns_and_is_found_again_in_its_file(shape, tmp_path):
    config = settings(
        {"filters": [4, 8], "blocks": 1, "momentum": 0.5},
        {"scaling": {"standardise": True}},
        training={"epochs": 6, "batch_size": 24, "learning_rate": 0.01, "precision": "float32"},
    )
    fitted_to = sample(shape)
    trained = train(validated(config), fitted_to, 1)
    assert trained.history["val_accuracy"].iloc[trained.kept_epoch - 1] > 0.95
    trained.network.save(tmp_path / "model.keras")
    again = load_network(tmp_path / "model.keras")
    rows = np.arange(20)
    np.testing.assert_array_equal(
        predict(again, fitted_to.arrays, rows), predict(trained.network, fitted_to.arrays, rows)
    )
