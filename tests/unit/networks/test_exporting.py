"""A network as ONNX gives what Keras gives, or is not written."""

import json
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import onnx
import pandas as pd
import pytest

import export_network as export_network_script
from runsieve.calibrators import Calibrator
from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError
from runsieve.networks import exporting
from runsieve.networks.building import Seen, build
from runsieve.networks.calibration import calibrated
from runsieve.networks.conversion import converted, opened
from runsieve.networks.exporting import export, flat, run
from runsieve.networks.metadata import add_about, signature
from runsieve.networks.registry import validated
from runsieve.networks.scaling import Moments
from runsieve.networks.single_precision import in_single_precision

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

EVENTS = 150
RANDOM = np.random.default_rng(1)
WAVEFORM = RANDOM.integers(7900, 8300, (EVENTS, 64)).astype(np.uint16)
IMAGE = RANDOM.integers(0, 256, (EVENTS, 13, 10)).astype(np.uint8)
COLOURS = RANDOM.integers(0, 256, (EVENTS, 8, 9, 3)).astype(np.uint8)
NUMBERS = RANDOM.normal(3, 2, (EVENTS, 3)).astype(np.float32)
ARRAYS = {"waveform": WAVEFORM, "image": IMAGE, "colours": COLOURS, "numbers": NUMBERS}
TABLE = pd.DataFrame({"row": np.arange(EVENTS), "split": ["train"] + ["test"] * (EVENTS - 1)})
PULSE = {"segments": 2, "baseline": {"samples": [0, 8]}, "polarity": "negative"}
MOMENTS = Moments(NUMBERS.mean(axis=0), NUMBERS.std(axis=0))
CLASSES = ["signal", "background", "other"]
CONVOLUTIONS = {"filters": [4, 6], "kernel": 3}
STAGES = {"filters": [4, 8], "blocks": 1, "first_stride": 2}
ISOTONIC = [np.array([0.1, 0.4, 0.8]), np.array([0.0, 0.3, 0.9])]


def tower(scale=100.0, **settings):
    return {"scaling": {"scale": scale}, **settings}


def convolutions(scale=100.0, **settings):
    return tower(scale, convolutions=CONVOLUTIONS | settings)


def network(towers, classes=2, precision="float32", calibrator=None, arrays=ARRAYS, **settings):
    """A network with weights that change each of its values."""
    kind = "residual" if any("stages" in one for one in towers.values()) else "network"
    values = {"type": kind, "towers": towers, "dense": {"units": [6]}} | settings
    seen = Seen(
        {name: arrays[name].shape[1:] for name in towers},
        {name: str(arrays[name].dtype) for name in towers},
        CLASSES[:classes],
        {"numbers": MOMENTS},
        {"waveform": Pulse.model_validate(PULSE)},
    )
    keras.utils.set_random_seed(3)
    made = build(validated(values), seen, precision)
    for layer in made.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_mean.assign(RANDOM.normal(0, 0.3, layer.moving_mean.shape))
    return made if calibrator is None else calibrated(made, calibrator)


NUMERIC = {"numbers": {"scaling": {"standardise": True}}}
NETWORKS = {
    "dense": {"towers": {"waveform": tower()}},
    "1-D": {"towers": {"waveform": convolutions(normalisation={"type": "batch"})}},
    "1-D, strides, average": {
        "towers": {
            "waveform": convolutions(
                stride=2, pooling={"type": "average", "padding": "same", "size": 3}, end="max"
            )
        }
    },
    "2-D": {"towers": {"image": convolutions(repeat=2, end="average")}},
    "2-D, groups, gelu": {
        "towers": {
            "image": convolutions(
                activation="gelu",
                normalisation={"type": "group", "groups": 2, "place": "after_pooling"},
            )
        }
    },
    "view, channels first": {
        "towers": {"waveform": convolutions() | {"view": [2, 32], "channels": "first"}}
    },
    "colours": {"towers": {"colours": convolutions() | {"channels": "last"}}},
    "residual 1-D": {"towers": {"waveform": tower(stages=STAGES | {"activation": "silu"})}},
    "residual 2-D": {"towers": {"image": tower(stages=STAGES | {"activation": "elu"})}},
    "sigmoid": {"towers": {"waveform": tower()}, "head": "sigmoid"},
    "several inputs": {"towers": {"waveform": convolutions(), "image": tower()} | NUMERIC},
    "temperature": {
        "towers": NUMERIC,
        "classes": 3,
        "calibrator": Calibrator("temperature", [np.array([1.7])]),
    },
    "isotonic": {"towers": NUMERIC, "calibrator": Calibrator("isotonic", ISOTONIC)},
    "isotonic, three": {
        "towers": NUMERIC,
        "classes": 3,
        "calibrator": Calibrator("isotonic", ISOTONIC * 3),
    },
    "half precision": {
        "towers": {"waveform": convolutions()} | NUMERIC,
        "precision": "mixed_bfloat16",
    },
}


