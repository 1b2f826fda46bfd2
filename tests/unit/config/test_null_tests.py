"""Settings of null tests and shifts: what goes together, and what is said where it does not."""

import copy

import pytest
from pydantic import ValidationError

from helpers.plans import ANALYSIS, RUNS
from runsieve.config.checks import check
from runsieve.config.inputs import Input
from runsieve.config.load import merge
from runsieve.config.run_sheet import Run
from runsieve.config.shift import Shift
from runsieve.models import catalogue

TWO_RUNS = [*RUNS, {"run": 5, "kind": "calibration", "events": 100}]
SETTINGS = catalogue().analysis
EARLY = {"branches": ["w{channel}"], "window": {"stop": 10}, "shape": [10], "null_test": True}
BLIND = {"type": "network", "towers": {"early": {}}, "dense": {"units": [4]}}


def said(changes: dict, runs=TWO_RUNS) -> list[str]:
    """What is said of the small analysis with these changes."""
    settings = SETTINGS.model_validate(merge(copy.deepcopy(ANALYSIS), changes))
    return check(settings, [Run.model_validate(run) for run in runs], "sheet.tsv")


def with_sample(**settings) -> dict:
    return {"samples": {"null": settings}}


def test_both_kinds_of_null_test_are_accepted():
    changes = with_sample(runs_of="signal", null_test=True, models=["small"])
    changes["samples"]["early"] = {"null_test": True, "models": ["blind"]}
    changes |= {"inputs": {"early": EARLY}, "models": {"blind": BLIND}}
    assert said(changes) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"runs_of": "signl"},
            "samples.null.runs_of: there is no class 'signl' (did you mean 'signal'?)",
        ),
        (
            {"runs_of": "background"},
            "samples.null.runs_of: class 'background' needs at least two runs in sheet.tsv, "
            "found 2",
        ),
        (
            {"runs_of": "signal", "classes": ["signal", "background"]},
            "samples.null: give classes or runs_of, not both",
        ),
        (
            {"runs_of": "signal", "split": {"runs": {"test": [5]}}},
            "samples.null.split.runs: does not go with runs_of, which needs every run in every "
            "split",
        ),
        (
            {"runs_of": "signal", "null_test": True, "cross_test": ["all"]},
            "samples.null.cross_test: does not go with null_test; a null test has none",
        ),
        (
            {"runs_of": "signal", "cross_test": ["all"]},
            "samples.null.cross_test: 'all' has other classes",
        ),
    ],
)
def test_what_does_not_go_together(settings, expected):
    assert expected in said(with_sample(**settings))


def test_a_null_test_is_not_tested_by_other_samples():
    changes = with_sample(null_test=True) | {}
    changes["samples"]["all"] = {"cross_test": ["null"]}
    assert said(changes) == ["samples.all.cross_test: 'null' is a null test"]


def test_not_every_sample_is_a_null_test():
    changes = {"samples": {"all": {"null_test": True}}}
    assert said(changes) == [
        "samples: all are null tests; at least one sample without null_test is needed"
    ]


def test_what_sees_a_null_input_is_for_null_tests_only():
    changes = {
        "inputs": {"early": EARLY},
        "models": {"blind": BLIND},
        "samples": {"all": {"models": ["blind", "small"]}},
    }
    assert said(changes) == [
        "samples.all.models: 'blind' sees a null input, so it is only for samples with "
        "null_test: true"
    ]


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        ({"inputs": ["wave"], "gain": 2}, "shifts.one.inputs: there is no input 'wave'"),
        ({"column": "hits", "scale": 2}, "shifts.one.column: there is no kept column 'hits'"),
        (
            {"column": "energy", "scale": 2, "samples": ["some"]},
            "shifts.one.samples: there is no sample 'some'",
        ),
        (
            {"column": "energy", "scale": 2, "samples": ["null"]},
            "shifts.one.samples: 'null' is a null test",
        ),
    ],
)
def test_shifts_of_what_does_not_exist(shift, expected):
    changes = {"shifts": {"one": shift}, "samples": {"null": {"null_test": True}}}
    (found,) = said(changes)
    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"inputs": ["w"]}, "exactly one of gain, noise and scale"),
        ({"inputs": ["w"], "gain": 2, "noise": 1}, "exactly one of gain, noise and scale"),
        ({"inputs": ["w"], "scale": 2}, "scale goes with column"),
        ({"inputs": ["w"], "column": "e", "scale": 2}, "scale goes with column"),
        ({"gain": 2}, "gain and noise go with inputs"),
        ({"inputs": ["w"], "column": "e", "gain": 2}, "gain and noise go with inputs"),
        ({"inputs": ["w"], "gain": 0}, "greater than 0"),
    ],
)
def test_a_shift_is_one_change(values, expected):
    with pytest.raises(ValidationError, match=expected):
        Shift.model_validate(values)


@pytest.mark.parametrize(("shape", "segments"), [([10], 2), ([21], 2), ([5, 2], 2), ([10], 3)])
def test_a_shape_is_that_of_the_window(shape, segments):
    window = {"start": 5, "stop": 15}
    values = {"branches": ["w"], "window": window, "segments": segments}
    with pytest.raises(ValidationError, match=r"the window takes|do not make"):
        Input.model_validate({**values, "shape": shape})
    Input.model_validate({**values, "shape": [segments, 10]})
