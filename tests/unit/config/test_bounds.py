"""Numbers that cannot be meant, and names that are no names, end in a sentence at once."""

import copy
import math
import re
import shutil
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from helpers.places import ANALYSES, ROOT
from runsieve.config.analysis import Main
from runsieve.config.base import Edges
from runsieve.config.checks import check
from runsieve.config.layers import Convolutions
from runsieve.config.load import load, load_analysis
from runsieve.config.mending import read_settings
from runsieve.config.messages import sentences
from runsieve.config.run_sheet import Run
from runsieve.errors import RunsieveError
from runsieve.models import catalogue

CATALOGUE = catalogue()
EXTREMES = [0, -1, 1e-300, 1e300, math.inf, math.nan, 10**12, 10**400, -(10**12)]
COSINE = yaml.safe_load((ANALYSES / "cosine.yaml").read_text(encoding="utf-8"))
SETTINGS = {
    "analysis": CATALOGUE.analysis,
    "main": Main,
    "run": Run,
    **{name: CATALOGUE.parameters(name) for name in CATALOGUE.detectors},
}


def parts(schema, place=""):
    """Every schema of a number within a schema, with its place."""
    if isinstance(schema, dict):
        if schema.get("type") in ("integer", "number"):
            yield place, schema
        for key, part in schema.items():
            yield from parts(part, f"{place}/{key}")
    elif isinstance(schema, list):
        for index, part in enumerate(schema):
            yield from parts(part, f"{place}/{index}")


@pytest.mark.parametrize("name", SETTINGS)
def test_every_integer_has_a_largest_value(name):
    found = dict(parts(TypeAdapter(SETTINGS[name]).json_schema()))
    unbounded = [
        place
        for place, schema in found.items()
        if schema["type"] == "integer" and not {"maximum", "exclusiveMaximum"} & set(schema)
    ]
    assert found or name == "main"
    assert unbounded == []


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(changes):
    analysis = copy.deepcopy(COSINE)
    for dotted, value in changes.items():
        *keys, last = dotted.split(".")
        here = analysis
        for key in keys:
            here = here[key]
        here[last] = value
    Path("config/analyses/cosine.yaml").write_text(
        yaml.safe_dump(analysis, sort_keys=False), encoding="utf-8"
    )
    with pytest.raises(RunsieveError) as error:
        load_analysis("cosine", "full", CATALOGUE)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("dotted", "value", "sentence"),
    [
        ("models.dnn.training.learning_rate", math.inf, "learning_rate: input should be a finite"),
        ("models.dnn.training.learning_rate", 1e9, "learning_rate: input should be less than or"),
        ("models.dnn.training.epochs", 10**12, "epochs: input should be less than or equal to"),
        ("models.dnn.training.epochs", 10**400, "epochs: "),
        ("models.dnn.dense.units", [8] * 1001, "dense.units: list should have at most 1000 items"),
        ("simulate.scale", {"physics": math.nan}, "simulate.scale.physics: input should be a"),
        ("simulate.scale", {"physics": -1}, "simulate.scale.physics: input should be greater"),
        ("simulate.parameters.spectra.noise", [math.inf], "spectra.noise.0: input should be a"),
        ("simulate.parameters.light_yield", {1: 1e9}, "light_yield.1: input should be less than"),
        ("simulate.parameters.record.samples", 10**9, "record.samples: input should be less than"),
        (
            "simulate.parameters.spectra.edges",
            {"start": 0, "stop": 1e9, "step": 0.5},
            "spectra.edges: at most 10000 bins are possible, found 2e+09",
        ),
        ("report.bootstrap", 10**10, "report.bootstrap: input should be less than or equal to"),
        ("title", "two\nlines", "title: one line of text expected, found 'two\\nlines'"),
    ],
)
def test_a_number_that_cannot_be_meant_is_one_sentence(folder, dotted, value, sentence):
    start = time.monotonic()
    found = said({dotted: value})
    assert len(found) == 1, found
    only = found[0]
    assert only.startswith("config/analyses/cosine.yaml: ")
    assert sentence in only
    assert len(only) < 300
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        (10**9, "filters.layers: input should be less than or equal to 1000, found 1000000000"),
        (30, "layer 18 would have more than 1000000 filters"),
    ],
)
def test_a_billion_layers_are_refused_at_once(layers, problem):
    start = time.monotonic()
    filters = {"start": 8, "layers": layers, "every": 1}
    with pytest.raises(ValidationError) as error:
        Convolutions(filters=filters, kernel=3)
    assert [
        text.removeprefix("file: ") for text in sentences(error.value, Convolutions, "file")
    ] == [problem]
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    ("analysis", "dotted", "value", "problem"),
    [
        ("cosine", "trigger.high_energy", 1e9, "makes 1.58e+10 photoelectrons, at most 10000"),
        ("cosine", "noise.0.share", [1e9, 1], "less than or equal to 1000"),
        (
            "cosine",
            "trigger.gate",
            5601,
            "is 5601 ns, expected at most the record.window of",
        ),
        ("cosine", "electronics.fall", 1e12, "pulses of 7e+12 ns, longer than the record of 8160"),
        ("cosine", "electronics.resolution", 1e-300, "greater than or equal to 0.001"),
        ("electrons", "surroundings.variation", 1e-300, "must be at least 1e-12, found 1e-300"),
        ("images", "contrast", 255, "less than or equal to 200"),
        ("electrons", "electron.bend", [2, 1], "bend needs two increasing values, found 2 and 1"),
        ("electrons", "em_shower.spot", 1e-9, "em_shower.spot: spectrum.highest is"),
        ("electrons", "surroundings.energy", 1e9, "em_shower.spot: surroundings.energy is"),
        ("electrons", "surroundings.particles", 1e9, "less than or equal to 10000"),
        ("tracks", "detector.noise", 1e9, "less than or equal to 10000"),
    ],
)
def test_parameters_that_no_simulation_survives(analysis, dotted, value, problem):
    content = yaml.safe_load((ANALYSES / f"{analysis}.yaml").read_text(encoding="utf-8"))
    model, parameters = content["simulate"]["model"], content["simulate"]["parameters"]
    *keys, last = dotted.split(".")
    here = parameters
    for key in keys:
        here = here[int(key) if isinstance(here, list) else key]
    CATALOGUE.parameters(model).model_validate(parameters)
    here[last] = value
    with pytest.raises(ValidationError, match=re.escape(problem)):
        CATALOGUE.parameters(model).model_validate(parameters)


