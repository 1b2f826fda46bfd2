"""Networks of published studies have their numbers of parameters; layers do what they are named."""

import csv

import keras
import numpy as np
import pytest
import yaml

from helpers.places import ANALYSES, DATA
from runsieve.config.pulse import RAW, BaselineSamples, Pulse
from runsieve.errors import RunsieveError
from runsieve.networks.architectures.network import Network
from runsieve.networks.building import Seen, build, load_network
from runsieve.networks.scaling import Moments, RawScaling, moments_of
from runsieve.samples.pulses import pulses

TABLE = DATA / "images_architecture_scan.csv"
FIVE = BaselineSamples(samples=(0, 5))
PULSE = Pulse(segments=2, baseline=BaselineSamples(samples=(0, 2)))
IMAGE_SCAN = list(csv.DictReader(TABLE.read_text().splitlines()))


def network(units, dropout=(), **scaling):
    return Network.model_validate(
        {
            "type": "network",
            "towers": {"waveform": {"scaling": scaling}},
            "dense": {"units": list(units), "dropout": list(dropout) or 0.0},
        }
    )


def made(settings, shapes, classes=2, precision="float32", **options):
    settings = Network.model_validate({"type": "network", **settings})
    return built(settings, shapes, classes, precision, **options)


def one(settings, shape, classes=2, precision="float32", pulse=RAW):
    return built(settings, {"waveform": shape}, classes, precision, pulses={"waveform": pulse})


def built(settings, shapes, classes, precision, **options):
    names = [f"class{label}" for label in range(classes)]
    return build(
        settings, Seen(shapes, dict.fromkeys(shapes, "uint16"), names, **options), precision
    )


def fixed(model):
    return sum(int(np.prod(weight.shape)) for weight in model.non_trainable_weights)


def test_cosine_network_has_the_published_number_of_parameters():
    content = yaml.safe_load((ANALYSES / "cosine.yaml").read_text())
    settings = Network.model_validate(content["models"]["dnn"])
    model = one(settings, (8160,))
    assert model.count_params() == 7_778_306
    rates = [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.30, 0.30, 0.25, 0.25, 0.25]


def test_gbar_network_has_the_published_number_of_parameters():
    convolutions = {
        "filters": [16, 16, 32, 32],
        "kernel": 8,
        "padding": "valid",
        "normalisation": {"type": "batch"},
        "pooling": {"after": [2, 4]},
    }
    settings = {
        "towers": {"image": {"channels": "last", "convolutions": convolutions}},
        "dense": {"units": [512], "dropout": 0.5},
    }
    model = made(settings, {"image": (112, 88, 1)})
    assert (model.count_params(), fixed(model)) == (3_181_538, 192)
    assert model.get_layer("image_flatten").output.shape == (None, 5984)
    names = [layer.name for layer in model.layers]
    first = names.index("image_1_convolution")
    assert names[first + 1 : first + 3] == ["image_1_normalisation", "image_1_activation"]


@pytest.mark.parametrize(
    "row", IMAGE_SCAN, ids=lambda row: f"{row['conv_layers']}x{row['first_channels']}"
)
def test_image_networks_have_the_published_numbers_of_parameters(row):
    filters = {"start": int(row["first_channels"]), "layers": int(row["conv_layers"])}
    convolutions = {"filters": filters, "kernel": 5, "pooling": {"padding": "same"}}
    tower = {"channels": "last", "convolutions": convolutions, "dropout": float(row["dropout"])}
    model = made({"towers": {"image": tower}}, {"image": (172, 172, 3)}, classes=6)
    assert model.count_params() == int(row["parameters"])


def electron_tower(blocks, filters):
    return {
        "convolutions": {
            "filters": [filters] * blocks,
            "kernel": 3,
            "repeat": 2,
            "pooling": {"padding": "same"},
        }
    }


