"""The registry of detector models and the parameters of the crystals."""

import copy
import subprocess
import sys

import pandas as pd
import pytest
import yaml
from pydantic import ValidationError

from helpers.places import ANALYSES, DATA, ROOT
from runsieve.errors import RunsieveError
from runsieve.simulate import models
from runsieve.simulate.crystals.parameters import Parameters

SETTINGS = yaml.safe_load((ANALYSES / "cosine.yaml").read_text())["simulate"]
TABLE = pd.read_csv(DATA / "cosine_crystal3_test_table.csv")
STATISTICS = pd.read_csv(DATA / "cosine_data_statistics.csv")


@pytest.mark.parametrize("model", models.DETECTORS.names)
def test_every_model_has_parameters_and_writes_runs(model):
    assert models.parameters(model).model_fields
    assert callable(models.detector(model).write_run)
    assert models.PARAMETERS.names == models.DETECTORS.names


def test_the_source_of_a_model_is_the_module_that_writes_its_runs():
    for model in models.DETECTORS:
        source = models.DETECTORS.source(model)
        assert source == f"runsieve/simulate/{model}/run.py"
        assert (ROOT / "scripts" / source).is_file()


@pytest.mark.parametrize("look_up", [models.parameters, models.detector])
def test_unknown_model_is_named(look_up):
    with pytest.raises(RunsieveError, match=r"no detector model 'crystal'.*crystals"):
        look_up("crystal")


def test_parameters_load_without_the_detector():
    code = (
        "import sys; from runsieve.simulate.models import parameters; parameters('crystals'); "
        "print(*{'uproot', 'awkward', 'scipy'} & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, text=True
    )
    assert (found.returncode, found.stdout.strip()) == (0, "")


def test_shipped_spectra_are_those_of_the_printed_table():
    spectra = Parameters.model_validate(SETTINGS["parameters"]).spectra
    counts = TABLE.filter(like="score_").sum(axis=1)
    for name in ("signal", "background"):
        assert getattr(spectra, name) == counts[TABLE["class"] == name].tolist()
    assert spectra.edges.array()[:-1].tolist() == TABLE["energy_low_keV"].unique().tolist()


def test_shipped_occupancies_are_the_printed_counts():
    occupancy = Parameters.model_validate(SETTINGS["parameters"]).occupancy
    for run, rows in STATISTICS.groupby("run"):
        assert occupancy[run] == dict(zip(rows["crystal"], rows["events"], strict=True))


def test_shipped_light_yields_differ_between_crystals():
    light_yield = sorted(Parameters.model_validate(SETTINGS["parameters"]).light_yield.values())
    assert len(set(light_yield)) == 6
    assert (light_yield[0] > 13, light_yield[-1] < 16) == (True, True)
    assert light_yield[-1] / light_yield[0] > 1.1, "or cross tests between crystals say little"


def test_keys_may_be_strings_as_in_json():
    settings = copy.deepcopy(SETTINGS["parameters"])
    settings["light_yield"] = {str(key): value for key, value in settings["light_yield"].items()}
    assert Parameters.model_validate(settings) == Parameters.model_validate(SETTINGS["parameters"])


@pytest.mark.parametrize(
    ("section", "key", "value", "message"),
    [
        ("spectra", "noise", [0.5], "noise has 1 values for 20 bins"),
        ("spectra", "signal", [0] * 20, "at least one event each"),
        ("record", "window", 6000, "window ends 8402 ns .* record of 8160 ns"),
        ("record", "early_onset", [1900, 200], "two increasing values"),
        ("electronics", "rise", 6, "fall must be longer than rise"),
        ("trigger", "high_energy", 10, "expected more than the 10 keV"),
        ("trigger", "gates", 200, "Extra inputs"),
    ],
)
def test_figures_that_do_not_fit_are_refused(section, key, value, message):
    settings = copy.deepcopy(SETTINGS["parameters"])
    settings[section][key] = value
    with pytest.raises(ValidationError, match=message):
        Parameters.model_validate(settings)


def test_shares_of_rejected_triggers_add_up_to_at_most_one():
    settings = copy.deepcopy(SETTINGS["parameters"])
    settings["kinds"]["physics"]["high_energy"] = 0.95
    with pytest.raises(ValidationError, match="more than 1"):
        Parameters.model_validate(settings)
