"""Batches: which runs one job selects."""

from hypothesis import given
from hypothesis import strategies as st

from helpers.plans import plan_of
from runsieve import layout


def runs_of(numbers):
    return [
        {"run": run, "kind": ("calibration", "physics")[run % 2], "events": 9} for run in numbers
    ]


def test_one_run_per_job_unless_asked():
    plan = plan_of(runs=runs_of([1, 2]))
    assert plan.batches(plan.runs) == ["1", "2"]
    assert plan.of_batches(layout.RUN_CUTFLOW) == [
        f"results/study/events/run{run}.cutflow.csv" for run in (1, 2)
    ]


def test_runs_of_neighbouring_numbers_are_selected_together():
    plan = plan_of({"runs_per_job": 50}, runs_of([1599, 1600, 1649, 1650]))
    assert plan.batches(plan.runs) == ["1550-1599", "1600-1649", "1650-1699"]
    assert plan.runs_of_batch("1600-1649") == [1600, 1649]
    assert list(plan.selections("1600-1649")) == [1600, 1649]
    assert plan.batch_sources("1600-1649") == [f"data/study/run{run}.root" for run in (1600, 1649)]
    assert plan.event_lists("all") == [
        f"results/study/events/run{batch}.parquet" for batch in plan.batches(plan.runs)
    ]


@given(st.sets(st.integers(0, 3000), min_size=2, max_size=40), st.integers(1, 100))
def test_a_new_run_moves_no_other(numbers, size):
    runs = runs_of(sorted(numbers | {3001, 3002}))
    plan = plan_of({"runs_per_job": size}, runs)
    fewer = plan_of({"runs_per_job": size}, runs[1:])
    for run in fewer.runs:
        assert fewer.batch(run) == plan.batch(run)
    assert sorted(run for one in plan.batches(plan.runs) for run in plan.runs_of_batch(one)) == (
        sorted(plan.runs)
    )


def test_time_follows_the_size_of_the_files(tmp_path):
    path = tmp_path / "7.root"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    runs = [{"run": 1, "kind": "calibration", "events": 9}]
    plan = plan_of(runs=[*runs, {"run": 7, "kind": "physics", "files": str(path)}])
    assert plan.selection_minutes("7") == 15 + 10
    assert plan.selection_minutes("1") == 15