def places(values, above=()):
    """Keys and indices that lead to each number, or to a value that is not given."""
    if isinstance(values, dict | list):
        items = values.items() if isinstance(values, dict) else enumerate(values)
        for key, value in items:
            yield from places(value, (*above, key))
    elif values is None or (isinstance(values, int | float) and not isinstance(values, bool)):
        yield above


def validated(name):
    """An analysis with all its defaults."""
    content = yaml.safe_load((ANALYSES / f"{name}.yaml").read_text(encoding="utf-8"))
    left_out = {"demo", "simulate"}
    content = {key: value for key, value in content.items() if key not in left_out}
    return read_settings(CATALOGUE.analysis, content, name).settings.model_dump(mode="json")


SHIPPED = {name: validated(name) for name in ("cosine", "electrons", "images", "tracks")}
RUN = {"run": 1, "kind": "physics", "files": "", "events": 1, "livetime": 1.0, "checksums": ""}


@given(
    st.sampled_from([(name, place) for name in SHIPPED for place in places(SHIPPED[name])]),
    st.sampled_from(EXTREMES),
)
@hypothesis_settings(max_examples=150)
def test_a_number_of_an_analysis_is_valid_or_refused_in_a_sentence(where, number):
    name, place = where
    content = copy.deepcopy(SHIPPED[name])
    here = content
    for key in place[:-1]:
        here = here[key]
    here[place[-1]] = number
    start = time.monotonic()
    found = read_settings(CATALOGUE.analysis, content, "file")
    assert found.settings is not None
    check(found.settings, [], "sheet")
    assert all(text.startswith("file: ") and len(text) < 300 for text in found.errors)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("key", ["run", "events", "livetime"])
@pytest.mark.parametrize("number", EXTREMES)
def test_a_number_of_a_run_is_valid_or_refused_in_a_sentence(key, number):
    found = read_settings(Run, {**RUN, key: number}, "file")
    assert all(text.startswith(f"file: {key}: ") for text in found.errors)
    assert found.errors or not math.isinf(number)


@pytest.mark.parametrize(
    "edges",
    [
        {"start": -1e308, "stop": 1e308, "step": 1e-308},
        {"start": 0, "stop": 1e12, "step": 1},
        {"values": [float(value) for value in range(10_002)]},
    ],
)
def test_edges_of_too_many_bins(edges):
    with pytest.raises(ValidationError, match="at most 10000 bins are possible"):
        Edges(**edges)


@pytest.mark.parametrize(
    ("dotted", "value"),
    [
        ("samples", {"../x": {}}),
        ("models", {"../x": {"type": "binned", "column": "energy", "edges": {"values": [0, 1]}}}),
        ("inputs", {"<script>": {"branches": ["a"], "shape": [1]}}),
        ("working_points", {'"><img': {"score": 0.5}}),
        ("classes", {"a/b": {"kinds": ["physics"]}, "c": {"kinds": ["physics"]}}),
        ("shifts", {"../x": {"inputs": ["waveform"], "gain": 2.0}}),
    ],
)
def test_names_are_names(folder, dotted, value):
    name = next(iter(value))
    problem = f"{dotted}.{name}: a name consists of letters, digits and _ and starts with a letter"
    assert f"config/analyses/cosine.yaml: {problem}" in said({dotted: value})


def test_an_analysis_is_in_its_folder(folder):
    (folder / "config/other.yaml").write_text("title: elsewhere\n", encoding="utf-8")
    (text,) = said({"extends": "../other"})
    assert text.startswith("config/analyses/cosine.yaml: extends: there is no analysis '../other'")
    for name, problem in (("../other", "does not exist"), ("a<b>", "a name consists of letters")):
        (folder / "config/analyses/a<b>.yaml").write_text("title: x\n", encoding="utf-8")
        with pytest.raises(RunsieveError, match=problem):
            load({"analyses": [name]}, CATALOGUE)
