"""Predictions are read from a scores file, or it is said what is wrong with the file."""

import numpy as np
import pytest

from helpers.scored_examples import random_scores
from runsieve.errors import RunsieveError
from runsieve.evaluation.predictions import Predictions, read_predictions

CLASSES = ["signal", "background"]


def written_scores(tmp_path, table):
    path = tmp_path / "scores.parquet"
    table.to_parquet(path)
    return path


def test_reads_what_was_written(tmp_path):
    table = random_scores(CLASSES)
    found = read_predictions(written_scores(tmp_path, table), CLASSES, "energy")
    assert len(found) == len(table)
    assert np.array_equal(found.score, table["p_signal"])
    assert np.array_equal(found.value, table["energy"])
    assert (found.split == table["split"]).all()
    assert len(found.part("test")) == 80


def test_the_variable_may_be_absent(tmp_path):
    table = random_scores(CLASSES).drop(columns="energy")
    assert read_predictions(written_scores(tmp_path, table), CLASSES).value is None


def test_of_two_classes_half_is_signal():
    probability = np.array([[0.5, 0.5], [0.4999, 0.5001]])
    two = Predictions(("s", "b"), np.array([0, 0]), probability, np.array(["test"] * 2))
    assert two.predicted.tolist() == [0, 1]
    assert two.correct.tolist() == [True, False]


def test_of_more_classes_the_likeliest_is_predicted():
    probability = np.array([[0.4, 0.3, 0.3], [0.2, 0.3, 0.5]])
    three = Predictions(("a", "b", "c"), np.array([0, 1]), probability, np.array(["test"] * 2))
    assert three.predicted.tolist() == [0, 2]
    assert three.score.tolist() == [0.4, 0.3]


def test_rounding_above_one_is_no_error(tmp_path):
    table = random_scores(CLASSES)
    table.loc[0, "p_signal"] = 1 + 1e-7
    assert read_predictions(written_scores(tmp_path, table), CLASSES).score[0] == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.drop(columns="p_signal"), "column 'p_signal' is missing"),
        (lambda t: t.drop(columns="energy"), "column 'energy' is missing"),
        (lambda t: t.replace({"class": {"signal": "noise"}}), "holds 'noise', not one of signal"),
        (lambda t: t.replace({"split": {"train": "tuning"}}), "holds 'tuning', not one of train"),
        (lambda t: t.assign(p_signal=np.nan), "240 of 240 events have a score that is not"),
        (lambda t: t.assign(p_signal=1.5), "not between 0 and 1, the first in row 0"),
        (
            lambda t: t[(t["split"] != "test") | (t["class"] == "signal")],
            "class 'background' has no event in the test split",
        ),
    ],
)
def test_errors_name_file_and_column(tmp_path, change, sentence):
    path = written_scores(tmp_path, change(random_scores(CLASSES)))
    with pytest.raises(RunsieveError, match=sentence) as error:
        read_predictions(path, CLASSES, "energy")
    assert str(path) in str(error.value)
