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


@pytest.mark.parametrize(
    "place", ["cosine/{}/crystal3/dnn", "cosine/{}/crystal3/oracle", "foreign/{}/detectors/small"]
)
def test_efficiencies_follow_from_the_scores(finished, place):
    results = finished.folder / "results"
    scores = pd.read_parquet(results / place.format("tests") / "seed1/scores.parquet")
    table = pd.read_csv(results / place.format("reports") / "seed1/efficiency.csv")
    test = scores[scores.split == "test"]
    binned = 0
    for row in table.itertuples():
        mine = test[(test["class"] == row._1) & (test.energy >= row.low) & (test.energy < row.high)]
        signal = mine.p_signal >= 0.5
        passed = signal if row._1 == "signal" else ~signal
        assert (row.total, row.passed) == (len(mine), passed.sum())
        if len(mine):
            assert row.efficiency == pytest.approx(passed.mean())
        else:
            assert np.isnan(row.efficiency)
        binned += len(mine)
    assert binned == len(test)


def test_comparison_holds_every_model_and_its_distance_to_the_oracle(finished):
    table = pd.read_csv(finished.folder / "results/cosine/reports/comparison.csv")
    assert set(table.model) == {"dnn", "energy_only", "gradient_boosting", "oracle"}
    oracle = table[table.model == "oracle"].auc.iloc[0]
    distance = oracle - table.auc.to_numpy()
    # The CSV file holds eight significant digits.
    assert table.distance_to_oracle.to_numpy() == pytest.approx(distance, abs=2e-8)
    best = table[table.model != "dnn"].set_index("model").auc
    assert best["oracle"] >= best["energy_only"]


def test_rates_are_those_of_all_selected_events(finished):
    """Recounted from event list and scores; the run has 50 days at its full number of events."""
    results = finished.folder / "results/cosine"
    events = pd.read_parquet(results / "events/run1858.parquet")
    events = events[events.channel == 3]
    scores = pd.read_parquet(results / "tests/crystal3/dnn/seed1/scores.parquet")
    test = scores[(scores.split == "test") & (scores["class"] == "background")]
    rates = pd.read_csv(results / "reports/crystal3/dnn/seed1/rates.csv")
    assert (rates.groupby("working_point").size() == 20).all()
    days = 50 * round(8632000 * 0.0005) / 8632000
    for row in rates.itertuples():
        count, mine = (
            one[(one.energy >= row.low) & (one.energy < row.high)] for one in (events, test)
        )
        assert row.rate == pytest.approx(len(count) / days / 0.5)
        passed = (mine.p_signal >= row.threshold).sum()
        assert (row.events, row.total, row.passed) == (len(count), len(mine), passed)
        if len(mine):
            assert row.rate_left == pytest.approx(row.rate * passed / len(mine))
    assert rates.events.sum() > rates.total.sum() > rates.passed.sum() > 0
    assert "Background per day" in (finished.folder / "results/index.html").read_text()


def test_oracle_is_left_out_where_runs_are_real(finished):
    assert not (finished.folder / "results/foreign/models/detectors/oracle").exists()


def test_a_null_test_of_runs_is_apart_from_the_other_models(finished):
    folder = finished.folder / "results/cosine"
    sample = pd.read_parquet(folder / "samples/crystal3_runs/events.parquet")
    assert (sample["class"] == "run" + sample.run.astype(str)).all()
    scores = pd.read_parquet(folder / "tests/crystal3_runs/dnn/seed1/scores.parquet")
    test = scores[scores.split == "test"]
    (row,) = pd.read_csv(folder / "reports/null_tests.csv").to_dict("records")
    assert row["what"] == "run 1601 and run 1765 of signal"
    assert row["events"] == len(test)
    one, other = (test.p_run1601[test.run == run].to_numpy() for run in (1601, 1765))
    above = (one[:, None] > other).mean() + (one[:, None] == other).mean() / 2
    assert row["auc"] == pytest.approx(above, abs=1e-7)
    comparison = pd.read_csv(folder / "reports/comparison.csv")
    assert set(comparison["sample"]) == {"crystal3"}
    page = (finished.folder / "results/index.html").read_text()
    assert 'id="cosine-crystal3_runs-dnn"' in page


def test_shifted_scores_are_compared_with_those_of_the_same_events(finished):
    folder = finished.folder / "results/cosine"
    table = pd.read_csv(folder / "reports/shifts.csv")
    seen = {name: set(part["shift"]) for name, part in table.groupby("model")}
    pulses, energies = {"gain_down", "gain_up", "noise"}, {"energy_down", "energy_up"}
    assert seen == {"dnn": pulses, "gradient_boosting": pulses, "energy_only": energies}
    place = "tests/crystal3/energy_only/seed1"
    nominal = pd.read_parquet(folder / f"{place}/scores.parquet")
    nominal = nominal[nominal.split == "test"]
    scores = pd.read_parquet(folder / f"{place}/shifts.parquet")
    up = scores[scores["shift"] == "energy_up"]
    assert up.event.tolist() == nominal.event.tolist()
    signal = (up["class"] == "signal").to_numpy()
    row = table[(table.model == "energy_only") & (table["shift"] == "energy_up")].iloc[0]
    assert row.efficiency == pytest.approx((nominal.p_signal >= 0.5)[signal].mean())
    assert row.efficiency_shifted == pytest.approx((up.p_signal >= 0.5)[signal].mean())


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
    for words in ("crystal3", "foreign", "Clopper-Pearson"):
        assert words in report
