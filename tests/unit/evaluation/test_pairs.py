"""Two models on the same test events."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import compare_pairs as script
from helpers.paired_scores import EVENTS, TRUE, predictions
from runsieve.errors import RunsieveError
from runsieve.evaluation.pairs import compare_pairs
from runsieve.evaluation.roc import mean_auc


def test_a_better_model_is_found_better():
    good, bad = predictions(2.5, 1), predictions(0.5, 2)
    (row,) = compare_pairs({"bad": bad, "good": good}, 400, 1).to_dict("records")
    assert (row["model"], row["other"], row["events"]) == ("good", "bad", EVENTS)
    ones = np.ones((1, EVENTS))
    difference = (mean_auc(good, ones) - mean_auc(bad, ones))[0]
    assert row["auc_difference"] == pytest.approx(difference)
    assert row["auc_difference_low"] < difference < row["auc_difference_high"]
    assert row["p_auc"] == pytest.approx(2 / 401)
    assert row["p_accuracy"] < 1e-6
    right = good.correct & ~bad.correct, bad.correct & ~good.correct
    assert (row["only_model_right"], row["only_other_right"]) == tuple(map(np.sum, right))


def test_a_model_is_no_better_than_itself():
    one = predictions(1, 1)
    (row,) = compare_pairs({"one": one, "same": one}, 50, 1).to_dict("records")
    assert row["auc_difference"] == 0
    assert row["p_auc"] == row["p_accuracy"] == 1


def test_p_is_even_for_models_of_equal_strength():
    """Under the null hypothesis a fifth of the p-values lie below a fifth."""
    small = np.array(
        [
            compare_pairs(
                {"a": predictions(1, 2 * n), "b": predictions(1, 2 * n + 1)}, 200, n
            ).p_auc[0]
            for n in range(150)
        ]
    )
    assert 0.1 < np.mean(small < 0.2) < 0.3


def test_all_pairs_are_compared_and_a_lone_model_is_in_none():
    three = {str(n): predictions(1, n) for n in range(3)}
    assert len(compare_pairs(three, 20, 1)) == 3
    assert len(compare_pairs({"0": three["0"]}, 20, 1)) == 0


def test_other_events_are_an_error():
    with pytest.raises(RunsieveError, match="model b was not scored on the same events"):
        compare_pairs({"a": predictions(1, 1), "b": predictions(1, 1, 1 - TRUE)}, 20, 1)


def test_script(tmp_path, capfd):
    for number in range(2):
        scored = predictions(1, number)
        table = pd.DataFrame(
            {
                "run": 1,
                "event": np.arange(EVENTS) + number,
                "channel": 0,
                "class": np.array(["s", "b"])[TRUE],
                "split": "test",
                "weight": 1.0,
                "p_s": scored.probability[:, 0],
                "p_b": scored.probability[:, 1],
            }
        )
        table.to_parquet(tmp_path / f"{number}.parquet")

    def run(*files):
        script.main(
            SimpleNamespace(
                input=SimpleNamespace(scores=[tmp_path / name for name in files]),
                output=SimpleNamespace(pairs=tmp_path / "pairs.csv"),
                params=SimpleNamespace(models=["a", "b"], classes=["s", "b"], bootstrap=20, seed=1),
                log=[tmp_path / "log"],
            )
        )

    run("0.parquet", "0.parquet")
    assert pd.read_csv(tmp_path / "pairs.csv").auc_difference.tolist() == [0]
    with pytest.raises(SystemExit):
        run("0.parquet", "1.parquet")
    assert "model b was not scored on the same events" in capfd.readouterr().err
