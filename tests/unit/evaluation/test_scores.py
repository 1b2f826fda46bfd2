"""Scores of a sample, event by event, in a table."""

import numpy as np
import pandas as pd
import pytest

from runsieve.errors import RunsieveError
from runsieve.evaluation.scores import classes_of, score_table

EVENTS = pd.DataFrame(
    {
        "run": [1, 1, 2],
        "event": [5, 4, 5],
        "channel": [3, 3, 3],
        "class": ["signal", "background", "signal"],
        "energy": [1.0, 2.0, 3.0],
        "split": ["train", "validation", "test"],
        "weight": [1.5, 0.5, 1.0],
    },
    index=[7, 8, 9],
)
PROBABILITIES = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])


def test_score_table():
    scores = score_table(EVENTS, PROBABILITIES, ["signal", "background"], "energy")
    assert list(scores.columns) == [
        "run", "event", "channel", "class", "energy", "split", "weight", "p_signal", "p_background",
    ]  # fmt: skip
    assert list(scores["event"]) == [5, 4, 5]
    assert list(scores["weight"]) == [1.5, 0.5, 1.0]
    assert list(scores.index) == [0, 1, 2]
    np.testing.assert_allclose(scores["p_background"], PROBABILITIES[:, 1], rtol=1e-6)


def test_score_table_without_a_variable():
    scores = score_table(EVENTS, PROBABILITIES, ["signal", "background"], None)
    assert "energy" not in scores.columns


def test_score_table_names_what_does_not_fit():
    with pytest.raises(RunsieveError, match="no column momentum"):
        score_table(EVENTS, PROBABILITIES, ["signal", "background"], "momentum")
    with pytest.raises(RunsieveError, match="trained on 2 classes, but the sample has 3"):
        score_table(EVENTS, PROBABILITIES, ["up", "down", "background"])


def test_the_truth_is_a_column_of_its_own():
    truth = classes_of(np.array([[1], [3], [0]]), {"signal": [1], "background": []})
    scores = score_table(EVENTS, PROBABILITIES, ["signal", "background"], None, truth)
    assert scores["truth"].tolist() == ["signal", "background", "background"]


def test_a_process_of_no_class_is_named():
    with pytest.raises(RunsieveError, match="2 events are of no class, the first of process 3; "):
        classes_of(np.array([1, 3, 4]), {"signal": [1], "background": [2]})
