"""Conditions: columns of the run sheet in the columns of an analysis."""

import numpy as np
import pytest

from helpers.plans import ANALYSIS, plan_of
from runsieve.config.condition_checks import check_conditions
from runsieve.config.conditions import conditions_in, with_conditions
from runsieve.expressions import parse_for

GIVEN = {"temperature": "-21.5", "dead1": "0", "dead2": "1", "note": "fog"}
RUNS = [
    {"run": 1, "kind": "calibration", "events": 9, "conditions": GIVEN},
    {"run": 2, "kind": "physics", "events": 9, "conditions": {**GIVEN, "temperature": "1e3"}},
]
COLUMNS = {"columns": {"alive": "!sheet.dead{channel}", "gain": "e{channel} * sheet.temperature"}}


def value(text, channel, **branches):
    return parse_for(text, channel).evaluate({name: np.array(v) for name, v in branches.items()})


def test_conditions_are_found_in_all_channels():
    text = "sheet.dead{channel} + a.sheet.b + worksheet.c + sheet.temperature / 2"
    assert conditions_in(text, [1, 2]) == {"dead1", "dead2", "temperature"}


def test_values_take_the_place_of_names():
    text = with_conditions("e{channel} - sheet.temperature", GIVEN, [1, 2])
    assert value(text, 1, e1=[1.0, 2.0]).tolist() == [22.5, 23.5]


@pytest.mark.parametrize(("channel", "expected"), [(1, 1), (2, 0)])
def test_a_condition_of_the_channel(channel, expected):
    text = with_conditions("!sheet.dead{channel}", GIVEN, [1, 2])
    assert value(text, channel) == expected


def test_a_plan_fills_in_the_conditions_of_each_run():
    plan = plan_of(COLUMNS | {"keep": ["alive", "gain"]}, RUNS)
    assert plan.columns(1)["gain"] == "e{channel} * (-21.5)"
    assert plan.columns(2)["gain"] == plan.all_columns(2)["gain"] == "e{channel} * (1000.0)"
    assert value(plan.columns(1)["alive"], 2) == 0


def settings_and_runs(runs, **changes):
    plan = plan_of(COLUMNS | changes, runs)
    return plan.settings, plan.loaded.runs, "runs.tsv"


def test_what_the_sheet_gives_is_no_mistake():
    assert list(check_conditions(*settings_and_runs(RUNS))) == []


def test_missing_columns_and_values_are_mistakes():
    changed = [{**RUNS[0], "conditions": {"dead1": "0", "temprature": "1"}}]
    changed += [{**RUNS[1], "conditions": {"dead1": "no", "temprature": "1"}}]
    assert list(check_conditions(*settings_and_runs(changed))) == [
        "columns.alive: runs.tsv has no column 'dead2' (did you mean 'dead1'?)",
        "columns.alive: expected a finite number in column 'dead1' of runs.tsv, found 'no' (run 2)",
        "columns.gain: runs.tsv has no column 'temperature' (did you mean 'temprature'?)",
    ]


def test_no_friend_is_called_sheet():
    friends = {"sheet": {"tree": "other"}}
    (said,) = check_conditions(*settings_and_runs(RUNS, friends=friends))
    assert said.startswith("friends.sheet: the name is taken")


def test_without_conditions_nothing_is_filled_in():
    assert plan_of().all_columns(1) == ANALYSIS["columns"]
