"""The shipped analyses: each is read at both scales, and the JSON schema describes them."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml

from helpers.places import ANALYSES, ROOT
from runsieve.config.documentation import schema, tables
from runsieve.config.load import load, load_analysis
from runsieve.errors import RunsieveError
from runsieve.models import catalogue
from runsieve.simulate.models import DETECTORS, parameters

CATALOGUE = catalogue()
NAMES = sorted(path.stem for path in ANALYSES.glob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a copy of config/, and the file that mnist is made of."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "data").mkdir()
    images, labels = np.zeros((10, 28, 28), np.uint8), np.arange(10)
    arrays = {f"x_{kind}": images for kind in ("train", "test")}
    arrays |= {f"y_{kind}": labels for kind in ("train", "test")}
    np.savez(tmp_path / "data/mnist.npz", **arrays)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("scale", ["demo", "full"])
@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_analysis_is_read(folder, name, scale):
    loaded = load_analysis(name, scale, CATALOGUE)
    assert loaded.name == name
    assert isinstance(loaded.settings, CATALOGUE.analysis)
    assert loaded.runs
    if loaded.settings.simulate is not None:
        simulate = loaded.settings.simulate
        complete = parameters(simulate.model).model_validate(simulate.parameters)
        assert complete.model_dump(mode="json") == simulate.parameters


@pytest.mark.parametrize("scale", ["demo", "full"])
def test_all_are_those_that_do_not_say_otherwise(folder, scale):
    content = {name: yaml.safe_load((ANALYSES / f"{name}.yaml").read_text()) for name in NAMES}
    expected = {name for name, one in content.items() if one.get("include_in_all", True)}
    assert set(load({"analyses": "all", "scale": scale}, CATALOGUE)) == expected
    assert {"mnist", "gbar_sorted"}.isdisjoint(expected)


def test_mnist_needs_its_file(folder):
    (folder / "data/mnist.npz").unlink()
    with pytest.raises(RunsieveError) as error:
        load_analysis("mnist", "demo", CATALOGUE)
    said = "config/analyses/mnist.yaml: runs: config/runs/mnist.tsv: run 1: data/mnist.npz does not"
    assert str(error.value).startswith(said)


def test_the_shipped_schema_is_that_of_the_settings():
    shipped = json.loads((ROOT / "config/schema.json").read_text())
    assert shipped == schema(CATALOGUE.analysis)


def test_the_tables_have_a_section_for_each_type_of_model():
    text = tables(CATALOGUE.analysis)
    for settings in CATALOGUE.models:
        assert f"#### {settings.__name__}\n" in text
    assert text.count("### `config/analyses/NAME.yaml`") == 1


def test_the_catalogue_holds_what_the_folders_hold():
    types = {one.model_fields["type"].annotation.__args__[0] for one in CATALOGUE.models}
    assert {"network", "residual", "keras", "binned", "gradient_boosting"} <= types
    assert tuple(CATALOGUE.detectors) == DETECTORS.names
