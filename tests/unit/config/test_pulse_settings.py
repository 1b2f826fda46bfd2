"""Segments, windows, polarity and baseline of inputs: what is valid, and what is said otherwise."""

import copy

import pytest

from helpers.plans import ANALYSIS, RUNS, plan_of
from runsieve.config.checks import check
from runsieve.config.inputs import Input
from runsieve.config.load import merge
from runsieve.config.mending import read_settings
from runsieve.config.pulse import Pulse
from runsieve.config.run_sheet import Run
from runsieve.models import catalogue

SETTINGS = catalogue().analysis


def said(changes: dict) -> list[str]:
    """What is said of the small analysis with these changes of an input of 100 values."""
    settings = SETTINGS.model_validate(merge(copy.deepcopy(ANALYSIS), changes))
    return check(settings, [Run.model_validate(run) for run in RUNS], "sheet.tsv")


def with_input(**settings) -> dict:
    return {"inputs": {"waveform": settings}}


def with_start(start) -> dict:
    return with_input(window={"start": start, "length": 100})


@pytest.mark.parametrize(
    "changes",
    [
        with_start(7),
        with_start("hits - 20"),
        with_start("gain{channel} / 2"),
        with_start({"calibration": 3, "physics": "hits"}),
        with_start({"calibration": 3, "physics": "hits", "noise": 0}),
        with_input(segments=4, baseline={"samples": [5, 25]}, polarity="negative"),
        with_input(baseline=200),
        with_input(baseline="gain1 - {channel}"),
    ],
)
def test_what_is_valid(changes):
    assert said(changes) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            with_start("hitz - 20"),
            "inputs.waveform.window.start: there is no column 'hitz' (did you mean 'hits'?)",
        ),
        (
            with_start({"calibration": 1, "physics": "nhit"}),
            "inputs.waveform.window.start.physics: there is no column 'nhit' (did you mean 'hits'",
        ),
        (with_start("hits - "), "inputs.waveform.window.start: 'hits - ' is not a ROOT expression"),
        (
            with_start("__import__('os').system('x')"),
            "inputs.waveform.window.start: '__import__('os').system('x')' is not a ROOT expression",
        ),
        (
            with_start({"calibration": 1}),
            "inputs.waveform.window.start: kind 'physics' of sheet.tsv is missing; give it a start",
        ),
        (
            with_start({"calibration": 1, "physics": 1, "fysics": 2}),
            "inputs.waveform.window.start.fysics: sheet.tsv has no run of this kind (did you mean",
        ),
        (
            with_input(baseline="pedestal"),
            "inputs.waveform.baseline: there is no column 'pedestal'",
        ),
    ],
)
def test_contradictions(changes, expected):
    (found,) = said(changes)
    assert found.startswith(expected)


