"""Rates of background: by hand, at several thresholds, and how often their intervals cover."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson

import report_rates
from runsieve.config.base import Edges
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.rates import Exposure, background_rates, rate_table, read_background
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import LEVEL, clopper_pearson, garwood

TAIL = (1 - LEVEL) / 2
CLASSES = ["signal", "background"]
REPORT = Report(edges=Edges(values=[0, 2, 10]))


def test_the_interval_of_a_count_has_its_tails_on_either_side():
    counts = np.array([0, 1, 7, 300])
    low, high = garwood(counts)
    assert low[0] == 0
    np.testing.assert_allclose(poisson.sf(counts[1:] - 1, low[1:]), TAIL)
    np.testing.assert_allclose(poisson.cdf(counts, high), TAIL)


def test_rates_by_hand():
    rates = background_rates([80, 30, 0, 5], [5, 0, 0, 0], [20, 10, 0, 0], [0.5, 1, 1, 1], 4, 10)
    assert rates["rate"].tolist() == [4, 0.75, 0, 0.125]
    assert rates["rate_left"][:3].tolist() == [1, 0, 0]
    low, high = garwood([80, 30, 0, 5])
    np.testing.assert_allclose(rates["rate_low"], low / [20, 40, 40, 40])
    np.testing.assert_allclose(rates["rate_high"], high / [20, 40, 40, 40])
    # Nothing passes: the upper end is that of the fraction; nothing there: that of the count.
    assert rates["rate_left_low"][1:3].tolist() == [0, 0]
    assert rates["rate_left_high"][1] == pytest.approx(0.75 * clopper_pearson(0, 10)[1])
    assert rates["rate_left_high"][2] == rates["rate_high"][2]
    assert rates.loc[3, ["rate_left", "rate_left_low", "rate_left_high"]].isna().all()


def test_where_everything_passes_the_rate_is_left_as_it_was():
    many = background_rates([400], [10**7], [10**7], [1], 1).iloc[0]
    for end in ("", "_low", "_high"):
        assert many[f"rate_left{end}"] == pytest.approx(many[f"rate{end}"], rel=1e-3)


def test_without_a_mass_rates_are_not_per_kg():
    one, other = (background_rates([9], [1], [3], [2], 5, mass) for mass in (None, 4))
    names = [name for name in one if name.startswith("rate")]
    np.testing.assert_allclose(one[names], 4 * other[names])


@pytest.mark.parametrize("mean", [5, 40, 1000])
@pytest.mark.parametrize("drawn", [0.1, 1])
@pytest.mark.parametrize("fraction", [0.05, 0.5, 0.95])
def test_intervals_cover_at_least_their_level(mean, drawn, fraction):
    rng = np.random.default_rng(8)
    counts = rng.poisson(mean, 20_000)
    total = np.ceil(drawn * counts).astype(int)
    passed = rng.binomial(total, fraction)
    rates = background_rates(counts, passed, total, 0.5, 20)
    for name, truth in (("rate", mean / 10), ("rate_left", mean / 10 * fraction)):
        covered = (rates[f"{name}_low"] <= truth) & (truth <= rates[f"{name}_high"])
        assert covered.mean() > LEVEL - 3 * np.sqrt(LEVEL * (1 - LEVEL) / len(counts))


def predictions(score, true, value) -> Predictions:
    score = np.array(score)
    probability = np.stack([score, 1 - score], axis=1)
    return Predictions(
        tuple(CLASSES), np.array(true), probability, np.full(len(score), "test"), np.array(value)
    )


def decision(name: str, threshold: float | None) -> Decision:
    return Decision(name, WorkingPoint(signal_efficiency=0.9), (threshold,))


def test_each_working_point_has_its_threshold():
    test = predictions(
        [0.9, 0.2, 0.6, 0.5, 0.7, 0.8], [0, 1, 1, 1, 1, 1], [1.0, 0.0, 1.9, 2.0, 10.0, 11.0]
    )
    exposure = Exposure({7: 1.5, 8: 0.5}, {1: 3, 2: 2})
    points = [decision("loose", 0.5), decision("tight", 0.65)]
    table = rate_table(test, np.array([100, 50]), exposure, REPORT, points)
    assert table["working_point"].tolist() == ["loose", "loose", "tight", "tight"]
    assert table["threshold"].tolist() == [0.5, 0.5, 0.65, 0.65]
    assert table["total"].tolist() == [2, 2, 2, 2]
    assert table["passed"].tolist() == [1, 2, 0, 1]
    assert table["rate"].tolist() == [5, 0.625, 5, 0.625]  # 2 days, 5 kg
    assert table["rate_left"].tolist() == [2.5, 0.625, 0, 0.3125]
    nothing = rate_table(test, np.array([100, 50]), exposure, REPORT, [decision("unknown", None)])
    assert nothing["rate"].tolist() == [5, 0.625]
    assert nothing[["passed", "rate_left", "rate_left_low", "rate_left_high"]].isna().all(axis=None)
    about = table[["variable", "unit", "livetime_days", "mass_kg"]].drop_duplicates()
    assert about.to_numpy().tolist() == [["energy", "keV", 2.0, 5]]


@pytest.fixture
def spectra(tmp_path):
    rows = [
        (7, "background", 1, 0.0, 2.0, 60),
        (7, "background", 1, 2.0, 10.0, 4),
        (7, "background", 2, 0.0, 2.0, 40),
        (8, "background", 1, 0.0, 2.0, 1000),
        (7, "signal", 1, 0.0, 2.0, 5000),
    ]
    columns = ["run", "class", "channel", "low", "high", "events"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "spectra.csv", index=False)
    return tmp_path / "spectra.csv"


def test_only_background_of_runs_with_live_time_counts(spectra):
    counts = read_background(spectra, "background", Exposure({7: 1.0}), REPORT.bin_edges)
    assert counts.tolist() == [100, 4]
    assert read_background(spectra, "muon", Exposure({7: 1.0}), np.arange(3)).tolist() == [0, 0]


def test_other_bins_are_named(spectra):
    with pytest.raises(RunsieveError, match=r"spectra\.csv: no bin of the report starts at 2;"):
        read_background(spectra, "background", Exposure({7: 1.0}), np.array([0.0, 5, 10]))


def test_script(tmp_path, spectra):
    scores = pd.DataFrame(
        {
            "class": ["signal", "background", "background", "background", "signal", "signal"],
            "split": ["test", "test", "test", "train", "validation", "validation"],
            "energy": 1.0,
            "run": 7,
            "channel": 1,
            "weight": 1.0,
            "p_signal": [0.9, 0.8, 0.6, 0.6, 0.7, 0.95],
        }
    )
    scores["p_background"] = 1 - scores["p_signal"]
    scores.to_parquet(tmp_path / "scores.parquet")
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(scores=tmp_path / "scores.parquet", spectra=spectra, cutflow=[]),
        output=SimpleNamespace(rates=tmp_path / "rates.csv"),
        params=SimpleNamespace(
            classes=CLASSES,
            report={"variable": "energy", "edges": {"values": [0, 2, 10]}},
            working_points={"half": {"score": 0.5}, "all": {"signal_efficiency": 0.9}},
            livetimes={7: 2.0},
            masses={},
        ),
    )
    report_rates.main(job)
    table = pd.read_csv(tmp_path / "rates.csv")
    # A run that was left out has no live time.
    cutflow = tmp_path / "cutflow.csv"
    cutflow.write_text("run,step,cut\n7,all,\n8,left out,run 8: no file 'a.root'\n")
    job.params.livetimes[8], job.input.cutflow = 3.0, [cutflow]
    report_rates.main(job)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "rates.csv"), table)
    assert table["working_point"].tolist() == ["half", "half", "all", "all"]
    # Chosen on validation: the threshold that keeps both signal events.
    assert table["threshold"].tolist() == [0.5, 0.5, 0.7, 0.7]
    assert table["events"].tolist() == [100, 4, 100, 4]
    assert table["total"].tolist() == [2, 0, 2, 0]
    assert table["passed"].tolist() == [2, 0, 1, 0]
    assert table["rate"].tolist() == [25, 0.25, 25, 0.25]
    assert table["rate_left"].fillna(-1).tolist() == [25, -1, 12.5, -1]
    assert table["mass_kg"].isna().all()
