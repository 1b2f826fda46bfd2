"""What cleaning did: counted, and as a difference of models on the same test events."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.paired_scores import TRUE, predictions
from runsieve.errors import RunsieveError
from runsieve.evaluation.cleaning import compare_cleaned, found_labels, known_wrong
from runsieve.intervals import clopper_pearson

CLASSES = ["a", "b"]
EVENTS = pd.DataFrame(
    {"class": list("aaaabbbb"), "row": range(10, 18), "split": "train", "mislabelled": False}
)


def test_doubted_and_wrong_labels_are_counted():
    wrong = np.array([1, 1, 0, 0, 1, 0, 0, 0], bool)
    doubted = pd.DataFrame({"row": [10, 12, 14]})
    table = found_labels(EVENTS, doubted, CLASSES, wrong).set_index("class")
    assert table["events"].tolist() == [4, 4, 8]
    assert table["doubted"].tolist() == [2, 1, 3]
    assert table["wrong"].tolist() == [2, 1, 3]
    assert table["found"].tolist() == [1, 1, 2]
    assert table["precision"].tolist() == table["recall"].tolist() == [0.5, 1, 2 / 3]
    low, high = clopper_pearson([2], [3])
    ends = ["recall_low", "recall_high"]
    assert table.loc["all", ends].tolist() == pytest.approx([low[0], high[0]])


def test_nothing_is_said_of_wrong_labels_that_are_not_known():
    table = found_labels(EVENTS, EVENTS.head(2), CLASSES, None)
    assert table["doubted"].tolist() == [2, 0, 2]
    assert table.drop(columns=["class", "events", "doubted"]).isna().all(axis=None)


def test_the_simulated_process_comes_before_what_was_exchanged():
    processes = np.full((20, 1), 3)
    processes[10] = 1
    found = known_wrong(EVENTS, processes, {"a": [1], "b": []})
    assert found.tolist() == [False, True, True, True, False, False, False, False]
    exchanged = EVENTS.assign(mislabelled=EVENTS["row"] == 11)
    assert known_wrong(exchanged, None, {}).tolist() == (EVENTS["row"] == 11).tolist()
    assert known_wrong(EVENTS.drop(columns="mislabelled"), None, {}) is None


def test_models_are_compared_on_the_same_test_events():
    before = {("m", seed): predictions(0.5, seed) for seed in (1, 2)} | {
        ("x", 1): predictions(1, 3)
    }
    after = {("m", seed): predictions(2.0, seed + 5) for seed in (1, 2)}
    (row,) = compare_cleaned(before, after).to_dict("records")
    assert (row["model"], row["against"], row["seeds"]) == ("m", "label", 2)
    assert row["difference"] == pytest.approx(row["auc_after"] - row["auc_before"])
    assert row["difference"] > 3 * row["error"] and row["p"] < 0.01


def test_models_are_judged_by_the_truth_where_it_is_known():
    flipped = np.where(np.arange(len(TRUE)) % 10 == 0, 1 - TRUE, TRUE)
    known = [{("m", 1): replace(predictions(2, seed), truth=flipped)} for seed in (1, 2)]
    label, truth = compare_cleaned(*known).to_dict("records")
    assert truth["against"] == "truth" and truth["auc_before"] < label["auc_before"]


def test_other_test_events_are_refused():
    with pytest.raises(RunsieveError, match="not scored on the same events"):
        compare_cleaned({("m", 1): predictions(1, 1)}, {("m", 1): predictions(1, 1, 1 - TRUE)})
