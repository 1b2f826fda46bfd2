"""Null tests and shifts as the rules see them."""

import json

from helpers.plans import RUNS, plan_of
from runsieve import layout
from runsieve.config.sample import Sample
from runsieve.samples.shifting import AppliedShift

TWO_RUNS = [*RUNS, {"run": 5, "kind": "calibration", "events": 100}]
EARLY = {"branches": ["w{channel}"], "window": {"stop": 10}, "shape": [10], "null_test": True}
NULL = {
    "inputs": {"early": EARLY},
    "models": {"blind": {"type": "network", "towers": {"early": {}}, "dense": {"units": [4]}}},
    "samples": {
        "runs": {"runs_of": "signal", "null_test": True, "models": ["small", "bins"]},
        "before": {"null_test": True, "models": ["blind"]},
    },
}
SHIFTS = {
    "shifts": {
        "gain": {"inputs": ["waveform"], "gain": 1.1},
        "scale": {"column": "energy", "scale": 0.9},
        "one": {"inputs": ["waveform"], "noise": 2, "samples": ["other"]},
    },
    "samples": {"other": {"models": ["small", "bins"]}},
}


def plan(changes=NULL):
    return plan_of(changes, TWO_RUNS)


def test_runs_are_the_classes_of_a_sample():
    assert plan().classes("runs") == ["run1", "run5"]
    assert plan().classes("before") == ["signal", "background"]
    assert plan().sample_titles("runs") == {"run1": "run 1", "run5": "run 5"}
    assert plan().sample_titles("all") == {"signal": "Signal", "background": "background"}
    assert plan().sample_runs("runs") == [1, 5]
    assert plan().event_lists("runs") == [
        f"results/study/events/run{run}.parquet" for run in (1, 5)
    ]
    assert Sample.model_validate(plan().sample("runs")).runs_of == "signal"
    assert set(plan().gathered_files("runs", "waveform")) == {1, 5}


def test_null_tests_are_not_compared_with_other_models():
    assert plan().compared() == ["all"]
    assert {sample for sample, _ in plan().compared_models()} == {"all"}
    tests = [("runs", "small", 4), ("runs", "bins", 4), ("before", "blind", 4)]
    assert plan().null_tests() == tests
    assert plan().of_null_tests(layout.SCORES) == [
        f"results/study/tests/{sample}/{model}/seed{seed}/scores.parquet"
        for sample, model, seed in tests
    ]


def test_what_sees_a_null_input_is_not_trained_on_other_samples():
    assert plan().models("all") == ["small", "trees", "bins", "best"]
    assert plan().models("before") == ["blind"]
    samples = {"samples": {"before": {"null_test": True, "models": None}}}
    every = plan_of(NULL | samples, TWO_RUNS)
    assert every.models("before") == ["small", "trees", "bins", "best", "blind"]


def test_names_of_what_is_told_apart():
    names = plan().null_test_names()
    assert names == {
        "runs": {
            "classes": ["run1", "run5"],
            "titles": {"run1": "run 1", "run5": "run 5"},
            "runs_of": "Signal",
        },
        "before": {
            "classes": ["signal", "background"],
            "titles": {"signal": "Signal", "background": "background"},
            "runs_of": None,
        },
    }
    json.dumps(names)


def test_reports_of_null_tests_quote_no_diagnosis():
    assert plan().diagnoses("runs", "small") == {4: []}
    assert len(plan().diagnoses("all", "small")[4]) == 1


def test_a_card_of_a_null_test_has_the_cuts_of_the_class():
    cuts = plan().about("runs", "small", 4)["cuts"]
    assert {run: list(classes) for run, classes in cuts.items()} == {
        "1": ["signal"],
        "5": ["signal"],
    }


def test_without_null_tests_and_shifts_there_are_none():
    assert plan_of().null_tests() == []
    assert plan_of().null_test_names() == {}
    assert plan_of().shifted() == []


def test_models_are_shifted_that_see_what_is_changed():
    shifted = plan(SHIFTS)
    assert shifted.shifted() == [
        ("all", "small"),
        ("all", "trees"),
        ("all", "bins"),
        ("other", "small"),
        ("other", "bins"),
    ]
    assert list(shifted.shifts("all", "small")) == ["gain"]
    assert list(shifted.shifts("all", "trees")) == ["gain", "scale"]
    assert list(shifted.shifts("other", "small")) == ["gain", "one"]
    assert list(shifted.shifts("other", "bins")) == ["scale"]
    assert shifted.shifts("all", "best") == {}
    assert shifted.of_shifted(layout.SHIFTED_SCORES)[:2] == [
        f"results/study/tests/all/{model}/seed4/shifts.parquet" for model in ("small", "trees")
    ]


def test_a_shifted_column_is_found_in_inputs_made_of_columns():
    found = plan(SHIFTS).shifts("all", "trees")
    json.dumps(found)
    assert AppliedShift.of(found["scale"]).places == {"numbers": 0}
    assert AppliedShift.of(found["gain"]).settings.gain == 1.1
    assert found["gain"]["places"] == {}


def test_null_tests_are_not_shifted():
    assert {sample for sample, _ in plan(NULL | {"shifts": SHIFTS["shifts"]}).shifted()} == {"all"}


def test_null_tests_have_no_rates_and_no_contamination():
    timed = [{**run, "livetime": 2.0} for run in TWO_RUNS]
    named = plan_of(NULL | {"report": {"contaminated": "background"}}, timed)
    assert named.contaminated("all")
    assert not named.contaminated("before")
    assert set(named.livetimes("all")) == {2}
    assert named.livetimes("before") == {}
    assert named.of_samples(layout.CHOICE) == ["results/study/reports/all/choice.csv"]


def test_shifts_have_their_size_in_words():
    axes = {"axes": {"unit": "mV", "unit_per_count": 0.1}}
    named = plan(SHIFTS | {"inputs": {"waveform": {"axes": {"unit": "ADC counts"}}}})
    assert list(named.shift_titles().values()) == [
        "gain +10 %",
        "energy \u221210 %",
        "noise +2 ADC counts",
    ]
    scaled = plan(SHIFTS | {"inputs": {"waveform": axes}})
    assert scaled.shift_titles()["one"] == "noise +2 counts"
    twice = {"a": {"inputs": ["waveform"], "gain": 1.1}, "b": {"inputs": ["numbers"], "gain": 1.1}}
    assert plan({"shifts": twice}).shift_titles() == {
        "a": "gain +10 % (a)",
        "b": "gain +10 % (b)",
    }
