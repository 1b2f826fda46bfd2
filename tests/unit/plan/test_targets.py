"""What is asked of all analyses together: which write a raw run, and which events are drawn."""

import re
from dataclasses import replace

import pytest

from helpers.plans import RUNS, plan_of
from runsieve.config.scores import Scores
from runsieve.errors import RunsieveError
from runsieve.plan.displays import displays
from runsieve.plan.scored import scored_runs
from runsieve.plan.targets import analyses_with

INGEST = {"ingest": {"shape": [4, 4], "labels": ["cat", "dog"]}}


@pytest.fixture
def plans(tmp_path):
    """An analysis of simulated runs, one with a run of each origin, one of recorded runs."""
    (tmp_path / "own.root").touch()
    (tmp_path / "pictures").mkdir()
    own = {"run": 11, "kind": "physics", "files": str(tmp_path / "own.root")}
    pictures = {"run": 2, "kind": "calibration", "files": str(tmp_path / "pictures")}
    runs = {"made": RUNS, "mixed": [RUNS[0], pictures, own], "recorded": [own]}
    return {name: plan_of(INGEST, runs[name], name=name) for name in runs}


def writing(plans, origin: str, path: str) -> bool:
    """True if the rule of this origin could write the path."""
    analysis = analyses_with(plans, origin)
    return bool(re.fullmatch(rf"data/(?P<analysis>{analysis})/run(?P<run>\d+)\.root", path))


def test_each_run_is_written_by_the_rule_of_its_origin(plans):
    origins = {
        path: [origin for origin in ("simulated", "ingested") if writing(plans, origin, path)]
        for path in (
            "data/made/run1.root",
            "data/made/run2.root",
            "data/mixed/run1.root",
            "data/mixed/run2.root",
            "data/mixed/run11.root",
            "data/recorded/run11.root",
            "data/recorded/run1.root",
            "data/other/run1.root",
        )
    }
    assert origins == {
        "data/made/run1.root": ["simulated"],
        "data/made/run2.root": ["simulated"],
        "data/mixed/run1.root": ["simulated"],
        "data/mixed/run2.root": ["ingested"],
        "data/mixed/run11.root": [],
        "data/recorded/run11.root": [],
        "data/recorded/run1.root": [],
        "data/other/run1.root": [],
    }


def test_a_run_that_no_class_takes_events_from_is_written_only_where_it_is_scored(plans):
    assert writing(plans, "simulated", "data/made/run3.root")
    assert 3 not in scored_runs(plans["made"])
    scored = replace(plans["made"].loaded.scored, settings=Scores(runs=[3]))
    asked = replace(plans["made"], loaded=replace(plans["made"].loaded, scored=scored))
    assert scored_runs(asked) == [3]


def test_the_table_of_pictures_has_the_same_analysis(plans):
    analysis = analyses_with(plans, "ingested")
    assert re.fullmatch(rf"data/({analysis})/run2\.pictures\.csv", "data/mixed/run2.pictures.csv")


def test_where_no_analysis_has_such_a_run_nothing_matches(plans):
    own = {"recorded": plans["recorded"]}
    for origin in ("simulated", "ingested"):
        assert not re.search(analyses_with(own, origin), "recorded")
        assert not re.search(analyses_with({}, origin), "")


def test_an_event_is_drawn_in_every_analysis_that_has_its_run(plans):
    assert displays(plans, ["2/17", "11/4"]) == [
        "results/made/displays/run2/event17.png",
        "results/mixed/displays/run2/event17.png",
        "results/mixed/displays/run11/event4.png",
        "results/recorded/displays/run11/event4.png",
    ]


@pytest.mark.parametrize("run", [3, 12])
def test_a_run_of_no_analysis_is_named(plans, run):
    with pytest.raises(RunsieveError, match=f"display: no analysis takes events from run {run}$"):
        displays(plans, ["1/5", f"{run}/17"])


def test_it_is_said_how_events_are_named(plans):
    with pytest.raises(RunsieveError, match="name the events to draw: snakemake displays --config"):
        displays(plans, [])
