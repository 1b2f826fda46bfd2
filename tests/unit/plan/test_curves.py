"""Learning curves as the rules see them."""

import re

import pytest

from helpers.plans import plan_of
from runsieve import layout
from runsieve.errors import RunsieveError
from runsieve.plan.curves import curve_scores, curve_trainings, fewer_samples, training_events
from runsieve.plan.page import page_of


@pytest.fixture
def plan():
    return plan_of({"samples": {"all": {"learning_curve": [500, 100], "models": ["small"]}}})


def test_samples_with_fewer_events_have_names_of_their_own(plan):
    assert fewer_samples(plan, "all") == ["all/events100", "all/events500"]
    assert all(re.fullmatch(layout.SAMPLES["fewer"], one) for one in fewer_samples(plan, "all"))
    assert training_events(plan, "all/events500") == 500
    with pytest.raises(RunsieveError, match="there is no all/events7"):
        training_events(plan, "all/events7")
    assert fewer_samples(plan_of(), "all") == []


def test_each_model_is_trained_on_all_of_them(plan):
    assert curve_trainings(plan, "all") == [
        ("small", "all/events100"),
        ("small", "all/events500"),
        ("small", "all"),
    ]
    assert curve_scores(plan, "all")[0] == (
        "results/study/tests/all/events100/small/seed4/scores.parquet"
    )
    assert plan.arrays("all/events100", "small") == plan.arrays("all", "small")


def test_the_page_shows_the_curve(plan):
    (sample,) = page_of(plan).samples
    assert sample.learning_curve == "results/study/reports/all/learning_curve.csv"
    assert sample.figures["learning_curve"] in sample.files()
