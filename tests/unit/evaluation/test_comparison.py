import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import compare_models
import overlay_roc
from helpers.scored_examples import evaluated, random_predictions
from runsieve.evaluation.comparison import METRICS, compare, seed_values
from runsieve.evaluation.metrics import summarise
from runsieve.evaluation.roc import roc_table

ROWS = [
    ("all", "dense", 1),
    ("all", "dense", 2),
    ("all", "energy_only", 1),
    ("all", "oracle", 1),
    ("matched", "dense", 1),
]


def summary(auc, half=0.01, **more):
    values = {"value": auc, "low": auc - half, "high": auc + half, "n": 100}
    metrics = dict.fromkeys(METRICS, values)
    return {"events": {"s": 3, "b": 4}, "majority": 0.5, "metrics": metrics, **more}


def summaries():
    return [
        summary(0.90, parameters=12, warnings=["too good"]),
        summary(0.94),
        summary(0.80),
        summary(0.97),
        summary(0.85),
    ]


def test_one_row_a_sample_and_model():
    table = compare(ROWS, summaries(), "energy_only", "oracle")
    assert table[["sample", "model"]].drop_duplicates().shape == (4, 2)
    dense = table.iloc[0]
    assert dense["seeds"] == "1 2"
    assert dense["parameters"] == 12
    assert dense["events"] == 7
    assert (dense["auc"], dense["auc_low"], dense["auc_high"]) == pytest.approx((0.9, 0.89, 0.91))
    assert dense["auc_mean"] == pytest.approx(0.92)
    assert dense["auc_spread"] == pytest.approx(np.std([0.90, 0.94], ddof=1))
    assert table["auc_spread"].isna().tolist() == [False, True, True, True]


def test_distance_to_the_majority_guess():
    table = compare(ROWS, summaries(), None, None)
    assert table["majority"].tolist() == [0.5] * 4
    # A guess of 0.5 has a standard error of 0.05 in 100 events.
    assert table["above_majority_sigma"].tolist() == pytest.approx([8, 6, 9.4, 7])


def test_distances_stay_within_a_sample():
    table = compare(ROWS, summaries(), "energy_only", "oracle").set_index(["sample", "model"])
    distance = table["distance_to_oracle"]
    assert distance["all", "dense"] == pytest.approx(0.07)
    assert distance["all", "oracle"] == 0
    assert np.isnan(distance["matched", "dense"])
    sigma = table["better_than_baseline_sigma"]
    assert sigma["all", "dense"] == pytest.approx(0.1 / np.hypot(0.01, 0.01))
    assert np.isnan(sigma["all", "energy_only"])
    assert np.isnan(sigma["matched", "dense"])


def test_without_baseline_and_oracle_the_columns_are_blank():
    table = compare(ROWS, summaries())
    assert table[["distance_to_oracle", "better_than_baseline_sigma"]].isna().all(axis=None)


def test_a_metric_that_a_model_lacks_is_blank():
    lacking = summary(0.9)
    lacking["metrics"] = {k: v for k, v in lacking["metrics"].items() if k != "rejection"}
    lacking["metrics"]["brier"] = {"value": None}
    table = compare([("all", "dense", 1)], [lacking])
    assert table[["rejection", "rejection_low", "brier"]].isna().all(axis=None)


def test_values_of_every_seed():
    values = seed_values(ROWS, summaries(), "auc")
    assert values["value"].tolist() == [0.90, 0.94, 0.80, 0.97, 0.85]


@pytest.mark.parametrize("classes", [["s", "b"], ["a", "b", "c"]])
def test_script_writes_table_and_figure(tmp_path, classes):
    paths = []
    for place, _ in enumerate(ROWS):
        made = summarise(evaluated(random_predictions(classes, seed=place), bootstrap=10), seed=1)
        paths.append(tmp_path / f"{place}.json")
        paths[-1].write_text(json.dumps(made))
    figures = [tmp_path / "comparison.svg", tmp_path / "comparison.png"]
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(metrics=paths),
        output=SimpleNamespace(comparison=tmp_path / "comparison.csv", figures=figures),
        params=SimpleNamespace(rows=ROWS, baseline="energy_only", oracle="oracle"),
    )
    compare_models.main(job)
    assert all(path.stat().st_size for path in figures)
    table = pd.read_csv(tmp_path / "comparison.csv")
    assert len(table) == 4
    assert table["rejection"].isna().all() == (len(classes) > 2)


@pytest.mark.parametrize("classes", [["s", "b"], ["a", "b", "c"]])
def test_script_overlays_the_curves_of_a_sample(tmp_path, classes):
    paths = []
    for seed in (1, 2):
        paths.append(tmp_path / f"{seed}.csv")
        roc_table(random_predictions(classes, seed=seed)).to_csv(paths[-1], index=False)
    figures = [tmp_path / "roc.svg", tmp_path / "roc.png"]
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(curves=paths),
        output=SimpleNamespace(figures=figures),
        params=SimpleNamespace(models=["dense", "cnn"], titles={}, name="all"),
    )
    overlay_roc.main(job)
    assert all(path.stat().st_size for path in figures)
