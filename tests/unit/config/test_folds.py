"""Settings of folds: what goes with them, and what is said where it does not."""

import copy

import pytest
from pydantic import ValidationError

from helpers.plans import ANALYSIS, RUNS
from runsieve.config.checks import check
from runsieve.config.load import merge
from runsieve.config.run_sheet import Run
from runsieve.config.sample import Sample
from runsieve.models import catalogue

SETTINGS = catalogue().analysis


def said(changes: dict) -> list[str]:
    """What is said of the small analysis with these changes."""
    settings = SETTINGS.model_validate(merge(copy.deepcopy(ANALYSIS), changes))
    return check(settings, [Run.model_validate(run) for run in RUNS], "sheet.tsv")


def test_a_sample_with_folds_is_accepted():
    settings = {"folds": 5, "balance": "weights", "limit": 100, "channels": [1]}
    settings |= {"match": {"column": "energy", "edges": {"values": [0, 5, 10]}}}
    same = {"train": "none", "validation": "none", "test": "none"}
    samples = {"cross": settings, "null": {"folds": 2, "null_test": True, "balance": same}}
    assert said({"samples": samples}) == []
    assert said({"samples": samples, "report": {"contaminated": "background"}}) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"balance": {"test": "none"}},
            "samples.cross.balance: one mode for all splits is needed with folds",
        ),
        (
            {"limit": {"test": 10}},
            "samples.cross.limit: one number is needed with folds, not one for each split",
        ),
        (
            {"split": {"runs": {"test": [2]}}},
            "samples.cross.split.runs: does not go with folds, in which every event is tested",
        ),
        (
            {"cross_test": ["all"]},
            "samples.cross.cross_test: does not go with folds, which make several models of each",
        ),
    ],
)
def test_what_does_not_go_with_folds(settings, expected):
    assert said({"samples": {"cross": {"folds": 3, **settings}}}) == [expected]
    assert said({"samples": {"cross": settings}}) == []


def test_a_sample_with_folds_is_in_no_cross_test_and_not_shifted():
    changes = {"samples": {"all": {"cross_test": ["cross"]}, "cross": {"folds": 3}}}
    changes["shifts"] = {"up": {"inputs": ["waveform"], "gain": 2, "samples": ["all", "cross"]}}
    assert said(changes) == [
        "samples.all.cross_test: 'cross' has folds, so training events would be tested",
        "shifts.up.samples: 'cross' has folds; shifts need one model",
    ]


def test_a_contamination_needs_a_sample_without_folds():
    changes = {"samples": {"all": {"folds": 3}}, "report": {"contaminated": "background"}}
    assert said(changes) == [
        "report.contaminated: all samples have folds; the estimate needs one without"
    ]


def test_one_fold_is_none():
    with pytest.raises(ValidationError, match="greater than or equal to 2"):
        Sample(folds=1)
