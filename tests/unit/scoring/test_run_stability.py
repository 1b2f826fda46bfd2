"""Stability of scored runs: by hand, and p-values of runs that agree and that do not."""

import numpy as np
import pytest

from helpers.scored_runs import counts_of, cut_of
from runsieve.evaluation.p_values import equal_rates, homogeneity
from runsieve.intervals import clopper_pearson, garwood
from runsieve.scoring.counting import ScoredRun
from runsieve.scoring.stability import COLUMNS, stability_table

CUT = cut_of({"signal": 0.5})


def stability(rows, runs, cut=CUT):
    table = stability_table(counts_of(rows), cut, runs)
    assert list(table) == COLUMNS
    return table


def test_stability_by_hand():
    rows = [(1, 3, 0, 50, 50, 10), (1, 3, -1, 10, 10, 5), (2, 3, 0, 40, 20, 4), (2, 3, -1, 0, 0, 0)]
    runs = [ScoredRun(1, "a", 3.0), ScoredRun(2, "a", 2.0)]
    table = stability(rows, runs)
    single = table[table["channel"] == 3].set_index("run")
    assert single["selected"].to_dict() == {1: 60, 2: 40, "all": 100}  # also outside of the bins
    assert single["left_out"].to_dict() == {1: 0, 2: 20, "all": 20}
    assert single["kept"].to_dict() == {1: 15, 2: 4, "all": 19}
    assert single["fraction"].to_dict() == {1: 0.25, 2: 0.2, "all": 19 / 80}
    assert single["fraction_high"][1] == pytest.approx(clopper_pearson(15, 60)[1])
    assert single["rate"][1] == 5 and single["rate"][2] == 4
    assert single["rate_low"][1] == pytest.approx(garwood(15)[0] / 3)
    assert single["livetime_days"].to_dict() == {1: 3, 2: 2, "all": 5}
    assert set(single["p_fraction"]) == {homogeneity(np.array([15, 4]), np.array([60, 20]))}
    # Half of the second run was counted, so that it is one day.
    assert set(single["p_rate"]) == {equal_rates(np.array([15, 4]), np.array([3, 1]))}
    assert table[table["channel"] == "all"]["kept"].tolist() == single["kept"].tolist()


def test_runs_without_live_time_have_no_rate_and_are_not_compared_by_it():
    rows = [(run, 3, 0, 100, 100, kept) for run, kept in ((1, 10), (2, 12), (4, 90))]
    runs = [ScoredRun(1, "a", 1.0), ScoredRun(2, "a", 1.0), ScoredRun(4, "a")]
    table = stability(rows, runs)
    assert table.loc[table["run"].isin([4, "all"]), "rate"].isna().all()
    assert table["p_rate"].min() > 0.5
    assert table["p_fraction"].max() < 1e-6


def test_a_single_run_has_nothing_to_agree_with():
    table = stability([(1, 3, 0, 100, 100, 10)], [ScoredRun(1, "a", 1.0)])
    assert table[["p_rate", "p_fraction"]].isna().all(axis=None)


def test_without_a_threshold_nothing_is_known():
    runs = [ScoredRun(1, "a", 1.0), ScoredRun(2, "a", 1.0)]
    table = stability([(1, 3, 0, 5, 5, 0), (2, 3, 0, 5, 5, 0)], runs, cut_of({"signal": None}))
    unknown = ["kept", "fraction", "fraction_low", "rate", "rate_high", "p_rate", "p_fraction"]
    assert table[unknown].isna().all(axis=None)


@pytest.mark.parametrize("fraction", [0.1, 1])
@pytest.mark.parametrize("seen", [1, 0.3])
@pytest.mark.parametrize("mean", [3, 200])
def test_p_values_of_equal_rates_are_uniform_or_too_large(mean, seen, fraction):
    """seen: of the selected events, those that no model has learnt from; fraction: that is kept."""
    rng, found = np.random.default_rng(2), []
    days = rng.uniform(0.5, 2, 6)
    for _ in range(300):
        selected = rng.poisson(mean / fraction * days)
        counted = rng.binomial(selected, seen)
        known = (counted > 0) | (selected == 0)
        scale = np.where(selected > 0, counted / np.maximum(selected, 1), 1)
        kept = rng.binomial(counted, fraction)
        found.append(equal_rates(kept[known], (days * scale)[known]))
    found = np.array(found)[~np.isnan(found)]
    assert np.mean(found < 0.1) < 0.1 + 3 * np.sqrt(0.09 / len(found))
    assert np.mean(found) > 0.5 - 4 * np.sqrt(1 / 12 / len(found))


def test_a_run_with_twice_the_rate_is_noticed():
    rows = [(run, 0, 0, 1000, 1000, 50 if run != 3 else 100) for run in range(6)]
    table = stability(rows, [ScoredRun(run, "a", 2.0) for run in range(6)])
    assert table["p_rate"].max() < 1e-3 and table["p_fraction"].max() < 1e-3