def counted_by_hand(blocks, filters, side, units, dense, flat=0):
    """Parameters of towers of the electron study, added up layer by layer."""
    total, values = 0, flat
    for size in side:
        channels = 1
        for _ in range(blocks):
            total += 9 * channels * filters + filters + 9 * filters * filters + filters
            channels, size = filters, -(-size // 2)
        values += size * size * filters
    for _ in range(dense):
        total += values * units + units
        values = units
    return total + values + 1


@pytest.mark.parametrize(
    ("inputs", "blocks", "filters", "dense", "units"),
    [
        (["et"], 3, 117, 2, 160),
        (["ht"], 2, 27, 2, 84),
        (["et", "ht"], 3, 47, 2, 146),
        (["et", "ht", "hl"], 3, 34, 2, 154),
        (["hl"], 0, 0, 5, 149),
        (["mass"], 0, 0, 3, 10),
        (["hl", "mass"], 0, 0, 3, 109),
    ],
)
def test_electron_networks_join_towers(inputs, blocks, filters, dense, units):
    sides, flat = {"et": 31, "ht": 32}, {"hl": 7, "mass": 1}
    shapes = {name: (sides[name],) * 2 if name in sides else (flat[name],) for name in inputs}
    towers = {name: electron_tower(blocks, filters) if name in sides else None for name in inputs}
    model = made({"towers": towers, "dense": {"units": [units] * dense}, "head": "sigmoid"}, shapes)
    expected = counted_by_hand(
        blocks,
        filters,
        [sides[name] for name in inputs if name in sides],
        units,
        dense,
        sum(flat.get(name, 0) for name in inputs),
    )
    assert model.count_params() == expected
    raw = {name: np.ones((3, *shape), np.uint16) for name, shape in shapes.items()}
    probabilities = model.predict_on_batch(raw if len(raw) > 1 else raw[inputs[0]])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_track_network_as_described():
    convolutions = {
        "filters": [32, 64],
        "kernel": [5, 3],
        "initialiser": "he_uniform",
        "pooling": {"padding": "same"},
        "normalisation": {"type": "batch", "place": "after_pooling"},
    }
    settings = {
        "towers": {"image": {"convolutions": convolutions}},
        "dense": {"units": [64, 32]},
        "head": "sigmoid",
    }
    model = made(settings, {"image": (128, 128)})
    convolved = 25 * 32 + 32 + 4 * 32 + 9 * 32 * 64 + 64 + 4 * 64
    dense = 32 * 32 * 64 * 64 + 64 + 64 * 32 + 32 + 32 + 1
    assert (model.count_params(), fixed(model)) == (convolved + dense, 2 * 32 + 2 * 64)
    names = [layer.name for layer in model.layers]
    assert names.index("image_1_pooling") + 1 == names.index("image_1_normalisation")


def test_waveforms_of_two_photomultipliers_become_two_channels():
    tower = {
        "view": [2, 6],
        "channels": "first",
        "convolutions": {"filters": [1], "kernel": 1, "pooling": None},
    }
    model = made({"towers": {"waveform": tower}}, {"waveform": (12,)})
    assert model.get_layer("waveform_channels_last").output.shape == (None, 6, 2)
    middle = keras.Model(model.inputs, model.get_layer("waveform_channels_last").output)
    raw = np.arange(12, dtype=np.uint16)[None]
    assert middle.predict_on_batch(raw)[0].T.tolist() == raw.reshape(2, 6).tolist()


def test_group_normalisation_and_the_average_of_a_filter():
    convolutions = {
        "filters": [8],
        "kernel": 3,
        "normalisation": {"type": "group", "groups": 4, "place": "after_activation"},
        "end": "average",
    }
    model = made({"towers": {"waveform": {"convolutions": convolutions}}}, {"waveform": (20,)})
    assert model.count_params() == (3 * 8 + 8) + 2 * 8 + (8 * 2 + 2)
    assert fixed(model) == 0


@pytest.mark.parametrize(
    ("settings", "shape", "words"),
    [
        ({"view": [3, 5], "convolutions": {"filters": [1], "kernel": 2}}, (12,), "view"),
        (
            {"convolutions": {"filters": [4], "kernel": 20, "padding": "valid"}},
            (12,),
            "kernel of 20",
        ),
        ({"convolutions": {"filters": [4] * 5, "kernel": 1}}, (12,), "pooling of 2"),
        ({"convolutions": {"filters": [4], "kernel": 1}}, (2, 2, 2), "one axis or two"),
        (
            {"convolutions": {"filters": [4], "kernel": 1, "normalisation": {"type": "group"}}},
            (12,),
            "4 channels cannot be divided into 8 groups",
        ),
    ],
)
def test_layers_that_do_not_fit_are_an_error(settings, shape, words):
    with pytest.raises(RunsieveError, match=words):
        made({"towers": {"waveform": settings}}, {"waveform": shape})


def test_a_sigmoid_is_for_two_classes():
    with pytest.raises(RunsieveError, match="head sigmoid is for two classes, the sample has 3"):
        made({"towers": {"a": None}, "head": "sigmoid"}, {"a": (3,)}, classes=3)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"towers": {}}, "at least 1"),
        ({"towers": {"a": {"convolutions": {"filters": [4, 8], "kernel": [3]}}}}, "1 values for 2"),
        ({"towers": {"a": {"convolutions": {"filters": [], "kernel": 3}}}}, "filters is empty"),
        (
            {
                "towers": {
                    "a": {"convolutions": {"filters": [4], "kernel": 3, "pooling": {"after": [2]}}}
                }
            },
            "names layer 2 of 1",
        ),
        ({"towers": {"a": None}, "dense": {"units": [3], "dropout": [0.1, 0.2]}}, "2 values for 1"),
    ],
)
def test_networks_that_contradict_themselves(settings, words):
    with pytest.raises(ValueError, match=words):
        Network.model_validate({"type": "network", **settings})


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_standardised_values_have_mean_0_and_deviation_1(tmp_path):
    rng = np.random.default_rng(1)
    array = rng.normal([3.0, -100.0, 7.0], [0.1, 50.0, 0.0], (5000, 3)).astype(np.float32)
    moments = moments_of(array, np.arange(0, 5000))
    np.testing.assert_allclose(moments.mean, array.mean(axis=0, dtype=float), rtol=1e-5)
    settings = {"towers": {"features": {"scaling": {"standardise": True}}}}
    model = made(settings, {"features": (3,)}, moments={"features": moments})
    scaled = np.asarray(model.get_layer("features_scaling")(array))
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(scaled.std(axis=0), [1, 1, 0], atol=1e-3)
    model.save(tmp_path / "model.keras")
    again = load_network(tmp_path / "model.keras").get_layer("features_scaling")
    np.testing.assert_array_equal(np.asarray(again(array)), scaled)
    assert isinstance(again.moments, Moments)


