"""AUC and rejection factor in bins of the variable."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from helpers.scored_examples import evaluated, random_predictions
from runsieve.evaluation.separation import separation_table

BINS = {"edges": {"start": 0, "stop": 10, "step": 5}, "bootstrap": 50}


@pytest.mark.parametrize("classes", [["s", "b"], ["a", "b", "c"]])
def test_each_bin_is_counted_from_its_events(classes):
    events = evaluated(random_predictions(classes, events=60), **BINS)
    table, test = separation_table(events), events.test
    decided = table[table["working_point"] == "efficiency90"]
    for _, row in decided.iterrows():
        index = classes.index(row["class"])
        inside = (test.value >= row["low"]) & (test.value < row["high"])
        signal, score = (test.true == index)[inside], test.probability[inside, index]
        assert row["auc"] == pytest.approx(roc_auc_score(signal, score))
        assert row["auc_low"] < row["auc"] < row["auc_high"]
        accepted = (score[~signal] >= row["threshold"]).mean()
        assert row["rejection_factor"] == pytest.approx(1 / accepted)
        assert (row["signal"], row["background"]) == (signal.sum(), (~signal).sum())
    assert len(decided) == 2 * (1 if len(classes) == 2 else 3)


def test_an_empty_bin_is_empty():
    bins = {"edges": {"values": [0, 5, 10, 20, 30]}, "bootstrap": 10}
    table = separation_table(evaluated(random_predictions(["s", "b"]), **bins))
    empty = table[table["low"] == 20]
    assert len(empty) == 2
    assert empty[["auc", "auc_low", "rejection", "rejection_factor"]].isna().all(axis=None)
    assert (empty[["signal", "background"]] == 0).all(axis=None)


def test_without_a_variable_there_is_one_bin():
    table = separation_table(evaluated(random_predictions(["s", "b"]), bootstrap=10))
    assert len(table) == 2 and np.isnan(table["low"]).all()
