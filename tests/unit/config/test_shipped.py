"""The shipped analyses: each is read at both scales, and the JSON schema describes them."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.places import ANALYSES, DATA, ROOT
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


def test_the_images_are_scanned_as_in_the_study():
    """Depth, width and the first dropout of the printed scan; every network again with 0.75.

    Besides them, two networks of residual blocks.
    """
    full, demo = (load_analysis("images", one, CATALOGUE).settings for one in ("full", "demo"))
    networks = {name: one.model_dump() for name, one in full.models.items()}
    scan = pd.read_csv(DATA / "images_architecture_scan.csv")
    residual = {"residual3_32", "residual3_64"}
    assert len(networks) == 2 * len(scan) + len(residual)
    assert {name for name, one in networks.items() if one["type"] == "residual"} == residual
    for row in scan.itertuples():
        name = f"depth{row.conv_layers}_{row.first_channels}"
        tower = networks[name]["towers"]["image"]
        filters = {"start": row.first_channels, "layers": row.conv_layers, "every": 2}
        assert (tower["convolutions"]["filters"], tower["dropout"]) == (filters, row.dropout)
        tower["dropout"] = 0.75
        assert networks[f"{name}_dropout75"] == networks[name]
    assert not any("dropout75" in name for name in demo.models)


def test_crystals_are_trained_with_weights_and_tested_one_to_one():
    full, demo = (load_analysis("cosine", one, CATALOGUE).settings for one in ("full", "demo"))
    study = {"train": "weights", "validation": "weights", "test": "undersample"}
    for name in ("crystal1", "crystal2", "crystal3", "crystal4", "crystal6", "crystal7"):
        assert full.samples[name].modes() == study
    assert set(demo.samples["crystal3"].modes().values()) == {"undersample"}
    training = full.models["dnn"].training
    assert (training.epochs, training.batch_size, training.optimiser) == (15, 2048, "adam")


def test_the_study_of_one_crystal_has_as_many_events_as_were_printed():
    """Triggers times the selected fraction of the detector model: the printed events."""
    loaded = load_analysis("cosine_crystal3", "full", CATALOGUE)
    printed = pd.read_csv(DATA / "cosine_data_statistics.csv")
    printed = printed[printed.crystal == 3].set_index("run").events
    kinds = loaded.settings.simulate.parameters["kinds"]
    for run in loaded.runs:
        kind = kinds[run.kind]
        flaws = ("high_energy", "after_muon", "early_edge", "one_sided")
        coincident = kind["coincidence"] if run.kind == "calibration" else 1 - kind["coincidence"]
        selected = coincident * (1 - sum(kind[flaw] for flaw in flaws))
        assert run.events * selected == pytest.approx(printed[run.run], rel=1e-3)
    assert list(loaded.settings.samples) == ["crystal3", "crystal3_matched"]
