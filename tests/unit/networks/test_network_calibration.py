"""A calibration is the last layer of a saved network, and training and diagnoses ignore it."""

import keras
import numpy as np
import pytest

from helpers.samples import labelled_events
from runsieve.calibrators import Calibrator, fit_calibrator
from runsieve.config.report import Report
from runsieve.networks import checkpoints
from runsieve.networks.building import load_network
from runsieve.networks.calibration import calibrated, uncalibrated
from runsieve.networks.observations import observe, read_training
from runsieve.networks.prediction import predict
from runsieve.networks.registry import validated
from runsieve.networks.training import train
from runsieve.samples.sample_files import FitSample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

METHODS = ["temperature", "isotonic"]
NAMES = ["a", "b", "c"]


def config(calibration="none", **training):
    scaling = {"scaling": {"scale": 2.0}}
    return validated(
        {
            "type": "network",
            "calibration": calibration,
            "towers": {"one": scaling, "two": scaling},
            "dense": {"units": [6], "normalisation": {"type": "batch", "momentum": 0.9}},
            "training": {"epochs": 2, "batch_size": 32, "precision": "float32", **training},
        }
    )


def sample(classes=2, count=240):
    rng = np.random.default_rng(1)
    label = np.arange(count) // 3 % classes
    arrays = {
        name: (rng.normal(0, 1, (count, 4)) + label[:, None]).astype(np.float32)
        for name in ("one", "two")
    }
    names = NAMES[:classes]
    return FitSample(labelled_events(label, names), arrays, names)


def saved(folder, trained):
    paths = [folder / name for name in ("model.keras", "last.npz", "history.csv", "facts.json")]
    trained.save(*paths)
    return paths


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_a_saved_network_is_calibrated_and_its_training_is_found_again(tmp_path, method, classes):
    data = sample(classes)
    rows, validation = data.events["row"].to_numpy(), data.split("validation")
    plain = train(config(), data, 1)
    trained = train(config(method), data, 1)
    model, *rest = saved(tmp_path, trained)

    probability = predict(plain.network, data.arrays, rows)
    expected = fit_calibrator(
        method,
        predict(plain.network, data.arrays, validation["row"].to_numpy()),
        validation["label"].to_numpy(),
        validation["weight"].to_numpy(),
    )(probability)
    found = predict(load_network(model), data.arrays, rows)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert not np.allclose(found, probability, atol=0.01)

    finished = read_training(model, *rest)
    np.testing.assert_array_equal(predict(finished.network, data.arrays, rows), probability)
    for one, two in zip(finished.last, plain.last, strict=True):
        np.testing.assert_array_equal(one, two)
    finished.network.set_weights(finished.last)  # as many, and of the same shapes
    seen = observe(finished, config(method), data, 1, Report(variable=None))
    assert seen.last is not None and seen.recomputed is not None


def test_none_adds_no_layer():
    trained = train(config(), sample(), 1)
    assert trained.network.layers[-1].name == "probabilities"
    assert uncalibrated(trained.network) is trained.network


def test_an_interrupted_training_goes_on_with_another_calibration(tmp_path, monkeypatch):
    """The calibration is fitted afterwards, so the state of the training does not depend on it."""
    keys = []

    def key_of(*arguments):
        keys.append(original(*arguments))
        return keys[-1]

    original = checkpoints.training_key
    monkeypatch.setattr("runsieve.networks.training.training_key", key_of)
    state = tmp_path / "resume.npz"
    whole = train(config("temperature"), sample(), 1, state)
    resumed = train(config("isotonic"), sample(), 1, state)
    assert keys[0] == keys[1]
    assert len(resumed.history) == len(whole.history)
    for one, two in zip(
        uncalibrated(resumed.network).get_weights(),
        uncalibrated(whole.network).get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(one, two)


def identity(classes):
    values = keras.Input((classes,), name="values")
    return keras.Model(values, keras.layers.Activation("linear", dtype="float32")(values))


def certain(classes):
    """Certain, equal and random probabilities."""
    rng = np.random.default_rng(4)
    random = rng.dirichlet(np.full(classes, 0.3), 60)
    return np.concatenate([np.eye(classes), np.full((1, classes), 1 / classes), random]).astype(
        np.float32
    )


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_the_layer_computes_what_the_calibrator_does(method, classes):
    values = certain(classes)
    rng = np.random.default_rng(5)
    label = rng.integers(0, classes, len(values))
    calibrator = fit_calibrator(method, values, label, rng.uniform(0.5, 2, len(values)))
    network = calibrated(identity(classes), calibrator)
    found = network.predict_on_batch(values)
    np.testing.assert_allclose(found, calibrator(values.astype(float)), atol=2e-5)
    assert not network.layers[-1].trainable_weights


def test_outside_of_its_knots_a_map_is_constant():
    knots = [np.array([0.3, 0.5, 0.6]), np.array([0.1, 0.2, 0.8])]
    network = calibrated(identity(2), Calibrator("isotonic", knots))
    first = np.array([0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 1.0], np.float32)
    found = network.predict_on_batch(np.column_stack([first, 1 - first]))
    expected = [0.1, 0.1, 0.15, 0.2, 0.5, 0.8, 0.8]
    np.testing.assert_allclose(found[:, 0], expected, atol=1e-6)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
