"""What the report of scored runs is made from."""

import pytest

from helpers.plans import RUNS, plan_of
from runsieve import layout
from runsieve.plan.scored import absent_scored_runs
from runsieve.plan.scored_reports import (
    described_runs,
    drawn_evenly,
    masses_of,
    reported_files,
    scored_simulation,
    scores_of_runs,
)

CUT = {"classes": {"background": {"kinds": ["physics"], "cut": "hits > 3"}}}
SHARED = {"classes": {"noise": {"kinds": ["physics"], "cut": "hits > 3"}}}
MATCHED = {"column": "energy", "edges": {"values": [0, 1]}}


def test_a_report_has_the_tables_of_all_runs_in_their_order():
    plan = plan_of({"scores": {"runs": ["2", "1"]}}, [{**RUNS[1], "livetime": 4.0}, RUNS[0]])
    place = "results/study/scores/all/small/seed4"
    assert reported_files(plan, layout.SCORED_SPECTRUM) == [f"{place}/spectrum.csv"]
    tables = [f"{place}/run{run}.parquet" for run in (1, 2)]
    assert scores_of_runs(plan, "all", "small", 4) == tables
    first, second = described_runs(plan, "all")
    assert first == {"run": 1, "kind": "calibration", "livetime": None, "evenly": True}
    # A simulated run is as much shorter as it has fewer events.
    assert second == {"run": 2, "kind": "physics", "livetime": 0.04, "evenly": True}


@pytest.mark.parametrize(
    ("changes", "run", "evenly"),
    [
        ({}, 2, True),
        (CUT, 2, False),
        (CUT, 1, True),
        (SHARED, 2, False),
        ({"samples": {"all": {"match": MATCHED}}}, 1, False),
        ({"samples": {"all": {"match": MATCHED}}}, 3, True),  # nothing is drawn from it
    ],
)
def test_what_was_drawn_is_a_random_part_where_one_class_takes_all(changes, run, evenly):
    assert drawn_evenly(plan_of(changes), run, "all") == evenly


def test_a_class_that_a_sample_does_not_draw_does_not_count():
    sample = {"samples": {"all": {"classes": ["signal", "background"]}}}
    noise = {"noise": {"kinds": ["calibration"], "cut": "hits > 3"}}
    assert drawn_evenly(plan_of({"classes": noise, **sample}), 1, "all")


def test_channels_of_a_sample_have_their_masses():
    assert masses_of(plan_of(), "all") == {1: None, 2: None}
    plan = plan_of({"masses": {1: 8.0, 2: 9.0}, "samples": {"one": {"channels": [2]}}})
    assert masses_of(plan, "one") == {2: 9.0}
    assert masses_of(plan, "all") == {1: 8.0, 2: 9.0}


def test_one_recorded_run_makes_scores_those_of_data(tmp_path):
    assert scored_simulation(plan_of())
    recorded = {"run": 2, "kind": "physics", "files": str(tmp_path / "a.root")}
    assert not scored_simulation(plan_of(runs=[RUNS[0], recorded]))


def test_without_runs_there_is_no_report(tmp_path):
    lost = [{"run": 1, "kind": "calibration", "files": str(tmp_path / "a.root")}]
    plan = plan_of({"missing_runs": "skip"}, lost)
    assert reported_files(plan, layout.KEPT_EVENTS) == []
    assert list(absent_scored_runs(plan)) == [1]