def exported(made, folder, arrays=ARRAYS, **facts):
    path = folder / "model.keras"
    made.save(path)
    add_about(path, {"classes": CLASSES[: made.output_shape[-1]], "seed": 2})
    seen = {one.name: arrays[one.name] for one in made.inputs}
    return export(path, [], TABLE, seen, signature(path) | facts, folder / "model.onnx")


@pytest.mark.parametrize("name", NETWORKS)
def test_every_architecture_as_onnx(tmp_path, name):
    made = network(**NETWORKS[name])
    report = exported(made, tmp_path)
    assert report["events_compared"] == EVENTS - 1
    assert 0 <= max(report["differences"].values()) < 1e-5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.keras", "model.onnx"]

    session = opened((tmp_path / "model.onnx").read_bytes())
    seen = {one.name: ARRAYS[one.name] for one in made.inputs}
    types = {"uint8": "uint8", "uint16": "uint16", "float32": "float"}
    assert {one.name: (one.type, one.shape) for one in session.get_inputs()} == {
        key: (f"tensor({types[str(one.dtype)]})", ["events", *one.shape[1:]])
        for key, one in seen.items()
    }
    assert session.get_outputs()[0].name == "probabilities"
    found = run(session, seen, np.arange(EVENTS))["probabilities"]
    values = seen if len(seen) > 1 else next(iter(seen.values()))
    half = "precision" in NETWORKS[name]
    np.testing.assert_allclose(
        found, made.predict_on_batch(values), rtol=0, atol=0.03 if half else 1e-5
    )
    assert np.ptp(found[:, 0]) > 0.001
    if half:
        assert 1e-5 < report["difference_from_scores"] < 0.03
    single = session.run(["probabilities"], {key: one[7:8] for key, one in seen.items()})[0]
    np.testing.assert_allclose(single, found[7:8], rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", ["i1", "i2", "u4", "i4", "i8", "f8", "f2", "?"])
def test_inputs_keep_the_type_of_raw_values(kind):
    arrays = {"numbers": RANDOM.integers(0, 2, (4, 3)).astype(kind)}
    made = network({"numbers": {}}, arrays=arrays)
    session = opened(converted(in_single_precision(made)).SerializeToString())
    names = {"i1": "int8", "i2": "int16", "u4": "uint32", "i4": "int32", "i8": "int64"}
    names |= {"f8": "double", "f2": "float16", "?": "bool"}
    assert session.get_inputs()[0].type == f"tensor({names[kind]})"
    found = session.run(["probabilities"], arrays)[0]
    np.testing.assert_allclose(found, made.predict_on_batch(arrays["numbers"]), rtol=0, atol=1e-5)


def test_a_steep_calibration_is_compared_on_the_same_probabilities(tmp_path):
    """Where it jumps, rounding before it decides on which side an event is."""
    middle = float(np.median(network(NUMERIC).predict_on_batch(NUMBERS)[:, 0]))
    steps = [np.array([0, middle, np.nextafter(np.float32(middle), 1), 1]), np.array([0, 0, 1, 1])]
    report = exported(network(NUMERIC, calibrator=Calibrator("isotonic", steps)), tmp_path)
    assert set(report["differences"]) == {"probabilities before calibration", "calibration"}
    assert max(report["differences"].values()) < 1e-5
    outputs = [one.name for one in onnx.load(tmp_path / "model.onnx").graph.output]
    assert outputs == ["probabilities", "uncalibrated"]


def test_what_is_known_of_a_network_is_in_its_metadata(tmp_path):
    points = {"efficiency90": {"signal": 0.76788294}, "none": {"signal": None}}
    report = exported(network(NUMERIC), tmp_path, working_points=points, channels=[3, 4])
    metadata = {one.key: one.value for one in onnx.load(tmp_path / "model.onnx").metadata_props}
    assert metadata == {
        "classes": "signal;background",
        "seed": "2",
        "inputs.numbers.shape": "3",
        "inputs.numbers.dtype": "float32",
        "working_points.efficiency90.signal": "0.76788294",
        "channels": "3;4",
        "model_sha256": report["model_sha256"],
    }
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert set(report["versions"]) == {*("keras", "tensorflow-cpu", "tf2onnx", "onnx")} | {
        "onnxruntime"
    }


def test_facts_become_texts():
    facts = {"a": {"b": {"c": 1, "d": [2, "x"]}}, "e": None, "f": "", "g": []}
    assert flat(facts) == {"a.b.c": "1", "a.b.d": "2;x", "f": "", "g": ""}


@keras.saving.register_keras_serializable(package="tests")
class Quantile(keras.layers.Layer):
    """Of the normal distribution: TensorFlow can do it, ONNX has no operator for it."""

    def call(self, values):
        return keras.ops.erfinv(0.9 * keras.ops.tanh(values))


def test_a_layer_that_the_exporter_cannot_do_is_named(tmp_path):
    raw = keras.Input((3,), name="numbers")
    values = keras.layers.Dense(4, name="first")(raw)
    shared = keras.layers.Dense(4, name="shared")
    values = keras.layers.Add(name="sum")([shared(shared(values)), values])
    values = Quantile(name="quantile")(values)
    made = keras.Model(raw, keras.layers.Dense(2, activation="softmax", name="last")(values))
    with pytest.raises(RunsieveError) as error:
        exported(made, tmp_path)
    text = str(error.value)
    assert text.startswith(f"{tmp_path / 'model.keras'}: the exporter to ONNX cannot do layer ")
    assert "layer quantile (Quantile): No Op registered for Erfinv" in text
    assert text.endswith("; model.onnx is not written")
    assert "\n" not in text
    assert not (tmp_path / "model.onnx").exists()


def test_a_network_that_differs_is_not_written(tmp_path, monkeypatch):
    def wrong(made):
        weights = made.get_weights()
        made.set_weights([1.01 * one for one in weights])
        try:
            return converted(made)
        finally:
            made.set_weights(weights)

    monkeypatch.setattr(exporting, "converted", wrong)
    with pytest.raises(RunsieveError, match="not written, because ONNX Runtime and Keras differ"):
        exported(network(NUMERIC), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["model.keras"]


def test_undefined_probabilities_are_not_written(tmp_path):
    made = network(NUMERIC)
    made.set_weights([np.full_like(one, np.nan) for one in made.get_weights()])
    with pytest.raises(RunsieveError, match="differ by nan in probabilities of 149 test events"):
        exported(made, tmp_path)


def test_script_writes_the_network_and_what_was_compared(tmp_path):
    made = network(NUMERIC)
    made.save(tmp_path / "model.keras")
    add_about(tmp_path / "model.keras", {"classes": CLASSES[:2], "seed": 2})
    TABLE.to_parquet(tmp_path / "events.parquet")
    np.save(tmp_path / "numbers.npy", NUMBERS)
    points = {"working_point": ["half"], "class": "signal", "threshold": 0.5}
    table = pd.DataFrame(points | {"against": "label", "seed": 2})
    table.to_csv(tmp_path / "points.csv", index=False)
    job = SimpleNamespace(
        log=[str(tmp_path / "log")],
        threads=1,
        input=SimpleNamespace(
            events=tmp_path / "events.parquet",
            arrays=[tmp_path / "numbers.npy"],
            model=str(tmp_path / "model.keras"),
            points=tmp_path / "points.csv",
        ),
        output=SimpleNamespace(onnx=tmp_path / "out/model.onnx", report=tmp_path / "out/onnx.json"),
        params=SimpleNamespace(
            user_files=[],
            facts={"tree": "event"},
            inputs={"numbers": {"order": "one value each: a, b, c"}},
        ),
    )
    export_network_script.main(job)
    report = json.loads(Path(job.output.report).read_text())
    assert report["tree"] == "event"
    assert report["inputs"]["numbers"]["order"] == "one value each: a, b, c"
    assert report["working_points"] == {"half": {"signal": 0.5}}
    metadata = {one.key: one.value for one in onnx.load(job.output.onnx).metadata_props}
    assert metadata["inputs.numbers.order"] == "one value each: a, b, c"
    assert metadata["working_points.half.signal"] == "0.5"