def test_columns_and_windows_cannot_depend_on_each_other(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("def peak(waveform):\n    return waveform.max(axis=1)\n", encoding="utf-8")
    peak = {"file": str(file), "inputs": ["waveform"]}
    changes = {"columns": {"peak": peak}} | with_start("peak - 20")
    key = "inputs.waveform.window.start"
    assert said(changes) == [f"{key}: column 'peak' is computed, but columns are computed from it"]
    # Of another input it can.
    other = {"branches": ["w{channel}"], "shape": [9], "baseline": "peak"}
    assert said({"columns": {"peak": peak}, "inputs": {"other": other}}) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"window": {}}, "window: give either stop or length"),
        ({"window": {"stop": 8, "length": 8}}, "window: give either stop or length"),
        ({"window": {"start": "t", "stop": 8}}, "window: stop goes with a number as start"),
        ({"window": {"start": {}, "length": 8}}, "window: start names no kind of run"),
        (
            {"window": {"start": -1, "stop": 8}},
            "window.start: expected a number of at least 0",
        ),
        ({"window": {"start": 9, "stop": 8}}, "window: stop must be above start, found 9 and 8"),
        (
            {"window": {"length": 8, "outside": "clip"}},
            "window.outside: expected 'error' or 'pad'",
        ),
        ({"window": {"length": 9}}, "the shape [8] has 8 values, the window takes 9 of each br"),
        ({"segments": 3}, "segments: 1 branches with the shape [8] do not make 3 equal segments"),
        ({"branches": ["a", "b"], "segments": 1}, "segments: 2 branches with the shape [8]"),
        (
            {"branches": ["a", "b"], "shape": [4, 2], "segments": 2, "join": "last"},
            "segments follow each other, which join: last does not let them do",
        ),
        ({"polarity": "down"}, "polarity: expected 'positive' or 'negative', found 'down'"),
        ({"baseline": {"samples": [4, 4]}}, "baseline.samples: two increasing numbers expected"),
        ({"baseline": {"samples": [0, 9]}}, "baseline.samples end at 9, but a segment has 8 valu"),
        (
            {"baseline": {"samples": [0, 5]}, "segments": 2},
            "baseline.samples end at 5, but a segment has 4 values",
        ),
        ({"baseline": {"sample": [0, 5]}}, "baseline.samples: missing; it is required"),
        ({"baseline": 1e300}, "baseline: expected a number of at most 1000000000000"),
        ({"baseline": float("nan")}, "baseline: expected a finite number, found nan"),
        (
            {"shape": [4, 2], "reduce": {"factor": 2}, "polarity": "negative"},
            "polarity and baseline are those of pulses, not of a reduced image",
        ),
    ],
)
def test_an_input_that_contradicts_itself(settings, expected):
    values = {"branches": ["a"], "shape": [8], **settings}
    found = read_settings(Input, values, "file", ("inputs", "pulse"))
    assert found.errors[0].removeprefix("file: inputs.pulse").lstrip(".: ").startswith(expected)


@pytest.mark.parametrize(
    "extra", [{"segments": 1}, {"baseline": 3}, {"polarity": "negative"}, {"window": {"stop": 1}}]
)
def test_columns_are_no_pulses(extra):
    found = read_settings(Input, {"columns": ["energy"], **extra}, "file")
    assert found.errors == [f"file: {next(iter(extra))} go with branches, not columns"]


@pytest.mark.parametrize(
    ("settings", "pulse"),
    [
        ({}, Pulse()),
        ({"branches": ["a", "b"]}, Pulse(segments=2)),
        ({"branches": ["a", "b"], "shape": [4, 2], "join": "last"}, Pulse()),
        ({"segments": 4, "baseline": 7}, Pulse(segments=4, baseline=7.0)),
        ({"baseline": "level", "polarity": "negative"}, Pulse(polarity="negative")),
    ],
)
def test_what_models_do_to_raw_values(settings, pulse):
    one = Input.model_validate({"branches": ["a"], "shape": [8], **settings})
    assert one.pulse == pulse


def test_a_plan_knows_what_is_read_of_a_run():
    window = {"start": {"calibration": 3, "physics": "hits", "noise": 0}, "length": 100}
    plan = plan_of(with_input(window=window, baseline="gain{channel}", polarity="negative"))
    assert plan.input_columns("waveform") == {
        "event": "evtno",
        "hits": "nhit",
        "gain1": "gain[0]",
        "gain2": "gain[1]",
    }
    assert [plan.input_of(run, "waveform")["window"]["start"] for run in (1, 2)] == [3, "hits"]
    assert plan.pulses("small") == {"waveform": {**Pulse().model_dump(), "polarity": "negative"}}
    files = plan_of(with_input(window=window)).runs
    assert [files[run].kind for run in (1, 2)] == ["calibration", "physics"]


def test_polarity_and_baseline_change_models_and_leave_arrays_as_they_are():
    plain = plan_of()
    other = plan_of(with_input(baseline={"samples": [0, 9]}, polarity="negative"))
    assert other.input("waveform") == plain.input("waveform")
    assert other.pulses("small") != plain.pulses("small")
    assert plan_of(with_input(baseline="hits")).input("waveform") != plain.input("waveform")
