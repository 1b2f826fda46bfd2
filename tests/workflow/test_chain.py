"""The whole chain through Snakemake, and what it leaves."""

import json

import numpy as np
import pandas as pd
import pytest

from helpers.foreign_runs import DETECTORS, foreign_events, passing

pytestmark = pytest.mark.workflow


def test_every_crystal_is_counted(finished):
    statistics = pd.read_csv(finished.folder / "results/cosine/statistics.csv")
    assert set(statistics.channel) == {1, 2, 3, 4, 6, 7}
    assert (statistics.groupby("class").events.sum() > 100).all()
    for run, part in statistics.groupby("run"):
        events = pd.read_parquet(finished.folder / f"results/cosine/events/run{run}.parquet")
        counted = events.groupby("channel").size()
        assert part.set_index("channel").events.to_dict() == counted.to_dict()


def test_every_cut_removes_some_calibration_events(finished):
    flow = pd.read_csv(finished.folder / "results/cosine/cutflow.csv")
    flow = flow[flow["class"] == "signal"].groupby("step", sort=False)[["passed", "passed_alone"]]
    totals = flow.sum()
    assert len(totals) >= 6
    assert (totals.passed.diff().dropna() < 0).all()


def test_selected_events_are_exactly_those_found_otherwise(finished):
    for run, coincident, calibration in ((41, 0.8, True), (42, 0.1, False)):
        branches = foreign_events(run, 1200, coincident)
        events = pd.read_parquet(finished.folder / f"results/foreign/events/run{run}.parquet")
        for detector in range(DETECTORS):
            found = events[events.channel == detector].event
            assert found.tolist() == passing(branches, detector, calibration).tolist()


def test_gathered_waveforms_are_those_of_their_events(finished):
    folder = finished.folder / "results/foreign/samples/detectors"
    sample = pd.read_parquet(folder / "events.parquet")
    gathered = np.load(folder / "waveform.npy")
    assert gathered.dtype == np.uint16
    assert len(gathered) == len(sample)
    for run, coincident in ((41, 0.8), (42, 0.1)):
        branches = foreign_events(run, 1200, coincident)
        for event in sample[sample.run == run].itertuples():
            sides = [
                branches[f"det{event.channel}_{side}"][event.entry] for side in ("left", "right")
            ]
            assert np.array_equal(gathered[event.row], np.concatenate(sides))


def test_comparison_holds_every_model(finished):
    table = pd.read_csv(finished.folder / "results/cosine/reports/comparison.csv")
    assert set(table.model) == {"dnn", "energy_only", "gradient_boosting", "oracle"}
    best = table.set_index("model").auc
    assert best["oracle"] >= best["energy_only"]


def test_rates_are_on_the_page(finished):
    rates = pd.read_csv(finished.folder / "results/cosine/reports/crystal3/dnn/rates.csv")
    # The run has 50 days at its full number of events.
    assert rates.livetime_days.to_numpy() == pytest.approx(50 * round(8632000 * 0.0005) / 8632000)
    assert (rates.groupby("working_point").size() == 20).all()
    assert "Background per day" in (finished.folder / "results/index.html").read_text()


def test_oracle_is_left_out_where_runs_are_real(finished):
    assert not (finished.folder / "results/foreign/models/detectors/oracle").exists()


def test_a_null_test_of_runs_is_apart_from_the_other_models(finished):
    folder = finished.folder / "results/cosine"
    sample = pd.read_parquet(folder / "samples/crystal3_runs/events.parquet")
    assert (sample["class"] == "run" + sample.run.astype(str)).all()
    (row,) = pd.read_csv(folder / "reports/null_tests.csv").to_dict("records")
    assert row["what"] == "run 1601 and run 1765 of signal"
    comparison = pd.read_csv(folder / "reports/comparison.csv")
    assert set(comparison["sample"]) == {"crystal3"}
    page = (finished.folder / "results/index.html").read_text()
    assert 'id="cosine-crystal3_runs-dnn"' in page


def test_models_are_scored_with_the_shifts_of_what_they_see(finished):
    table = pd.read_csv(finished.folder / "results/cosine/reports/shifts.csv")
    seen = {name: set(part["shift"]) for name, part in table.groupby("model")}
    pulses, energies = {"gain_down", "gain_up", "noise"}, {"energy_down", "energy_up"}
    assert seen == {"dnn": pulses, "gradient_boosting": pulses, "energy_only": energies}


def test_page_shows_both_analyses(finished):
    page = (finished.folder / "results/index.html").read_text()
    assert "COSINE-100 crystal waveforms" in page
    assert "Four detectors of a foreign DAQ" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_an_event_is_drawn_on_request(finished):
    events = pd.read_parquet(finished.folder / "results/foreign/events/run41.parquet")
    number = int(events.event.iloc[5])
    done = finished.snakemake("displays", "--config", f"display=41/{number}")
    assert done.returncode == 0, done.stderr
    picture = finished.folder / f"results/foreign/displays/run41/event{number}.png"
    assert picture.stat().st_size > 20_000
    done = finished.snakemake("displays", "--config", "display=99/1")
    assert "display: no analysis takes events from run 99" in done.stdout + done.stderr
    done = finished.snakemake("displays")
    assert "name the events to draw" in done.stdout + done.stderr


def test_every_job_left_a_log_and_a_benchmark(finished):
    logs = sorted((finished.folder / "logs").rglob("*.log"))
    benchmarks = sorted((finished.folder / "benchmarks").rglob("*.jsonl"))
    assert len(logs) == len(benchmarks) > 20
    for log in logs:
        assert "finished after" in log.read_text(), log
    for path in benchmarks:
        assert json.loads(path.read_text().splitlines()[0])["s"] > 0


def test_snakemake_report_is_built(finished):
    done = finished.snakemake("--report", "report.html")
    assert done.returncode == 0, done.stderr
    report = (finished.folder / "report.html").read_text()
    for words in (
        "crystal3",
        "foreign",
        "Clopper-Pearson",
        "page to decide from",
        "selected events",
    ):
        assert words in report
