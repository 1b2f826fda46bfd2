"""Cleaned samples as the rules see them."""

import re

import pytest

from helpers.plans import plan_of
from runsieve.plan.cleaning import (
    judging_scores,
    scores_after,
    scores_before,
    trained_before_and_after,
)
from runsieve.plan.page import page_of
from runsieve.plan.targets import cleaned_samples

SAMPLES = {
    "all": {"models": ["small", "bins"]},
    "clean": {"cleaned": {"of": "all", "model": "trees", "folds": 2}, "models": ["small", "trees"]},
}
TESTS = "results/study/tests"


@pytest.fixture
def plan():
    return plan_of({"samples": SAMPLES})


def test_labels_are_judged_in_folds_that_are_samples(plan):
    assert plan.judging_folds("clean") == ["clean/fold1", "clean/fold2"]
    assert plan.judging_folds("all") == plan.judging_folds("clean/fold1") == []
    assert plan.folds("clean") == []
    assert plan.fold("clean/fold2") == 2
    assert judging_scores(plan, "clean") == [
        f"{TESTS}/clean/fold{fold}/trees/seed4/scores.parquet" for fold in (1, 2)
    ]


@pytest.mark.parametrize("sample", ["clean", "clean/fold1"])
def test_events_and_arrays_are_those_of_the_sample_that_is_cleaned(plan, sample):
    assert plan.origin(sample) == "all"
    assert plan.origin_events(sample) == "results/study/samples/all/events.parquet"
    assert plan.arrays(sample, "small") == plan.arrays("all", "small")
    assert plan.drawn_arrays("clean") == plan.drawn_arrays("all")
    assert plan.digests(sample, ["energy"])[1:] == plan.digests("all", ["energy"])[1:]
    assert plan.digests(sample) != plan.digests("all")


def test_models_of_both_are_compared(plan):
    assert trained_before_and_after(plan, "clean") == [("small", 4), ("small", 5)]
    for found, sample in ((scores_before, "all"), (scores_after, "clean")):
        assert found(plan, "clean") == [
            f"{TESTS}/{sample}/small/seed{seed}/scores.parquet" for seed in (4, 5)
        ]


def test_events_are_drawn_where_the_judging_model_sees_what_can_be_drawn(plan):
    assert list(plan.doubted_inputs("clean")) == ["waveform"]
    assert plan.doubted_arrays("clean") == ["results/study/samples/all/waveform.npy"]


def test_other_rules_do_not_draw_a_cleaned_sample(plan):
    pattern = cleaned_samples({"study": plan}) + "/samples/{}/events.parquet"
    assert re.fullmatch(pattern.format("clean"), "study/samples/clean/events.parquet")
    assert not re.fullmatch(pattern.format("all"), "study/samples/all/events.parquet")
    assert cleaned_samples({"study": plan_of()}) == "(?!)"


def test_the_page_shows_what_cleaning_did(plan):
    samples = {one.name: one for one in page_of(plan).samples}
    assert samples["all"].cleaning == {}
    assert set(samples["clean"].cleaning) == {"cleaning", "cleaned_models", "doubted"}
    assert set(samples["clean"].cleaning.values()) <= set(samples["clean"].files())
    assert "results/study/reports/clean/doubted.svg" in samples["clean"].files()
