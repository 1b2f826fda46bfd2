import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.scored_examples import EDGES, printed_predictions, printed_table, random_predictions
from runsieve.evaluation.efficiency import efficiency_table, efficiency_text, outside, score_columns
from runsieve.evaluation.predictions import Predictions
from runsieve.intervals import clopper_pearson, ratio


def test_all_printed_efficiencies_follow():
    table = efficiency_table(printed_predictions(), "energy", EDGES)
    printed = printed_table()
    assert np.allclose(100 * table["efficiency"], printed["efficiency_percent"], atol=0.005)
    columns = score_columns(20)
    assert (table[columns].to_numpy() == printed[columns].to_numpy()).all()


def test_printed_totals_stand_in_the_text():
    table = efficiency_table(printed_predictions(), "energy", EDGES)
    text = efficiency_text(table, {}, "energy [keV]", {})
    last = "efficiency 81.75 %   rejection 90.00 %   accuracy 85.88 %"
    assert text.splitlines()[-1] == last
    assert "0 - 0.5" in text and " 93.94 %   86.50 -  97.84 %" in text


@pytest.mark.parametrize(
    ("passed", "total", "low", "high"),
    [(31, 33, 0.8650, 0.9784), (5, 5, 0.6920, 1), (0, 33, 0, 0.0543), (118, 157, 0.7123, 0.7874)],
)
def test_clopper_pearson_is_that_of_root(passed, total, low, high):
    assert clopper_pearson(passed, total) == pytest.approx((low, high), abs=5e-5)


def test_nothing_of_nothing_is_no_number():
    assert np.isnan(clopper_pearson(0, 0)).all()
    assert np.isnan(ratio(0, 0))


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_hold_the_share_and_shrink(counts):
    passed, total = counts
    low, high = clopper_pearson(passed, total)
    more_low, more_high = clopper_pearson(10 * passed, 10 * total)
    assert 0 <= low <= passed / total <= high <= 1
    assert more_high - more_low < high - low


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_totals_add_up(seed):
    predictions = random_predictions(["a", "b", "c"], events=15, seed=seed)
    table = efficiency_table(predictions, "energy", EDGES, score_bins=8)
    left_out = outside(predictions, EDGES)
    inside = table.groupby("class")["total"].sum()
    for index, name in enumerate(predictions.classes):
        assert inside[name] + left_out[name] == (predictions.true == index).sum()
    assert (table[score_columns(8)].sum(axis=1) == table["total"]).all()
    assert (table["passed"] <= table["total"]).all()


def test_edges_and_scores_at_the_ends():
    score = np.array([0.0, 0.5, 1.0, 0.2])
    two = Predictions(
        ("s", "b"),
        np.zeros(4, int),
        np.stack([score, 1 - score], axis=1),
        np.array(["test"] * 4),
        np.array([0.0, 1.0, 2.0, np.nan]),
    )
    table = efficiency_table(two, "x", np.array([0.0, 1.0, 2.0]), score_bins=2)
    signal = table[table["class"] == "s"]
    assert signal["total"].tolist() == [1, 2]
    assert signal["passed"].tolist() == [0, 2]
    assert signal["score_0.50"].tolist() == [0, 2]
    assert outside(two, np.array([0.0, 1.0, 2.0])) == {"s": 1, "b": 0}
    assert table[table["class"] == "b"]["efficiency"].isna().all()


def test_without_variable_one_row_a_class():
    predictions = random_predictions(["a", "b", "c"])
    table = efficiency_table(predictions, None, None)
    assert table["class"].tolist() == ["a", "b", "c"]
    assert table[["variable", "low", "high"]].isna().all(axis=None)
    assert table["total"].sum() == len(predictions)
    text = efficiency_text(table, {"a": "Alpha"}, "energy", {})
    assert "Alpha: events by score" in text and "all bins" not in text
    assert "efficiency of Alpha" in text.splitlines()[-1]


def test_text_tells_what_is_outside():
    predictions = random_predictions(["s", "b"])
    table = efficiency_table(predictions, "energy", EDGES)
    assert "3 more outside the bins" in efficiency_text(table, {}, "energy", {"s": 3, "b": 0})


def test_names_of_score_columns():
    assert score_columns(20)[:2] == ["score_0.00", "score_0.05"]
    assert len(set(score_columns(40))) == 40
