"""Samples that name the runs that they are drawn from."""

import copy

import pytest
from pydantic import ValidationError

from helpers.plans import ANALYSIS, RUNS
from runsieve.config.checks import check
from runsieve.config.load import merge
from runsieve.config.run_sheet import Run
from runsieve.config.sample import Sample
from runsieve.models import catalogue

FIVE = [
    *RUNS,
    {"run": 4, "kind": "physics", "events": 100},
    {"run": 5, "kind": "calibration", "events": 100},
]


def said(settings: dict) -> list[str]:
    """What is said of the small analysis with a sample of these settings."""
    changes = {"samples": {"some": settings}}
    analysis = catalogue().analysis.model_validate(merge(copy.deepcopy(ANALYSIS), changes))
    return check(analysis, [Run.model_validate(run) for run in FIVE], "sheet.tsv")


@pytest.mark.parametrize(
    "settings",
    [
        {"runs": [1, 2]},
        {"runs": [5, 2, 4], "split": {"runs": {"test": [4]}}},
        {"runs": [1, 5], "runs_of": "signal", "null_test": True},
    ],
)
def test_runs_of_all_classes(settings):
    assert said(settings) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"runs": [1, 2, 77]}, ["samples.some.runs: run 77 is missing in sheet.tsv"]),
        ({"runs": [1, 2, 1]}, ["samples.some.runs: run 1 is listed twice"]),
        (
            {"runs": [1, 2, 3]},
            ["samples.some.runs: run 3 has no event of its classes (signal, background)"],
        ),
        ({"runs": [1, 5]}, ["samples.some.runs: class 'background' takes no event from them"]),
        (
            {"runs": [1, 2], "split": {"runs": {"test": [4]}}},
            ["samples.some.split.runs: run 4 is not in samples.some.runs"],
        ),
        (
            {"runs": [5], "runs_of": "signal", "null_test": True},
            [
                "samples.some.runs_of: class 'signal' needs at least two runs in "
                "samples.some.runs, found 5"
            ],
        ),
    ],
)
def test_runs_that_cannot_be_drawn_from(settings, expected):
    assert said(settings) == expected


def test_no_run_at_all():
    with pytest.raises(ValidationError, match="at least 1 item"):
        Sample(runs=[])
