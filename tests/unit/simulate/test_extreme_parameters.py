"""Parameters of detector models at extreme values: a simulation or a sentence, no other end."""

import copy
import math

import numpy as np
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from helpers.places import ANALYSES
from runsieve.config.messages import sentences
from runsieve.errors import RunsieveError
from runsieve.simulate.models import DETECTORS, detector, parameters

EXTREMES = [0, -1, 1e-300, 1e-12, 1e300, math.inf, math.nan, 10**12, 10**400, -(10**12)]


def shipped():
    """Parameters and channels of an analysis that is simulated, by model."""
    found = {}
    for path in sorted(ANALYSES.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        simulate = content.get("simulate", {})
        if "parameters" in simulate:
            values = parameters(simulate["model"]).model_validate(simulate["parameters"])
            channels = content.get("channels", [0])
            found[simulate["model"]] = values.model_dump(mode="json"), channels
    return found


def numbers(values, place=()):
    """Keys and indices that lead to each number."""
    if isinstance(values, dict | list):
        items = values.items() if isinstance(values, dict) else enumerate(values)
        for key, value in items:
            yield from numbers(value, (*place, key))
    elif isinstance(values, int | float) and not isinstance(values, bool):
        yield place


SHIPPED = shipped()
PLACES = [(model, place) for model, (values, _) in SHIPPED.items() for place in numbers(values)]


def changed(values, place, number):
    values = copy.deepcopy(values)
    here = values
    for key in place[:-1]:
        here = here[key]
    here[place[-1]] = number
    return values


def test_every_model_is_tried():
    assert set(SHIPPED) == set(DETECTORS.names)


@pytest.mark.parametrize("model", sorted(SHIPPED))
def test_a_number_is_valid_or_refused_in_a_sentence(model):
    refused = 0
    for place in numbers(SHIPPED[model][0]):
        for number in EXTREMES:
            try:
                parameters(model).model_validate(changed(SHIPPED[model][0], place, number))
            except ValidationError as error:
                found = sentences(error, parameters(model), "file")
                assert found and all(text.startswith("file: ") for text in found)
                refused += 1
    assert refused


@given(st.sampled_from(PLACES), st.sampled_from(EXTREMES))
@settings(max_examples=25, deadline=None)
@example(("calorimeter", ("surroundings", "variation")), 1e-300)
@example(("crystals", ("electronics", "resolution")), 1e-300)
@example(("crystals", ("electronics", "resolution")), 1e12)
@example(("crystals", ("electronics", "fall")), 1e12)
@example(("crystals", ("trigger", "gate")), 1e12)
@example(("crystals", ("record", "window")), 1e-12)
@example(("crystals", ("light_yield", "1")), 1000)
@example(("pictures", ("contrast",)), 1e12)
@example(("planes", ("detector", "radius")), 1e-300)
@example(("planes", ("detector", "radius")), 1e-12)
def test_what_is_valid_can_be_simulated(tmp_path_factory, where, number):
    model, place = where
    values, channels = SHIPPED[model]
    try:
        accepted = parameters(model).model_validate(changed(values, place, number))
    except ValidationError:
        return
    kind = next(iter(values["kinds"]))
    path = tmp_path_factory.mktemp("runs") / "run.root"
    options = {"run": 1601, "kind": kind, "events": 2, "channels": channels, "seed": 1}
    try:
        with np.errstate(all="raise", under="ignore"):
            detector(model).write_run(path, parameters=accepted, **options)
    except RunsieveError as error:
        assert str(error).startswith("simulate.parameters: ")
    else:
        assert path.stat().st_size
