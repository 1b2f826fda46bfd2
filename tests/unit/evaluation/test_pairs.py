"""Two models on the same test events."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

import compare_pairs as script
from helpers.paired_scores import EVENTS, TRUE, predictions
from runsieve.errors import RunsieveError
from runsieve.evaluation.delong import area_of
from runsieve.evaluation.holm import holm
from runsieve.evaluation.pairs import compare_pairs


def test_a_better_model_is_found_better():
    good, bad = predictions(2.5, 1), predictions(0.5, 2)
    (row,) = compare_pairs({("bad", 1): bad, ("good", 1): good}, 1).to_dict("records")
    assert (row["model"], row["other"], row["events"]) == ("good", "bad", EVENTS)
    areas = [roc_auc_score(TRUE == 0, one.probability[:, 0]) for one in (good, bad)]
    difference = areas[0] - areas[1]
    assert row["auc_difference"] == pytest.approx(difference)
    error = np.sqrt((area_of(TRUE, good.probability) - area_of(TRUE, bad.probability)).variance)
    assert row["auc_difference_low"] == pytest.approx(difference - error)
    assert row["auc_difference_high"] == pytest.approx(difference + error)
    assert row["p_auc"] == pytest.approx(2 * norm.sf(difference / error))
    assert row["p_auc"] < 1e-20
    assert row["p_accuracy"] < 1e-6
    right = good.correct & ~bad.correct, bad.correct & ~good.correct
    assert (row["only_model_right"], row["only_other_right"]) == tuple(map(np.sum, right))


def test_a_model_is_no_better_than_itself():
    one = predictions(1, 1)
    (row,) = compare_pairs({("one", 1): one, ("same", 1): one}, 1).to_dict("records")
    assert row["auc_difference"] == 0
    assert row["p_auc"] == row["p_accuracy"] == 1


def test_all_pairs_are_compared_and_a_lone_model_is_in_none():
    three = {(str(n), 1): predictions(1 + n / 5, n) for n in range(3)}
    table = compare_pairs(three, 1)
    assert len(table) == 3
    for name in ("p_auc", "p_accuracy"):
        assert table[f"{name}_holm"].tolist() == holm(table[name]).tolist()
        assert (table[f"{name}_holm"] > table[name]).any()
    assert len(compare_pairs({("0", 1): three["0", 1]}, 1)) == 0


def test_single_trainings_are_compared():
    scored = {
        (name, seed): predictions(1, seed + 10 * ord(name)) for name in "ab" for seed in (3, 4)
    }
    only = {key: one for key, one in scored.items() if key[1] == 3}
    table = compare_pairs(scored, 3)
    assert table["seed"].tolist() == [3]
    pd.testing.assert_frame_equal(table, compare_pairs(only, 3))


def test_other_events_are_an_error():
    with pytest.raises(RunsieveError, match="model b with seed 2 was not scored on the same"):
        compare_pairs({("a", 2): predictions(1, 1), ("b", 2): predictions(1, 1, 1 - TRUE)}, 2)


def scores_file(path, number, first_event):
    """Scores of half of the events as validation, half as test."""
    scored = predictions(1, number)
    pd.DataFrame(
        {
            "run": 1,
            "event": np.arange(EVENTS) + first_event,
            "channel": 0,
            "class": np.array(["s", "b"])[TRUE],
            "split": np.repeat(["validation", "test"], EVENTS // 2),
            "weight": 1.0,
            "p_s": scored.probability[:, 0],
            "p_b": scored.probability[:, 1],
        }
    ).to_parquet(path)
    return path


def test_script(tmp_path, capfd):
    def run(*files):
        script.main(
            SimpleNamespace(
                input=SimpleNamespace(scores=files),
                output=SimpleNamespace(
                    pairs=tmp_path / "pairs.csv", choice=tmp_path / "choice.csv"
                ),
                params=SimpleNamespace(
                    trainings=[("a", 1), ("a", 2), ("b", 1)],
                    classes=["s", "b"],
                    seed=1,
                    baseline="b",
                    oracle=None,
                ),
                log=[tmp_path / "log"],
            )
        )

    one, two = (scores_file(tmp_path / f"{n}.parquet", n, 0) for n in range(2))
    run(one, two, one)
    pairs = pd.read_csv(tmp_path / "pairs.csv")
    assert pairs.auc_difference.tolist() == [0]
    choice = pd.read_csv(tmp_path / "choice.csv")
    assert choice.model.tolist() == ["a", "b"]
    assert choice.chosen.sum() == 1
    with pytest.raises(SystemExit):
        run(one, two, scores_file(tmp_path / "other.parquet", 0, 1))
    assert "model b with seed 1 was not scored on the same events" in capfd.readouterr().err
