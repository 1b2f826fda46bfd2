"""Networks that a file of the user builds: trained, saved and found again, or refused in words."""

import sys

import keras
import numpy as np
import pytest

from helpers.samples import labelled_events
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.networks.building import Seen, build, load_network
from runsieve.networks.checkpoints import Checkpoint
from runsieve.networks.metadata import about_file
from runsieve.networks.prediction import load, predict
from runsieve.networks.registry import validated
from runsieve.networks.training import train
from runsieve.samples.sample_files import FitSample

CLASSES = ["signal", "background"]
HEAD = "import keras\nfrom keras import layers\n\n\ndef build(inputs, classes):\n"
GOOD = (
    "    values = layers.Rescaling(0.01)(inputs['wave'])\n"
    "    values = layers.Dense(8, activation='relu')(values)\n"
    "    return keras.Model(inputs, layers.Dense(len(classes), activation='softmax')(values))\n"
)
CUSTOM = """
import keras
from keras import layers

from scale_beside import SCALE


@keras.saving.register_keras_serializable("tests")
class Folded(layers.Layer):
    def __init__(self, parts, **options):
        super().__init__(**options)
        self.parts = parts

    def call(self, values):
        return keras.ops.sum(keras.ops.reshape(values, (-1, self.parts, 8)), axis=1) * SCALE

    def get_config(self):
        return {**super().get_config(), "parts": self.parts}


def build(inputs, classes):
    values = Folded(4, name="folded")(layers.Rescaling(1.0)(inputs["wave"]))
    return keras.Model(inputs, layers.Dense(len(classes), activation="softmax")(values))
"""


@pytest.fixture(autouse=True)
def forgotten():
    """Layers and modules of a test are not known to the next one."""
    modules = set(sys.modules)
    custom = dict(keras.saving.get_custom_objects())
    yield
    for name in set(sys.modules) - modules:
        if not name.startswith(("keras", "tensorflow", "runsieve")):
            del sys.modules[name]
    keras.saving.get_custom_objects().clear()
    keras.saving.get_custom_objects().update(custom)


@pytest.fixture
def write(tmp_path):
    """Write a file of the user, a whole one or the body of `build`; returns its settings."""

    def written(text, inputs=("wave",), **training):
        text = text if "def build" in text else HEAD + text
        (tmp_path / "mine.py").write_text(text)
        (tmp_path / "scale_beside.py").write_text("SCALE = 0.01\n")
        training = {"epochs": 12, "batch_size": 32, "learning_rate": 0.03, **training}
        return validated(
            {
                "type": "keras",
                "file": str(tmp_path / "mine.py"),
                "inputs": list(inputs),
                "training": {"precision": "float32", **training},
            }
        )

    return written


def seen(classes=CLASSES, **shapes):
    shapes = shapes or {"wave": (32,)}
    return Seen(shapes, dict.fromkeys(shapes, "uint16"), classes)


def sample(count=240):
    rng = np.random.default_rng(1)
    label = rng.integers(0, 2, count)
    array = rng.integers(0, 50, (count, 32)).astype(np.uint16)
    array[label == 0, 3::8] += 100
    events = labelled_events(label, CLASSES)
    return FitSample(events, {"wave": array}, CLASSES)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_a_network_of_the_user_is_trained_saved_and_found_again(write, tmp_path):
    config, fitted_to = write(CUSTOM), sample()
    trained = train(config, fitted_to, 1)
    assert trained.history["val_accuracy"].max() > 0.95
    assert trained.facts()["parameters"] == 8 * 2 + 2
    files = [tmp_path / name for name in ("model.keras", "last.npz", "history.csv", "facts.json")]
    trained.save(*files)
    assert about_file(files[0]) == {"classes": list(CLASSES), "seed": 1}
    again = load_network(files[0], config.user_files())
    rows = np.arange(50)
    np.testing.assert_array_equal(
        predict(again, fitted_to.arrays, rows), predict(trained.network, fitted_to.arrays, rows)
    )
    scorer = load(files[0], config.user_files())
    np.testing.assert_array_equal(
        scorer.probabilities(fitted_to.events, fitted_to.arrays),
        predict(trained.network, fitted_to.arrays, fitted_to.events["row"].to_numpy()),
    )


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_layers_of_the_user_are_known_only_after_the_file_was_run(write, tmp_path):
    config = write(CUSTOM)
    build(config, seen()).save(tmp_path / "model.keras")
    keras.saving.get_custom_objects().clear()
    with pytest.raises(RunsieveError, match=r"only layers of Keras and runsieve .* tests>Folded"):
        load_network(tmp_path / "model.keras")
    again = load_network(tmp_path / "model.keras", config.user_files())
    assert type(again.get_layer("folded")).__name__ == "Folded"


