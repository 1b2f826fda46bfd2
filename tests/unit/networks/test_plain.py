"""A trained network elsewhere: with runsieve, with two lines, and without any of it."""

import json
import os
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pandas as pd
import pytest

import runsieve
from helpers.manual import snippets
from runsieve.calibrators import Calibrator
from runsieve.code import SCRIPTS
from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError
from runsieve.networks.archive import foreign_layers
from runsieve.networks.building import Seen, build, load_network
from runsieve.networks.calibration import calibrated
from runsieve.networks.metadata import about_file, add_about
from runsieve.networks.registry import validated
from runsieve.networks.scaling import Moments

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

VALUES = 64
SCALING = {"scale": 50.0}
PULSE = {"segments": 2, "baseline": {"samples": [0, 8]}, "polarity": "negative"}
RAW = np.random.default_rng(1).integers(7990, 8200, (40, VALUES)).astype(np.uint16)
MORE = np.random.default_rng(2).normal(3, 2, (40, 3)).astype(np.float32)
CALIBRATORS = {
    ("none", 2): None,
    ("temperature", 3): Calibrator("temperature", [np.array([1.7])]),
    ("isotonic", 2): Calibrator("isotonic", [np.array([0.2, 0.5, 0.9]), np.array([0, 0.4, 1])]),
    ("isotonic", 3): Calibrator("isotonic", [np.array([0.1, 0.8]), np.array([0.0, 0.9])] * 3),
}


def network(classes=2, calibrator=None, inputs=("waveform", "numbers"), precision="float32"):
    towers = {
        "waveform": {"scaling": SCALING, "convolutions": {"filters": [4], "kernel": 5}},
        "numbers": {"scaling": {"standardise": True}},
    }
    normalisation = {"type": "batch"}
    settings = {
        "type": "network",
        "towers": {name: towers[name] for name in inputs},
        "dense": {"units": [6], "normalisation": normalisation, "dropout": 0.1},
    }
    seen = Seen(
        {"waveform": (VALUES,), "numbers": (3,)},
        {"waveform": "uint16", "numbers": "float32"},
        [f"class{index}" for index in range(classes)],
        {"numbers": Moments(MORE.mean(axis=0), MORE.std(axis=0))},
        {"waveform": Pulse.model_validate(PULSE)},
    )
    keras.utils.set_random_seed(3)
    made = build(validated(settings), seen, precision)
    return made if calibrator is None else calibrated(made, calibrator)


