"""Cleaned samples: they are as the sample that they are of, and mistakes are named."""

import pytest

from helpers.plans import ANALYSIS, plan_of
from runsieve.config.checks import check
from runsieve.config.load import merge
from runsieve.models import catalogue

SAMPLES = {
    "all": {"channels": [1], "limit": 100, "models": ["bins"], "freeze": True},
    "clean": {"cleaned": {"of": "all", "model": "trees"}},
}


def problems(samples: dict) -> list[str]:
    settings = catalogue().analysis.model_validate(merge(ANALYSIS, {"samples": samples}))
    return [text for text in check(settings, plan_of().loaded.runs, "s.tsv") if "samples" in text]


def test_a_cleaned_sample_has_the_settings_of_its_sample():
    settings = plan_of({"samples": SAMPLES}).settings.samples["clean"]
    assert (settings.channels, settings.limit) == ([1], 100)
    assert settings.models is None and not settings.freeze
    assert problems(SAMPLES) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"clean": {"cleaned": {"of": "al", "model": "bins"}}},
            "cleaned.of: there is no sample 'al'",
        ),
        ({"clean": {"cleaned": {"model": "tree"}}}, "cleaned.model: there is no model 'tree'"),
        ({"clean": {"cleaned": {"model": "best"}}}, "cleaned.model: 'best' is the oracle"),
        ({"clean": {"limit": 5}}, "clean.limit: does not go with cleaned; it is that of 'all'"),
        ({"clean": {"null_test": True}}, "clean.null_test: does not go with cleaned"),
        ({"all": {"folds": 3}}, "clean.cleaned.of: 'all' has folds"),
        ({"all": {"null_test": True}}, "clean.cleaned.of: 'all' is a null test"),
        (
            {"more": {"cleaned": {"of": "clean", "model": "bins"}}},
            "samples.more.cleaned.of: 'clean' is cleaned itself",
        ),
        ({"all": {"folds": 2, "mislabel": 0.1}}, "all.mislabel: does not go with folds"),
    ],
)
def test_mistakes_of_cleaned_samples(changes, expected):
    found = problems(merge(SAMPLES, changes))
    assert any(expected in text for text in found), found