def test_values_are_standardised_without_their_baseline():
    level = np.random.default_rng(1).uniform(200, 3000, (400, 1))
    raw = (level - np.random.default_rng(2).exponential([3, 50, 9, 9], (400, 4))).round()
    raw = raw.astype(np.int16)
    pulse = Pulse(polarity="negative", baseline=BaselineSamples(samples=(2, 4)))
    moments = moments_of(raw, np.arange(400), pulse)
    scaled = np.asarray(RawScaling(pulse, moments=moments)(raw))
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(scaled.std(axis=0), 1, atol=1e-3)


@pytest.mark.parametrize("shape", [(12,), (2, 6), (2, 3, 2)])
@pytest.mark.parametrize("polarity", ["positive", "negative"])
@pytest.mark.parametrize("baseline", [0.0, 200.5, {"samples": [1, 4]}])
def test_scaling_subtracts_the_baseline_of_each_segment(shape, baseline, polarity):
    raw = np.random.default_rng(1).integers(0, 4096, (5, *shape), dtype=np.uint16)
    parts = raw.reshape(5, 2, 6).astype(float)
    measured = parts[:, :, 1:4].mean(axis=2, keepdims=True)
    sign = {"positive": 1, "negative": -1}[polarity]
    expected = sign * (parts - (measured if isinstance(baseline, dict) else baseline)) / 50
    pulse = {"segments": 2, "baseline": baseline, "polarity": polarity}
    scaled = RawScaling(pulse, scale=50.0)(raw)
    # The formula in NumPy is that of the features.
    features = pulses(raw.astype(np.float32), Pulse.model_validate(pulse)) / 50
    np.testing.assert_allclose(scaled, features.reshape(5, *shape), rtol=1e-6)
    assert keras.backend.standardize_dtype(scaled.dtype) == "float32"
    np.testing.assert_allclose(scaled, expected.reshape(5, *shape), atol=1e-4)


def test_scaling_alone_divides():
    raw = np.array([[1, 2, 255]], dtype=np.uint8)
    np.testing.assert_allclose(RawScaling(scale=255.0)(raw), raw / 255, rtol=1e-6)


def test_probabilities_add_up_at_half_precision_and_stay_float32():
    settings = network([4], scale=100.0)
    model = one(settings, (8,), 3, "mixed_bfloat16", PULSE)
    assert model.get_layer("dense_1").compute_dtype == "bfloat16"
    raw = np.random.default_rng(1).integers(0, 4096, (6, 8), dtype=np.uint16)
    probabilities = model.predict_on_batch(raw)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_a_saved_network_gives_the_same_probabilities(tmp_path):
    model = one(network([4, 3], [0.5, 0.0], scale=7.0), (8,), pulse=PULSE)
    raw = np.random.default_rng(1).integers(0, 4096, (6, 8), dtype=np.uint16)
    model.save(tmp_path / "model.keras")
    again = load_network(tmp_path / "model.keras")
    np.testing.assert_array_equal(model.predict_on_batch(raw), again.predict_on_batch(raw))


def test_scaling_that_does_not_fit_the_input_is_an_error():
    with pytest.raises(RunsieveError, match=r"3 equal segments expected, found the shape \[8\]"):
        one(network([4]), (8,), pulse=Pulse(segments=3, baseline=1.0))
    with pytest.raises(RunsieveError, match="2 equal segments of at least 5 values expected"):
        one(network([4]), (8,), pulse=PULSE.model_copy(update={"baseline": FIVE}))
