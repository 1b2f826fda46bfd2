"""All mistakes of all layers are found at once, and none that only follows from another."""

import shutil

import pytest
import yaml

from helpers.places import ROOT
from runsieve.config.load import load
from runsieve.errors import RunsieveError
from runsieve.models import catalogue

CATALOGUE = catalogue()
FILE = "config/analyses/cosine.yaml"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a copy of config/."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(folder, change, scale="full", main=None):
    """What is said of cosine after `change`, a function of the content of its file."""
    path = folder / FILE
    content = yaml.safe_load(path.read_text())
    change(content)
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    with pytest.raises(RunsieveError) as error:
        load({"analyses": ["cosine"], "scale": scale, **(main or {})}, CATALOGUE)
    return str(error.value).splitlines()


def starts(found, *expected):
    """Each sentence begins with the expected text, in any order."""
    assert len(found) == len(expected), found
    for text in expected:
        assert sum(line.startswith(text) for line in found) == 1, (text, found)


def test_an_unknown_key_hides_nothing(folder):
    def change(content):
        content["titel"] = "x"
        content["keep"] = ["energy", "energi"]
        content["selection"]["precut"]["energy"] = "energy >"
        content["samples"]["crystal3"]["chanels"] = [5]

    starts(
        said(folder, change),
        f"{FILE}: titel: unknown key (did you mean 'title'?)",
        f"{FILE}: keep: there is no column 'energi'",
        f"{FILE}: selection.precut.energy: 'energy >' is not",
        f"{FILE}: samples.crystal3.chanels: unknown key (did you mean 'channels'?)",
    )


def test_a_misspelt_section_is_read_as_what_was_meant(folder):
    def change(content):
        content["modles"] = content.pop("models")
        content["modles"]["dnn"]["training"]["epochs"] = 0
        content["baseline"] = "energy"
        del content["demo"]

    starts(
        said(folder, change),
        f"{FILE}: modles: unknown key (did you mean 'models'?)",
        f"{FILE}: models: missing; it is required",
        f"{FILE}: models.dnn.training.epochs: expected a number greater than 0, found 0",
        f"{FILE}: baseline: there is no model 'energy' (did you mean 'energy_only'?)",
    )


def test_what_is_left_out_is_not_missed(folder):
    """The oracle names a model whose settings are wrong: one mistake, not two."""

    def change(content):
        content["models"]["oracle"]["type"] = "likelihood"
        content["inputs"]["waveform"]["shape"] = "long"
        content["report"]["variable"] = "energi"
        del content["demo"]

    starts(
        said(folder, change),
        f"{FILE}: models.oracle.type: expected one of",
        f"{FILE}: inputs.waveform.shape: expected a list",
        f"{FILE}: report.variable: there is no kept column 'energi'",
    )


@pytest.mark.parametrize("scale", ["demo", "full"])
def test_both_scales_are_checked(folder, scale):
    def change(content):
        content["models"]["dnn"]["training"]["epochs"] = 0  # demo has another value
        content["demo"]["models"]["cnn"]["training"]["batch_size"] = 0
        content["keep"] = ["energy", "energi"]

    starts(
        [line for line in said(folder, change, scale) if "energi'" in line or " scale)" in line],
        f"{FILE}: models.dnn.training.epochs: expected a number greater than 0, found 0 (at full",
        f"{FILE}: models.cnn.training.batch_size: expected a number greater than 0, found 0 (at",
        f"{FILE}: keep: there is no column 'energi'",
    )


def spoil(folder):
    """Make a line of the run sheet wrong; returns a change that makes the analysis wrong, too."""
    sheet = folder / "config/runs/cosine.tsv"
    sheet.write_text(sheet.read_text().replace("1765\tcalibration", "1765\tcalib ration"))

    def change(content):
        content["classes"]["signal"]["runs"] = [7]  # could be the run of the wrong line
        content["simulate"]["parameters"]["trigger"]["gap"] = "wide"
        content["samples"]["crystal3"]["models"] = ["dn"]
        del content["demo"]

    return change


WRONG = (
    "config/runs/cosine.tsv: line",
    f"{FILE}: simulate.parameters.trigger.gap: expected a number",
    f"{FILE}: samples.crystal3.models: there is no model 'dn' (did you mean 'dnn'?)",
)


def test_the_run_sheet_is_read_beside_the_analysis(folder):
    starts(said(folder, spoil(folder)), *WRONG)


def test_a_list_of_analyses_with_a_mistake_is_said_as_well(folder):
    main = {"analyses": ["cosine", "cosin"], "scal": "full"}
    starts(
        said(folder, spoil(folder), main=main),
        "config/config.yaml: scal: unknown key (did you mean 'scale'?)",
        "config/config.yaml: analyses: config/analyses/cosin.yaml does not exist",
        *WRONG,
    )