def run(code, folder, **environment):
    """A process of its own in another folder, with nothing on its path unless it is given."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=kept | environment, capture_output=True
    )


@pytest.mark.parametrize(
    ("method", "classes", "precision"),
    [*((*one, "float32") for one in CALIBRATORS), ("isotonic", 3, "mixed_bfloat16")],
)
def test_a_plain_network_gives_the_same_probabilities(tmp_path, method, classes, precision):
    made = network(classes, CALIBRATORS[method, classes], precision=precision)
    made.save(tmp_path / "model.keras")
    model = runsieve.load(tmp_path / "model.keras")
    arrays = {"waveform": RAW, "numbers": MORE}
    found = model.probabilities(arrays)
    assert found.shape == (40, classes)
    np.testing.assert_array_equal(found, made.predict_on_batch(arrays))

    model.save_plain(tmp_path / "plain.keras")
    assert foreign_layers(tmp_path / "model.keras")[-1].startswith("runsieve>")
    assert foreign_layers(tmp_path / "plain.keras") == []
    plain = keras.models.load_model(tmp_path / "plain.keras")
    np.testing.assert_allclose(plain.predict_on_batch(arrays), found, rtol=0, atol=1e-6)
    assert np.ptp(found[:, 0]) > 0.01


def test_the_two_lines_and_keras_alone_in_processes_of_their_own(tmp_path):
    made = network(inputs=["waveform"])
    made.save(tmp_path / "model.keras")
    runsieve.load(tmp_path / "model.keras").save_plain(tmp_path / "plain.keras")
    np.save(tmp_path / "raw.npy", RAW)
    predict = "import numpy as np; raw = np.load('raw.npy')\n"
    ways = {
        "two_lines": "from runsieve import load\nfound = load('model.keras').probabilities(raw)\n",
        "registered": "import keras, runsieve.networks.building\n"
        "found = keras.models.load_model('model.keras').predict_on_batch(raw)\n",
        "plain": "import keras, sys\n"
        "found = keras.models.load_model('plain.keras').predict_on_batch(raw)\n"
        "assert 'runsieve' not in sys.modules\n",
    }
    for name, code in ways.items():
        path = {} if name == "plain" else {"PYTHONPATH": str(SCRIPTS)}
        done = run(f"{predict}{code}np.save('{name}.npy', found)", tmp_path, **path)
        assert done.returncode == 0, done.stderr.decode()
        found = np.load(tmp_path / f"{name}.npy")
        np.testing.assert_allclose(found, made.predict_on_batch(RAW), rtol=0, atol=1e-6)


def test_the_code_of_the_manual(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "results/cosine/models/crystal3/dnn/seed1/model.keras"
    path.parent.mkdir(parents=True)
    network(inputs=("waveform",)).save(path)
    add_about(path, {"classes": ["signal", "background"], "seed": 2})
    table = tmp_path / "results/cosine/reports/crystal3/dnn/working_points.csv"
    table.parent.mkdir(parents=True)
    code = {one.file: one.text for one in snippets() if one.section == "Using a model elsewhere"}
    names = {"raw": RAW}
    exec(code["use_model.py"], names)
    first = names["found"]
    middle = float(np.median(first[:, 0]))
    write_points(table, [("efficiency90", "signal", middle), ("half", "signal", 0.5)])
    exec(code["export_model.py"], names)
    # Another program, in which nothing of runsieve is imported.
    program = "import numpy; raw = numpy.load('raw.npy')\n" + code["use_plain.py"]
    program += "import sys; assert 'runsieve' not in sys.modules\n"
    program += "numpy.savez('found.npz', found=found, selected=selected)\n"
    np.save(tmp_path / "raw.npy", RAW)
    done = run(program, tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    found = np.load(tmp_path / "found.npz")
    assert first.shape == (40, 2)
    np.testing.assert_allclose(found["found"], first, atol=1e-6)
    assert found["selected"].sum() == pytest.approx(20, abs=1)
    assert (found["selected"] == (found["found"][:, 0] >= middle)).all()


def write_points(path, rows):
    """The columns of `working_points.csv` that matter, judged by the label and by the truth."""
    table = pd.DataFrame(rows, columns=["working_point", "class", "threshold"])
    parts = [table.assign(against="label", seed=2), table.assign(against="truth", seed=2)]
    parts += [table.assign(against="label", seed=1)]
    for other in parts[1:]:
        other["threshold"] = 0.99
    pd.concat(parts).to_csv(path, index=False)


def test_what_is_known_of_a_network_is_in_its_file(tmp_path):
    made = network(classes=3, inputs=("waveform", "numbers"))
    made.save(tmp_path / "model.keras")
    names = ["muon", "pion", "kaon"]
    add_about(tmp_path / "model.keras", {"classes": names, "seed": 2})
    arrays = {"waveform": RAW, "numbers": MORE}
    model = runsieve.load(tmp_path / "model.keras")
    np.testing.assert_array_equal(model.probabilities(arrays), made.predict_on_batch(arrays))
    rows = [("clean", name, 0.1 * place) for place, name in enumerate(names, 1)]
    write_points(tmp_path / "points.csv", [*rows, ("none", "pion", None)])
    model.save_plain(tmp_path / "plain.keras", tmp_path / "points.csv")
    assert about_file(tmp_path / "plain.keras") == {
        "classes": names,
        "seed": 2,
        "inputs": {
            "waveform": {"shape": [VALUES], "dtype": "uint16"},
            "numbers": {"shape": [3], "dtype": "float32"},
        },
        "working_points": {
            "clean": {"muon": 0.1, "pion": 0.2, "kaon": pytest.approx(0.3)},
            "none": {"pion": None},
        },
    }
    with zipfile.ZipFile(tmp_path / "plain.keras") as archive:
        assert archive.testzip() is None
        assert "keras_version" in json.loads(archive.read("metadata.json"))
    model.save_plain(tmp_path / "plain.keras")
    assert set(about_file(tmp_path / "plain.keras")) == {"classes", "seed", "inputs"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("model.keras", "plain.keras", "points.csv")
    ]


def test_a_file_without_facts_has_none(tmp_path):
    path = tmp_path / "model.keras"
    network(inputs=["waveform"]).save(path)
    assert about_file(path) == {}
    runsieve.load(path).save_plain(tmp_path / "plain.keras")
    assert set(about_file(tmp_path / "plain.keras")) == {"inputs"}
    for content in ('{"about": 3}', "[]"):
        with zipfile.ZipFile(tmp_path / "other.keras", "w") as archive:
            archive.writestr("metadata.json", content)
        assert about_file(tmp_path / "other.keras") == {}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("half", "electron", 0.5)], "thresholds of class 'electron', but the classes of the"),
        (
            "working_point,class,threshold,against,seed\nhalf,signal,0.5,label,7\n",
            "thresholds of seed 7, but the network was trained with seed 2",
        ),
        (None, "the file does not exist"),
        ("model,auc\ndnn,0.9\n", "not a table of working points"),
        ("", "not a table of working points"),
    ],
)
def test_a_table_of_something_else_is_refused(tmp_path, rows, sentence):
    network(inputs=["waveform"]).save(tmp_path / "model.keras")
    add_about(tmp_path / "model.keras", {"classes": ["signal", "background"], "seed": 2})
    if isinstance(rows, str):
        (tmp_path / "points.csv").write_text(rows)
    elif rows is not None:
        write_points(tmp_path / "points.csv", rows)
    model = runsieve.load(tmp_path / "model.keras")
    with pytest.raises(RunsieveError, match=f"points.csv: {sentence}"):
        model.save_plain(tmp_path / "plain.keras", tmp_path / "points.csv")
    assert not (tmp_path / "plain.keras").exists()


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        (RAW, "a mapping of arrays expected, the inputs are numbers, waveform; found one array"),
        ({"waveform": RAW}, "the inputs are numbers, waveform; found waveform"),
        (None, "the inputs are numbers, waveform; found none"),
        ({"waveform": RAW, "numbers": MORE[:3]}, "of one length expected, found"),
        ({"waveform": RAW[:, :9], "numbers": MORE}, "it takes events of the shapes"),
    ],
)
def test_arrays_that_do_not_fit_are_named(tmp_path, arrays, sentence):
    network().save(tmp_path / "model.keras")
    with pytest.raises(RunsieveError, match=sentence):
        runsieve.load(tmp_path / "model.keras").probabilities(arrays)


def lambda_network(path, inside=False):
    """A network with code in it that writes a file when it is loaded or called."""

    def write(values):
        import pathlib

        pathlib.Path("written").write_text("by the model", encoding="utf-8")
        return values

    inputs = keras.Input((VALUES,), name="waveform")
    values = keras.layers.Lambda(write, output_shape=(VALUES,))(inputs)
    outputs = keras.layers.Dense(2, activation="softmax")(values)
    made = keras.Model(inputs, outputs)
    if inside:
        outer = keras.Input((VALUES,), name="waveform")
        made = keras.Model(outer, made(outer))
    made.save(path)


def edited(path, change):
    """Change the configuration in a .keras file."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(files["config.json"])
    change(config)
    files["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def refused(path):
    with pytest.raises(RunsieveError) as error:
        load_network(path)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
    return str(error.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(("inside", "unsafe"), [(False, True), (True, False)])
def test_a_lambda_layer_is_refused_even_where_keras_was_told_to_trust(
    tmp_path, monkeypatch, inside, unsafe
):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "model.keras"
    lambda_network(path, inside)
    (tmp_path / "written").unlink(missing_ok=True)
    monkeypatch.setattr(keras.src.saving.serialization_lib, "in_safe_mode", lambda: not unsafe)
    text = refused(path)
    assert text == "layers that carry code of their own are not loaded, found Lambda"
    assert not (tmp_path / "written").exists()


@pytest.mark.parametrize(
    ("module", "name", "registered"),
    [
        ("os", "system", None),
        ("builtins", "eval", "eval"),
        ("keras.layers", "Dense", "my>Dense"),
        ("subprocess", "Popen", "Popen"),
        ("kerasx.layers", "Dense", None),
        (None, "Unknown", "elsewhere>Unknown"),
    ],
)
def test_objects_of_other_modules_are_refused(tmp_path, module, name, registered):
    path = tmp_path / "model.keras"
    network(inputs=["waveform"]).save(path)

    def change(config):
        layer = config["config"]["layers"][-1]
        layer |= {"module": module, "class_name": name, "registered_name": registered}

    edited(path, change)
    assert refused(path).startswith("only layers of Keras and runsieve are loaded")


def test_files_that_are_no_network_are_refused(tmp_path):
    assert refused(tmp_path / "none.keras") == "the file does not exist"
    (tmp_path / "text.keras").write_bytes(b"\x80\x04cos\nsystem\n")
    assert refused(tmp_path / "text.keras").startswith("not a .keras file")
    with zipfile.ZipFile(tmp_path / "empty.keras", "w") as archive:
        archive.writestr("other", "")
    assert refused(tmp_path / "empty.keras").startswith("not a .keras file")
    network(inputs=["waveform"]).save(tmp_path / "model.keras")
    edited(tmp_path / "model.keras", lambda config: config["config"].pop("layers"))
    assert refused(tmp_path / "model.keras").startswith("Keras cannot load this network")
    with pytest.raises(RunsieveError, match=r"ends in \.keras or \.skops expected"):
        runsieve.load(tmp_path / "model.h5")


def test_a_network_with_layers_of_the_users_own_is_not_plain(tmp_path):
    @keras.saving.register_keras_serializable(package="mine")
    class Own(keras.layers.Layer):
        def call(self, values):
            return values

    inputs = keras.Input((3,), name="numbers")
    made = keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(Own()(inputs)))
    made.save(tmp_path / "model.keras")
    model = runsieve.load(tmp_path / "model.keras")
    events = pd.DataFrame({"energy": np.arange(40.0)})
    assert model.probabilities(MORE, events).shape == (40, 2)
    with pytest.raises(RunsieveError, match="their file: mine>Own"):
        model.save_plain(tmp_path / "plain.keras")
    assert not (tmp_path / "plain.keras").exists()
