"""Folds as the rules see them: samples of their own, whose scores are merged."""

import re

import pytest

from helpers.plans import RUNS, plan_of
from runsieve import layout
from runsieve.errors import RunsieveError
from runsieve.plan.page import page_of
from runsieve.plan.targets import scores_of_folds

TRUTH = {"input": "number", "processes": {"signal": [1], "background": []}}
CHANGES = {
    "samples": {"cross": {"folds": 3, "channels": [2]}, "null": {"folds": 2, "null_test": True}},
    "inputs": {"number": {"branches": ["n"], "shape": [1]}},
    "truth": TRUTH,
    "report": {"contaminated": "background"},
    "shifts": {"up": {"inputs": ["waveform"], "gain": 2}},
    "masses": {1: 8.0, 2: 9.0},
}
TIMED = [{**RUNS[0]}, {**RUNS[1], "livetime": 2}, RUNS[2]]


@pytest.fixture
def plan():
    return plan_of(CHANGES, TIMED)


def test_folds_are_samples_with_names_of_their_own(plan):
    assert plan.folds("all") == []
    assert plan.folds("cross") == ["cross/fold1", "cross/fold2", "cross/fold3"]
    assert plan.folds("cross/fold1") == []
    assert [plan.fold(name) for name in plan.folds("cross")] == [1, 2, 3]
    assert all(re.fullmatch(layout.SAMPLES["fold"], name) for name in plan.folds("cross"))
    assert layout.whole("cross/fold12") == layout.whole("cross") == "cross"
    assert plan.origin_events("cross/fold2") == "results/study/samples/cross/events.parquet"


@pytest.mark.parametrize("name", ["cross/fold4", "all/fold1"])
def test_there_are_no_more_folds_than_configured(plan, name):
    with pytest.raises(RunsieveError, match=rf"^sample \w+: there is no {name}; it has \d folds$"):
        plan.fold(name)


def test_a_fold_has_the_settings_and_arrays_of_its_sample(plan):
    for question, *more in (
        ("classes",),
        ("sample_titles",),
        ("matched",),
        ("sample_runs",),
        ("models",),
        ("masses",),
        ("livetimes",),
        ("truth_arrays",),
        ("arrays", "trees"),
    ):
        ask = getattr(plan, question)
        assert ask("cross/fold2", *more) == ask("cross", *more), question
    assert plan.arrays("cross/fold2", "small") == ["results/study/samples/cross/waveform.npy"]
    assert plan.truth_arrays("cross/fold2") == ["results/study/samples/cross/number.npy"]
    assert plan.masses("cross/fold1") == {2: 9.0}
    assert plan.sample("cross")["folds"] == 3
    whole, fold = (plan.about(name, "small", 4) for name in ("cross", "cross/fold1"))
    assert (fold["sample"], fold["cuts"]) == ("cross/fold1", whole["cuts"])


def test_models_are_compared_on_whole_samples(plan):
    assert {sample for sample, _ in plan.compared_models()} == {"all", "cross"}
    assert {sample for sample, _, _ in plan.null_tests()} == {"null"}
    assert plan.of_folds(layout.SCORES, "cross", "bins", 4) == [
        f"results/study/tests/cross/fold{number}/bins/seed4/scores.parquet" for number in (1, 2, 3)
    ]
    assert plan.model_file("cross/fold1", "bins", 4) == (
        "results/study/models/cross/fold1/bins/seed4/model.skops"
    )


def test_a_report_quotes_the_diagnoses_of_all_folds(plan):
    assert plan.diagnoses("cross", "small")[5] == [
        f"results/study/models/cross/fold{number}/small/seed5/diagnosis.json"
        for number in (1, 2, 3)
    ]
    assert plan.diagnoses("cross/fold2", "small")[5] == [
        "results/study/models/cross/fold2/small/seed5/diagnosis.json"
    ]
    assert plan.diagnoses("cross", "bins") == plan.diagnoses("null", "small") == {4: []}


def test_the_training_of_the_first_fold_is_drawn(plan):
    place = "results/study/models/{}/small/seed4/history.csv"
    assert plan.of_drawn(layout.HISTORY, "cross", "small") == place.format("cross/fold1")
    assert plan.of_drawn(layout.HISTORY, "all", "small") == place.format("all")


def test_what_needs_one_model_is_left_out(plan):
    assert plan.shifted() == [("all", "small"), ("all", "trees")]
    assert plan.contaminated("all")
    assert not plan.contaminated("cross")
    assert not plan.contaminated("cross/fold1")


def rule_of(plans, path: str) -> list[str]:
    """The rules that could write a score file."""
    merged = scores_of_folds(plans)
    sample = layout.WILDCARDS["sample"]
    rest = rf"/tests/(?P<sample>{sample})/(?P<model>\w+)/seed(?P<seed>\d+)/scores\.parquet"
    analyses = {"score_model": rf"(?!{merged})\w+", "merge_folds": merged}
    return [
        rule
        for rule, analysis in analyses.items()
        if re.fullmatch(rf"results/(?P<analysis>{analysis}){rest}", path)
    ]


def test_scores_are_written_by_one_rule(plan):
    plans = {"study": plan, "studying": plan_of(name="studying")}
    expected = {
        "results/study/tests/all/small/seed4/scores.parquet": "score_model",
        "results/study/tests/cross/fold1/small/seed4/scores.parquet": "score_model",
        "results/study/tests/cross/small/seed4/scores.parquet": "merge_folds",
        "results/study/tests/cross/fold1/seed4/scores.parquet": "merge_folds",
        "results/study/tests/null/small/seed4/scores.parquet": "merge_folds",
        "results/study/tests/crossed/small/seed4/scores.parquet": "score_model",
        "results/studying/tests/cross/small/seed4/scores.parquet": "score_model",
    }
    assert {path: rule_of(plans, path) for path in expected} == {
        path: [rule] for path, rule in expected.items()
    }
    without = {"studying": plans["studying"]}
    assert all(rule_of(without, path) == ["score_model"] for path in expected)


def test_the_page_shows_one_entry_with_the_cards_of_all_folds(plan):
    page = page_of(plan)
    (model,) = [m for m in page.models if (m.sample, m.model) == ("cross", "small")]
    place = "results/study/reports/cross/small"
    assert model.cards == {
        f"card of seed {seed}, fold {number}": (
            f"results/study/models/cross/fold{number}/small/seed{seed}/card.md"
        )
        for seed in (4, 5)
        for number in (1, 2, 3)
    }
    assert model.folds == 3
    assert model.metrics == f"{place}/metrics.json"
    assert model.figures["training"] == f"{place}/training.svg"
    (sample,) = [one for one in page.samples if one.name == "cross"]
    assert sample.contamination is None
    assert "contamination" not in sample.figures
    baseline = next(m for m in page.models if (m.sample, m.model) == ("cross", "bins"))
    assert (baseline.cards, baseline.folds) == ({}, 3)
    plain = next(m for m in page.models if (m.sample, m.model) == ("all", "small"))
    assert list(plain.cards) == ["card of seed 4", "card of seed 5"]
    assert plain.folds == 0
