import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.scored_examples import (
    EDGES,
    POINTS,
    printed_predictions,
    printed_table,
    random_predictions,
)
from runsieve.evaluation.efficiency import (
    efficiency_table,
    outside,
    score_columns,
    score_histogram,
)
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision, decisions
from runsieve.intervals import clopper_pearson, ratio

HALF = Decision("half", POINTS["half"], (0.5,))
LIKELIEST = Decision("most_probable", None, ())


def test_all_printed_efficiencies_follow():
    table = efficiency_table(printed_predictions(), HALF, "energy", EDGES)
    printed = printed_table()
    assert np.allclose(100 * table["efficiency"], printed["efficiency_percent"], atol=0.005)
    columns = score_columns(20)
    histogram = score_histogram(printed_predictions(), "energy", EDGES)
    assert (histogram[columns].to_numpy() == printed[columns].to_numpy()).all()


def test_every_working_point_has_its_threshold_in_the_table():
    events = random_predictions(["s", "b"])
    for decision in decisions(POINTS, events):
        table = efficiency_table(events, decision, "energy", EDGES)
        assert (table["threshold"] == decision.threshold(0)).all()
        assert (table["working_point"] == decision.name).all()


@pytest.mark.parametrize("classes", [["s", "b"], ["a", "b", "c"]])
def test_what_is_left_of_other_classes(classes):
    events = random_predictions(classes)
    for decision in decisions(POINTS, events):
        table = efficiency_table(events, decision, "energy", EDGES).set_index(["class", "low"])
        for (name, low), row in table.iterrows():
            label = classes.index(name)
            others = (events.value >= low) & (events.value < row["high"]) & (events.true != label)
            score = events.probability[others]
            if decision.settings is None:
                taken = score.argmax(axis=1) == label
            elif len(classes) == 2:
                taken = (score[:, 0] >= decision.threshold(0)) == (label == 0)
            else:
                taken = score[:, label] >= decision.threshold(label)
            assert (row["others"], row["others_passed"]) == (len(taken), taken.sum())
            if len(taken):
                low_end, high_end = map(float, clopper_pearson(taken.sum(), len(taken)))
                found = [row["left"], row["left_low"], row["left_high"]]
                assert found == pytest.approx([taken.mean(), low_end, high_end])
    if len(classes) == 2:
        np.testing.assert_allclose(table.loc["s", "left"], 1 - table.loc["b", "efficiency"])


def test_weights_count_in_the_efficiency():
    two = Predictions(
        ("s", "b"),
        np.array([0, 0, 0, 1]),
        np.array([[0.9, 0.1], [0.2, 0.8], [0.8, 0.2], [0.1, 0.9]]),
        np.full(4, "test"),
        weight=np.array([1.0, 2.0, 1.0, 1.0]),
    )
    row = efficiency_table(two, HALF, None, None).iloc[0]
    assert (row["total"], row["passed"]) == (3, 2)
    assert row["efficiency"] == pytest.approx(0.5)
    # Kish: (1 + 2 + 1)^2 / (1 + 4 + 1) events.
    low, high = map(float, clopper_pearson(8 / 6, 16 / 6))
    assert (row["efficiency_low"], row["efficiency_high"]) == pytest.approx((low, high))


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
    table = efficiency_table(predictions, LIKELIEST, "energy", EDGES)
    histogram = score_histogram(predictions, "energy", EDGES, score_bins=8)
    left_out = outside(predictions, EDGES)
    inside = table.groupby("class")["total"].sum()
    for index, name in enumerate(predictions.classes):
        assert inside[name] + left_out[name] == (predictions.true == index).sum()
    assert (histogram[score_columns(8)].sum(axis=1) == table["total"]).all()
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
    table = efficiency_table(two, HALF, "x", np.array([0.0, 1.0, 2.0]))
    histogram = score_histogram(two, "x", np.array([0.0, 1.0, 2.0]), score_bins=2)
    signal = table[table["class"] == "s"]
    assert signal["total"].tolist() == [1, 2]
    assert signal["passed"].tolist() == [0, 2]
    assert histogram[histogram["class"] == "s"]["score_0.50"].tolist() == [0, 2]
    assert outside(two, np.array([0.0, 1.0, 2.0])) == {"s": 1, "b": 0}
    assert table[table["class"] == "b"]["efficiency"].isna().all()


def test_without_variable_one_row_a_class():
    predictions = random_predictions(["a", "b", "c"])
    table = efficiency_table(predictions, LIKELIEST, None, None)
    assert table["class"].tolist() == ["a", "b", "c"]
    assert table[["variable", "low", "high"]].isna().all(axis=None)
    assert table["total"].sum() == len(predictions)


def test_names_of_score_columns():
    assert score_columns(20)[:2] == ["score_0.00", "score_0.05"]
    assert len(set(score_columns(40))) == 40
