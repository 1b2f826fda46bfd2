"""Spectra of scored runs: by hand, blank where nothing is known, and how often intervals cover."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.scored_examples import POINTS, random_predictions
from helpers.scored_runs import counts_of, cut_of, efficiency_of
from runsieve.config.base import Edges
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.efficiency import efficiency_table
from runsieve.evaluation.working_points import decisions
from runsieve.intervals import LEVEL, clopper_pearson, garwood
from runsieve.scoring.counting import ScoredRun
from runsieve.scoring.cut import efficiencies, headline_cut
from runsieve.scoring.spectrum import COLUMNS, spectrum_table

REPORT = Report(edges=Edges(values=[0, 2, 10]))
CUT = cut_of({"signal": 0.5})
NO_VARIABLE = Report(variable=None)


def spectrum(rows, runs, report=REPORT, cut=CUT, masses=None, efficiency=None) -> pd.DataFrame:
    bins = 1 if report.bin_edges is None else 2
    efficiency = efficiency_of(bins) if efficiency is None else efficiency
    table = spectrum_table(counts_of(rows), cut, efficiency, runs, report, masses or {})
    assert list(table) == COLUMNS
    return table


def single(table: pd.DataFrame, channel=3) -> pd.DataFrame:
    return table[(table["run"] != "all") & (table["channel"] == channel)].reset_index(drop=True)


def test_spectra_by_hand():
    rows = [(1, 3, 0, 100, 100, 18), (1, 3, 1, 40, 40, 0), (1, 3, -1, 7, 7, 7)]
    table = single(spectrum(rows, [ScoredRun(1, "physics", 5.0)], masses={3: 2.0}))
    assert table["low"].tolist() == [0, 2] and table["high"].tolist() == [2, 10]
    assert table["selected"].tolist() == [100, 40] and table["kept"].tolist() == [18, 0]
    assert table["left_out"].tolist() == [0, 0]
    assert table["fraction"].tolist() == [0.18, 0]
    assert table["fraction_high"][1] == pytest.approx(clopper_pearson(0, 40)[1])
    np.testing.assert_allclose(table["kept_scaled_low"], garwood([18, 0])[0])
    np.testing.assert_allclose(table["kept_scaled_high"], garwood([18, 0])[1])
    assert table["corrected"].tolist() == [20, 0]
    assert table["corrected_low"][1] == 0
    assert table["corrected_high"][1] == pytest.approx(garwood(0)[1] / 0.9)
    # 5 days, 2 kg, and bins of 2 and 8 keV.
    for name, number in (
        ("selected", "selected"),
        ("kept", "kept_scaled"),
        ("corrected", "corrected"),
    ):
        np.testing.assert_allclose(table[f"rate_{name}"], table[number] / [20, 80])
    np.testing.assert_allclose(table["rate_selected_low"], garwood([100, 40])[0] / [20, 80])
    np.testing.assert_allclose(table["rate_corrected_high"], table["corrected_high"] / [20, 80])
    assert set(table["unit"]) == {"keV"} and set(table["working_point"]) == {"tight"}


def test_errors_of_counts_and_of_the_efficiency_add_in_quadrature():
    rows = [(1, 3, 0, 10**7, 10**7, 1000), (1, 3, 1, 1, 1, 1)]
    many, few = (
        single(spectrum(rows, [ScoredRun(1, "a")], efficiency=efficiency_of(2, passed, total)))
        for passed, total in ((9 * 10**6, 10**7), (90, 100))
    )
    counts = (many["corrected_high"] - many["corrected"])[0] / many["corrected"][0]
    assert counts == pytest.approx(garwood(1000)[1] / 1000 - 1, rel=1e-3)
    both = (few["corrected_high"] - few["corrected"])[0] / few["corrected"][0]
    efficiency = 0.9 / clopper_pearson(90, 100)[0] - 1
    assert both == pytest.approx(np.hypot(counts, efficiency), rel=1e-3)


def test_what_the_model_has_learnt_from_is_scaled_up():
    rows = [(1, 3, 0, 100, 20, 9), (1, 3, 1, 50, 0, 0)]
    table = single(spectrum(rows, [ScoredRun(1, "a", 1.0)]))
    assert table["left_out"].tolist() == [80, 50]
    assert table["fraction"][0] == 0.45 and table["kept_scaled"][0] == 45
    assert table["corrected"][0] == pytest.approx(50)
    # The relative error of 9 events would be a third; of 9 in 20 it is a quarter.
    assert (table["kept_scaled_high"] / table["kept_scaled"])[0] < (garwood(9)[1] / 9)
    unknown = [name for name in COLUMNS if name.split("_")[0] in ("fraction", "corrected")]
    unknown += ["kept_scaled", "kept_scaled_low", "rate_kept", "rate_corrected_high"]
    assert table.loc[1, unknown].isna().all()
    assert table["rate_selected"][1] == 50 / 8
    uneven = single(spectrum(rows, [ScoredRun(1, "a", 1.0, evenly=False)]))
    assert uneven["fraction"][0] == 0.45
    assert uneven.loc[0, ["kept_scaled", "kept_scaled_low", "corrected", "rate_kept"]].isna().all()


def test_nothing_selected_is_a_number_and_nothing_known_is_none():
    rows = [(1, 3, 0, 0, 0, 0), (1, 3, 1, 5, 5, 5)]
    runs = [ScoredRun(1, "a")]
    table = single(spectrum(rows, runs, efficiency=efficiency_of(2).assign(efficiency=[0.5, 0])))
    assert table["kept"][0] == 0 and table["kept_scaled"][0] == 0
    assert table["kept_scaled_high"][0] == pytest.approx(garwood(0)[1])
    assert np.isnan(table["fraction"][0])
    # No test event has passed in the second bin, so that no efficiency is known.
    assert table.loc[1, ["corrected", "corrected_low", "corrected_high"]].isna().all()
    assert table["kept_scaled"][1] == 5
    rates = [name for name in COLUMNS if name.startswith("rate_")]
    assert table[rates].isna().all(axis=None)


def test_without_a_threshold_nothing_is_known_of_what_is_kept():
    cut = cut_of({"signal": None})
    table = single(
        spectrum([(1, 3, 0, 9, 9, 0), (1, 3, 1, 9, 9, 0)], [ScoredRun(1, "a", 1)], cut=cut)
    )
    unknown = ["threshold", "kept", "fraction", "fraction_high", "kept_scaled", "kept_scaled_low"]
    unknown += ["kept_scaled_high", "corrected", "corrected_low", "rate_kept", "rate_kept_low"]
    assert table[unknown].isna().all(axis=None)
    assert table["rate_selected"].notna().all()


def test_all_runs_and_channels_have_their_live_time_and_mass():
    rows = [
        (run, channel, place, 10, 10, 5) for run in (1, 2) for channel in (3, 4) for place in (0, 1)
    ]
    runs = [ScoredRun(1, "a", 2.0), ScoredRun(2, "a", 3.0)]
    table = spectrum(rows, runs, masses={3: 8.0, 4: 12.0})
    whole = table[(table["run"] == "all") & (table["channel"] == "all")]
    assert set(whole["livetime_days"]) == {5} and set(whole["mass_kg"]) == {20}
    assert whole["rate_selected"].tolist() == [40 / 200, 40 / 800]
    one = table[(table["run"] == 2) & (table["channel"] == 3)]
    assert one["rate_kept"].tolist() == [5 / 48, 5 / 192]
    table = spectrum(rows, [runs[0], ScoredRun(2, "a")])
    assert table.loc[table["run"] == "all", "rate_selected"].isna().all()
    assert table.loc[table["run"] == 1, "rate_selected"].notna().all()
    assert table["mass_kg"].isna().all()
    assert table["rate_selected"].tolist()[0] == 10 / 4


def test_without_a_variable_rates_are_of_all_events():
    table = single(spectrum([(1, 3, 0, 60, 60, 9)], [ScoredRun(1, "a", 3.0)], NO_VARIABLE))
    assert table["rate_selected"].tolist() == [20] and table["corrected"].tolist() == [10]
    assert table[["low", "high", "variable", "unit"]].isna().all(axis=None)


def toys(rng, mean, seen, fraction, efficiency, tests, size=4000):
    """Corrected spectra of runs, and what is true of each: the number of events of the signal.

    fraction: of the selected events that are signal; seen: of those that a model has not seen
    """
    signal = rng.poisson(mean * fraction, size)
    rest = rng.poisson(mean * (1 - fraction), size)
    counted = rng.binomial(signal, seen), rng.binomial(rest, seen)
    kept = rng.binomial(counted[0], efficiency)
    passed = rng.binomial(tests, efficiency, size)
    low, high = clopper_pearson(passed, np.full(size, tests))
    found = pd.DataFrame(
        {"efficiency": passed / tests, "efficiency_low": low, "efficiency_high": high}
    )
    about = {"class": "signal", "bin": np.arange(size), "efficiency_events": tests}
    rows = {"run": 1, "channel": 3, "bin": np.arange(size), "selected": signal + rest}
    rows |= {"counted": counted[0] + counted[1], "kept": kept, "class": "signal"}
    report = Report(edges=Edges(start=0, stop=size, step=1))
    run = [ScoredRun(1, "a", 2.0)]
    table = spectrum_table(pd.DataFrame(rows), CUT, found.assign(**about), run, report, {})
    return single(table).dropna(subset=["corrected"])


@pytest.mark.parametrize("tests", [20, 300])
@pytest.mark.parametrize("efficiency", [0.4, 0.95])
@pytest.mark.parametrize("fraction", [0.05, 1])
@pytest.mark.parametrize("seen", [0.2, 1])
@pytest.mark.parametrize("mean", [30, 2000])
def test_intervals_cover_at_least_their_level(mean, seen, fraction, efficiency, tests):
    table = toys(np.random.default_rng(5), mean, seen, fraction, efficiency, tests)
    assert len(table) > 3000
    truths = {"corrected": mean * fraction, "kept_scaled": mean * fraction * efficiency}
    truths |= {"rate_corrected": mean * fraction / 2}
    for name, truth in truths.items():
        covered = (table[f"{name}_low"] <= truth) & (truth <= table[f"{name}_high"])
        assert covered.mean() > LEVEL - 3 * np.sqrt(LEVEL * (1 - LEVEL) / len(table)), name
        if mean * fraction * seen > 300 and tests == 300 and seen == 1:  # and not much more
            assert covered.mean() < 0.76, name


@pytest.mark.parametrize("classes", [["signal", "background"], ["a", "b", "c"]])
def test_efficiencies_are_those_of_the_report_at_the_same_threshold(classes):
    scored = random_predictions(classes, seed=3)
    scored = replace(scored, value=np.tile([1.0, 3, 5], len(scored) // 3))
    points = {"half": POINTS["half"], "efficiency90": POINTS["efficiency90"]}
    cut = headline_cut(points, scored)
    assert cut.decision.name == "efficiency90"
    kept = classes[:1] if len(classes) == 2 else classes
    assert list(cut.columns) == kept
    named = "pass_efficiency90" if len(classes) == 2 else "pass_efficiency90_b"
    assert named in cut.columns.values()
    table = efficiencies(cut, scored, REPORT)
    assert table["class"].tolist() == [one for one in kept for _ in range(2)]
    assert table["bin"].tolist() == [0, 1] * len(kept)
    decision = decisions(points, scored)[-1]
    expected = efficiency_table(scored.part("test"), decision, "energy", REPORT.bin_edges)
    expected = expected[expected["class"].isin(kept)]
    for name in ("efficiency", "efficiency_low", "efficiency_high"):
        assert table[name].tolist() == expected[name].tolist()
    thresholds = [cut.thresholds[one] for one in kept for _ in range(2)]
    assert thresholds == expected["threshold"].tolist()
    assert len(efficiencies(cut, scored, NO_VARIABLE)) == len(kept)


def test_without_a_fixed_efficiency_the_first_working_point_is_quoted():
    scored = random_predictions(["signal", "background"], seed=3)
    points = {"clean": WorkingPoint(background_rejection=0.9), "half": POINTS["half"]}
    assert headline_cut(points, scored).decision.name == "clean"