def test_the_same_seed_gives_the_same_weights(write):
    config = write(GOOD, epochs=2)
    one, two = (train(config, sample(), 1).network.get_weights() for _ in range(2))
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first, second)


def test_an_interrupted_training_resumes_with_the_same_weights(
    write, tmp_path, monkeypatch, capsys
):
    config, fitted_to, state = write(GOOD, epochs=4), sample(), tmp_path / "resume.npz"
    undisturbed = train(config, fitted_to, 1)
    save = Checkpoint.save

    def stop_after_two(self, found):
        save(self, found)
        if len(found.history) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Checkpoint, "save", stop_after_two)
        with pytest.raises(KeyboardInterrupt):
            train(config, fitted_to, 1, state, "v1")
    resumed = train(config, fitted_to, 1, state, "v1")
    assert "resuming after epoch 2" in capsys.readouterr().out
    assert resumed.history["epoch"].tolist() == [1, 2, 3, 4]
    pairs = zip(resumed.network.get_weights(), undisturbed.network.get_weights(), strict=True)
    for found, expected in pairs:
        np.testing.assert_array_equal(found, expected)
    train(config, fitted_to, 1, state, "v2")
    assert "resuming" not in capsys.readouterr().out


def test_several_inputs_are_given_by_name(write):
    config = write(
        "    joined = layers.Concatenate()(\n"
        "        [layers.Flatten()(layers.Rescaling(0.1)(inputs[name])) for name in ('b', 'a')]\n"
        "    )\n"
        "    return keras.Model(inputs, layers.Dense(3, activation='softmax')(joined))\n",
        ["a", "b"],
    )
    network = build(config, seen(["x", "y", "z"], a=(4,), b=(2, 3)))
    raw = {"a": np.ones((5, 4), np.uint16), "b": np.ones((5, 2, 3), np.uint16)}
    np.testing.assert_allclose(network.predict_on_batch(raw).sum(axis=1), 1, rtol=1e-5)


def test_layers_compute_in_the_precision_of_the_training_and_probabilities_in_float32(write):
    before = keras.config.dtype_policy()
    network = build(write(GOOD), seen(), "mixed_bfloat16")
    dense = next(layer for layer in network.layers if isinstance(layer, keras.layers.Dense))
    assert dense.compute_dtype == "bfloat16"
    probabilities = network.predict_on_batch(np.ones((3, 32), np.uint16))
    assert probabilities.dtype == np.float32
    assert keras.config.dtype_policy() == before


def test_the_precision_is_put_back_where_a_function_fails(write):
    before = keras.config.dtype_policy()
    with pytest.raises(RunsieveError):
        build(write("    return 1 / 0\n"), seen(), "mixed_bfloat16")
    assert keras.config.dtype_policy() == before


