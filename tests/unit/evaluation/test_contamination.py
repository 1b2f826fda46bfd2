"""The estimated contamination is unbiased and covers where noise has no high score."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from helpers.mixtures import edges_of, scored, toys
from helpers.scored_examples import random_predictions
from runsieve.errors import RunsieveError
from runsieve.evaluation.contamination import contamination_table
from runsieve.evaluation.fraction_ratio import fraction_ratio_interval
from runsieve.intervals import LEVEL

LOW_CUT = 0.72  # log odds: keeps 90 % of the signal of the toys
THRESHOLDS = {"loose": float(1 / (1 + np.exp(-LOW_CUT)))}


def counts_above(test, cut, bins):
    """Events above the cut of each bin and all, of signal and of background: counted again."""
    result = []
    for label in (1, 0):
        mine = (test.true == label) & (test.value >= -0.5) & (test.value < bins)
        place = test.value[mine].astype(int)
        result.append(np.bincount(place[test.score[mine] >= cut[place]], minlength=bins))
        result.append(np.bincount(place, minlength=bins))
    return result


def pulls(counts, value):
    """(estimate - value) / error, with the error on the side of the value.

    The bound at 1 is left out: an estimate that is clipped there has no Gaussian pull.
    """
    passed, total, other_passed, other_total = counts
    estimate = passed / total / (other_passed / other_total)
    low, high = fraction_ratio_interval(*counts, at_most_one=False)
    return (estimate - value) / np.where(estimate >= value, estimate - low, high - estimate)


@pytest.mark.parametrize("events", [50, 250, 1000])
@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9])
def test_pulls(fraction, events):
    """Of 500 toys: the mean of 100 would fluctuate by half of what it may deviate."""
    test, _ = toys(500, events, fraction, seed=6)
    reference, _ = toys(500, 50, fraction, seed=4)
    table = contamination_table(test, "x", edges_of(500), {}, reference=reference)
    pull = pulls(counts_above(test, table["cut"].to_numpy()[:-1], 500), fraction)
    assert abs(pull.mean()) < 0.2
    assert abs(pull.std() - 1) < 0.2


@pytest.fixture(scope="module", params=[0.1, 0.5, 0.9])
def many(request):
    """A true fraction and the table of 3000 toys with 100 events of each class."""
    test, like = toys(3000, 100, request.param, seed=5)
    reference, _ = toys(3000, 40, request.param, seed=6)
    settings = {"reference": reference, "signal_like": like}
    table = contamination_table(test, "x", edges_of(3000), THRESHOLDS, **settings)
    return request.param, table.iloc[:-1], table.iloc[-1]


def covered(table, name, value):
    part = table[[f"{name}_low", f"{name}_high"]].dropna()
    return ((part[f"{name}_low"] <= value) & (value <= part[f"{name}_high"])).mean()


def test_coverage(many):
    fraction, table, _ = many
    assert covered(table, "contamination_estimated", fraction) == pytest.approx(LEVEL, abs=0.02)


def test_coverage_of_the_corrected_rejection(many):
    _, table, _ = many
    true = norm.cdf(LOW_CUT, -2)
    got = covered(table, "rejection_loose_estimated", true)
    assert got == pytest.approx(LEVEL, abs=0.02)


def test_error_of_the_change_with_the_stricter_cut(many):
    _, table, _ = many
    pull = table["contamination_change"] / table["contamination_change_error"]
    assert abs(pull.mean()) < 0.2 and abs(pull.std() - 1) < 0.2


def test_all_bins_are_their_mean(many):
    fraction, table, whole = many
    assert whole["signal"] == table["signal"].sum()
    assert whole["contamination_true"] == pytest.approx(table["contamination_true"].mean())
    low, high = whole["contamination_estimated_low"], whole["contamination_estimated_high"]
    assert 0 < high - low < 0.01
    assert whole["contamination_estimated"] == pytest.approx(fraction, abs=2 * (high - low))
    value, *ends = (whole[f"rejection_loose_estimated{end}"] for end in ("", "_low", "_high"))
    assert abs(value - norm.cdf(LOW_CUT, -2)) < 3 * (ends[1] - ends[0]) / 2


@pytest.mark.parametrize(("fraction", "events"), [(0.1, 1000), (0.5, 250), (0.9, 250)])
def test_the_lowest_ratio_over_many_cuts_is_biased_low(fraction, events):
    """Why the cut is fixed: the minimum of many ratios follows their fluctuations."""
    test, _ = toys(100, events, fraction, seed=7)
    signal, background = np.sort(test.score.reshape(2, 100, events), axis=2)
    kept = np.arange(events // 20, events, events // 20)
    cuts = signal[:, events - kept]
    passed = np.array(
        [(b[:, None] >= c).sum(axis=0) for b, c in zip(background, cuts, strict=True)]
    )
    best = (passed / kept).argmin(axis=1)
    chosen = passed[np.arange(100), best]
    pull = pulls((chosen, np.full(100, events), kept[best], np.full(100, events)), fraction)
    assert pull.mean() < -0.5


def test_noise_above_the_cut_raises_the_estimate_and_the_change_shows_it():
    test, _ = toys(50, 2000, 0.1, noise=0.5, seed=8)
    table = contamination_table(test, "x", edges_of(50), {})
    assert (table["contamination_estimated"] > 0.1).all()
    assert (
        table["contamination_change"].iloc[-1] < -5 * table["contamination_change_error"].iloc[-1]
    )


def example():
    """One bin by hand: 8 of 16 signal and 6 of 40 background events above the cut."""
    signal = np.arange(56) < 16
    log_odds = np.repeat([3.0, 1.0, -1.0, 3.0, 1.0, -1.0], [8, 6, 2, 6, 9, 25])
    return scored(signal, log_odds, np.ones(56))


def test_one_bin_by_hand():
    table = contamination_table(example(), "x", np.array([0, 2]), {"half": 0.5, "tight": 0.99})
    row = table.iloc[0]
    f, efficiency, rejection = 0.15 / 0.5, 14 / 16, 25 / 40
    assert row["contamination_estimated"] == pytest.approx(f)
    assert row["efficiency_half"] == pytest.approx(efficiency)
    assert row["rejection_half"] == pytest.approx(rejection)
    corrected = (rejection - f * (1 - efficiency)) / (1 - f)
    assert row["rejection_half_estimated"] == pytest.approx(corrected)
    assert row["rejection_half_estimated_low"] < corrected < row["rejection_half_estimated_high"]
    assert row["rejection_tight"] == 1 and np.isnan(row["rejection_tight_estimated"])
    assert list(row[["signal", "background", "low", "high"]]) == [16, 40, 0, 2]


def test_truth_stands_beside_the_estimate():
    like = np.zeros(56, dtype=bool)
    like[16:26] = True
    table = contamination_table(example(), "x", np.array([0, 2]), {"half": 0.5}, signal_like=like)
    assert table["contamination_true"].tolist() == [0.25, 0.25]
    # Of the 30 noise events, 25 have log odds of -1.
    assert table["rejection_half_true"].tolist() == pytest.approx([25 / 30] * 2)


def test_bins_without_events_are_blank():
    test = example()
    other = scored(np.arange(3) < 1, np.zeros(3), np.array([3.0, 5.0, 5.0]))
    both = [
        np.concatenate(pair)
        for pair in zip(
            (test.true, test.score, test.value), (other.true, other.score, other.value), strict=True
        )
    ]
    merged = scored(both[0] == 0, np.log(both[1] / (1 - both[1])), both[2])
    table = contamination_table(merged, "x", np.array([0.0, 2, 4, 6, 8]), {"half": 0.4})
    columns = [name for name in table if "contamination" in name or name.endswith("_estimated")]
    assert table.loc[1:3, columns].isna().all(axis=None)
    assert table.loc[1, "efficiency_half"] == 1 and np.isnan(table.loc[1, "rejection_half"])
    assert table[["signal", "background"]].to_numpy()[1:4].tolist() == [[1, 0], [0, 2], [0, 0]]
    alone = contamination_table(test, "x", np.array([0.0, 2]), {"half": 0.4})
    pd.testing.assert_series_equal(
        table.loc[4, columns], alone.loc[1, columns], check_names=False, check_dtype=False
    )


def test_background_like_the_signal_has_no_noise_to_reject():
    signal = np.arange(400) < 200
    test = scored(signal, np.tile(np.arange(200.0) / 50, 2), np.zeros(400))
    row = contamination_table(test, None, None, {"all": 0.6}).iloc[0]
    assert row["contamination_estimated"] == row["contamination_estimated_high"] == 1
    assert row["contamination_estimated_low"] > 0.8
    assert np.isnan(row["rejection_all_estimated"])
    assert (row["rejection_all_estimated_low"], row["rejection_all_estimated_high"]) == (0, 1)


def test_without_bins_two_equal_rows_of_all_events():
    test, _ = toys(1, 400, 0.5, seed=9)
    table = contamination_table(test, None, None, THRESHOLDS)
    assert table[["low", "high", "variable"]].isna().all(axis=None)
    assert table["background"].tolist() == [400, 400]
    estimates = table["contamination_estimated"]
    assert estimates[0] == pytest.approx(estimates[1], rel=0.01)


@pytest.mark.parametrize("few", [2, 40])
def test_cuts_come_from_the_reference_where_it_has_enough_signal(few):
    test, _ = toys(1, 200, 0.5, seed=10)
    reference = scored(np.ones(few, dtype=bool), np.full(few, 2.5), np.zeros(few))
    cut = contamination_table(test, "x", edges_of(1), {}, reference=reference)["cut"][0]
    own = np.sort(test.score[test.true == 0])[100]
    assert cut == (reference.score[0] if few == 40 else own)


@settings(max_examples=10)
@given(st.floats(0.1, 10), st.integers(0, 2**32 - 1))
def test_equal_weights_change_nothing(weight, seed):
    test, _ = toys(3, 60, 0.4, seed=seed)
    plain = contamination_table(test, "x", edges_of(3), THRESHOLDS)
    weights = np.full(len(test), weight)
    weighted = contamination_table(test, "x", edges_of(3), THRESHOLDS, weight=weights)
    pd.testing.assert_frame_equal(plain, weighted, rtol=1e-6, atol=1e-9)


def test_uneven_weights_count_fewer_events():
    test, _ = toys(1, 500, 0.4, seed=11)
    weights = np.random.default_rng(12).exponential(1, len(test))
    plain = contamination_table(test, "x", edges_of(1), THRESHOLDS).iloc[0]
    weighted = contamination_table(test, "x", edges_of(1), THRESHOLDS, weight=weights).iloc[0]
    for name in ("contamination_estimated", "efficiency_loose", "rejection_loose_estimated"):
        widths = [row[f"{name}_high"] - row[f"{name}_low"] for row in (weighted, plain)]
        assert 1.2 < widths[0] / widths[1] < 1.8
    chosen = (test.true == 1) & (test.score < THRESHOLDS["loose"])
    assert weighted["rejection_loose"] == pytest.approx(
        weights[chosen].sum() / weights[test.true == 1].sum()
    )


@settings(max_examples=15)
@given(st.integers(1, 12), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_estimates_of_few_events_stay_between_0_and_1(events, fraction, seed):
    test, _ = toys(4, events, fraction, noise=0, seed=seed)
    table = contamination_table(test, "x", edges_of(4), THRESHOLDS)
    for name in ("contamination_estimated", "rejection_loose_estimated"):
        low, high, value = table[f"{name}_low"], table[f"{name}_high"], table[name]
        known = low.notna()
        assert (known == high.notna()).all()
        assert (low[known] >= 0).all() and (high[known] <= 1).all()
        assert (low[known] < high[known]).all()
        inside = value.notna()
        assert ((value >= low - 1e-9) & (value <= high + 1e-9))[inside].all()


def test_three_classes_are_refused():
    with pytest.raises(RunsieveError, match=r"two classes expected, .* found 3"):
        contamination_table(random_predictions(["a", "b", "c"]), None, None, {})
