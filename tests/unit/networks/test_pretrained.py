"""A pretrained network as a part of a new one: the file of the manual."""

import sys

import keras
import numpy as np
import pytest

from helpers.manual import snippets
from helpers.samples import labelled_events
from runsieve.code import user_fingerprint
from runsieve.networks.building import Seen, build, load_network
from runsieve.networks.plain import save_plain
from runsieve.networks.registry import validated
from runsieve.networks.training import train
from runsieve.samples.sample_files import FitSample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
CLASSES = ["signal", "background"]
NETWORK = {"type": "network", "towers": {"wave": {"scaling": {"scale": 40}}}}
SEEN = Seen({"wave": (32,)}, {"wave": "uint16"}, CLASSES)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file of the manual, with a network of runsieve next to it."""
    (text,) = (one.text for one in snippets() if one.file == "my_pretrained.py")
    path = tmp_path / "my_pretrained.py"
    path.write_text(text)
    keras.utils.set_random_seed(1)
    known = build(validated({**NETWORK, "dense": {"units": [6]}}), SEEN)
    save_plain(known, tmp_path / "pretrained.keras", {})
    yield path
    sys.modules.pop("user_file_my_pretrained", None)


def sample() -> FitSample:
    label = np.arange(300) % 2
    waves = np.random.default_rng(1).integers(0, 100, (300, 32)).astype(np.uint16)
    waves[label == 0, :8] += 40
    return FitSample(labelled_events(label, CLASSES), {"wave": waves}, CLASSES)


def weights_of(path) -> np.ndarray:
    known = keras.saving.load_model(path.with_name("pretrained.keras"), compile=False)
    return known.get_layer("dense_1").get_weights()[0]


@pytest.mark.parametrize("frozen", [True, False])
def test_its_weights_are_kept_where_they_are_frozen(file, frozen, tmp_path):
    file.write_text(file.read_text().replace("FROZEN = True", f"FROZEN = {frozen}"))
    settings = {"type": "keras", "file": str(file), "inputs": ["wave"], "training": {"epochs": 3}}
    trained = train(validated(settings), sample(), seed=1)
    tower = trained.network.get_layer("pretrained")
    same = np.array_equal(tower.get_layer("dense_1").get_weights()[0], weights_of(file))
    assert same == frozen
    assert (trained.facts()["not_trainable"] == 32 * 6 + 6) == frozen
    names = "model.keras", "last.npz", "history.csv", "training.json"
    trained.save(*(tmp_path / name for name in names))
    again = load_network(tmp_path / "model.keras", [str(file)])
    waves = sample().arrays["wave"][:5]
    assert np.array_equal(np.asarray(again(waves)), np.asarray(trained.network(waves)))


def test_another_pretrained_network_trains_anew(file):
    before = user_fingerprint([str(file)])
    keras.utils.set_random_seed(2)
    known = build(validated({**NETWORK, "dense": {"units": [6]}}), SEEN)
    other = file.parent / "other"
    other.mkdir()
    (other / file.name).write_text(file.read_text())
    save_plain(known, other / "pretrained.keras", {})
    assert user_fingerprint([str(other / file.name)]) != before