def test_names_of_the_layers_are_left_to_the_user(write):
    """A last layer that is called `probabilities`, say."""
    config = write(
        "    values = layers.Rescaling(0.01)(inputs['wave'])\n"
        "    last = layers.Dense(2, activation='softmax', name='probabilities')\n"
        "    return keras.Model(inputs, last(values))\n"
    )
    assert build(config, seen()).output_shape == (None, 2)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("    return 3\n", "a keras.Model expected, found int"),
        ("    pass\n", "a keras.Model expected, found NoneType"),
        ("    return inputs['wave']\n", "a keras.Model expected, found KerasTensor"),
        (
            "    other = keras.Input((32,), name='other')\n"
            "    return keras.Model(other, layers.Dense(2, activation='softmax')(other))\n",
            "a model of the inputs wave expected, found other; build it from the values in",
        ),
        (
            "    values = layers.Rescaling(0.01)(inputs['wave'])\n"
            "    return keras.Model(inputs, layers.Dense(3, activation='softmax')(values))\n",
            "one output of shape (None, 2) expected, the probabilities of signal, background; "
            "found (None, 3)",
        ),
        (
            "    values = layers.Rescaling(0.01)(inputs['wave'])\n"
            "    ends = [layers.Dense(2, activation='softmax')(values) for _ in range(2)]\n"
            "    return keras.Model(inputs, ends)\n",
            "one output of shape (None, 2) expected, the probabilities of signal, background; "
            "found (None, 2), (None, 2)",
        ),
        (
            "    values = layers.Rescaling(0.01)(inputs['wave'])\n"
            "    return keras.Model(inputs, layers.Dense(2, bias_initializer='ones')(values))\n",
            "probabilities expected, between 0 and 1 and adding up to 1, found [1.0, 1.0] "
            "for an event of zeros; end with a softmax",
        ),
        (
            "    values = layers.Rescaling(0.01)(inputs['wave'])\n"
            "    return keras.Model(inputs, layers.Dense(2)(values))\n",
            "found [0.0, 0.0] for an event of zeros; end with a softmax",
        ),
        (
            "    values = layers.Rescaling(0.0, float('nan'))(inputs['wave'])\n"
            "    return keras.Model(inputs, layers.Dense(2, activation='softmax')(values))\n",
            "found [nan, nan] for an event of zeros; end with a softmax",
        ),
    ],
    ids=[
        "number", "nothing", "tensor", "other input", "three classes", "two outputs", "logits",
        "logits of zero", "NaN",
    ],
)  # fmt: skip
def test_what_is_not_a_network_of_the_sample_is_refused(write, tmp_path, body, sentence):
    with pytest.raises(RunsieveError) as error:
        build(write(body), seen())
    assert str(error.value).startswith(f"{tmp_path / 'mine.py'}: build(): ")
    assert sentence in str(error.value)


def test_a_network_must_see_every_input(write):
    body = GOOD.replace("keras.Model(inputs,", "keras.Model(inputs['wave'],")
    config = write(body, ["wave", "energies"])
    with pytest.raises(RunsieveError, match="inputs energies, wave expected, found wave"):
        build(config, seen(wave=(32,), energies=(2,)))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("    raise ValueError('no idea')\n", "build() failed: ValueError: no idea"),
        ("    return inputs['picture']\n", "build() failed: KeyError: 'picture'"),
        (
            "    return layers.Conv1D(3, 2)(inputs['wave'])\n",
            "build() failed: ValueError: Input 0 with name",
        ),
    ],
)
def test_what_the_function_raises_is_a_sentence(write, tmp_path, body, sentence):
    with pytest.raises(RunsieveError) as error:
        build(write(body), seen())
    assert str(error.value).startswith(f"{tmp_path / 'mine.py'}: {sentence}")
    assert "\n" not in str(error.value)


def test_a_model_that_is_no_graph_of_its_inputs_is_refused(write, tmp_path):
    config = write(
        "    class Mine(keras.Model):\n"
        "        def call(self, values):\n"
        "            return values\n\n"
        "    return Mine()\n"
    )
    with pytest.raises(RunsieveError, match="found Mine without inputs"):
        build(config, seen())


@pytest.mark.parametrize("layer", ["layers.Lambda(lambda values: values)", "Plain()"])
def test_a_network_that_no_file_gives_back_is_refused_before_the_training(write, layer):
    config = write(
        "    class Plain(layers.Layer):\n"
        "        def call(self, values):\n"
        "            return values\n\n"
        f"    values = {layer}(layers.Rescaling(0.01)(inputs['wave']))\n"
        "    return keras.Model(inputs, layers.Dense(2, activation='softmax')(values))\n"
    )
    with pytest.raises(RunsieveError, match="can be read from a file expected"):
        build(config, seen())


def test_what_the_configuration_can_tell_before_anything_runs(write, tmp_path):
    inputs = {"wave": Input(branches=["wave"], shape=[32])}
    config = write(GOOD)
    assert list(config.problems(inputs)) == []
    assert config.inputs_seen() == ["wave"]
    assert config.user_files() == [str(tmp_path / "mine.py")]
    (tmp_path / "mine.py").write_text("def built(inputs, classes):\n    pass\n")
    ((key, problem),) = config.problems(inputs)
    assert key == "file"
    assert problem.startswith(f"{tmp_path / 'mine.py'} defines no function 'build'")
    (tmp_path / "mine.py").write_text("def build(:\n")
    ((key, problem),) = config.problems(inputs)
    assert (key, "is not valid Python" in problem) == ("file", True)
    (tmp_path / "mine.py").unlink()
    assert list(config.problems(inputs)) == [("file", f"{tmp_path / 'mine.py'} does not exist")]
