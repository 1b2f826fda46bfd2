import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import compare_models
from helpers.scored_examples import evaluated, random_predictions
from runsieve.evaluation.comparison import compare, seed_values
from runsieve.evaluation.comparison_long import compare_long
from runsieve.evaluation.glossary import METRICS
from runsieve.evaluation.metrics import summarise
from runsieve.evaluation.seeds import total_error
from runsieve.figures.comparison import draw_comparison

ROWS = [
    ("all", "dense", 1),
    ("all", "dense", 2),
    ("all", "energy_only", 1),
    ("all", "oracle", 1),
    ("matched", "dense", 1),
]


def summary(auc, half=0.01, **more):
    values = {"value": auc, "low": auc - half, "high": auc + half, "interval": "exact"}
    metrics = dict.fromkeys(METRICS, values)
    metrics["rejection"] = values | {"working_point": "efficiency90", "at_efficiency": 0.9}
    metrics["realised_rejection"] = values | {"threshold": 0.7}
    return {"events": {"s": 3, "b": 4}, "majority": 0.5, "metrics": metrics, **more}


def choice(*models):
    """The table of `choose` for the models of a sample; the first is chosen."""
    return pd.DataFrame(
        {
            "model": models,
            "validation_auc": 0.9,
            "chosen": [model == models[0] for model in models],
            "compatible": True,
            "p_against_chosen": [np.nan, *[0.5] * (len(models) - 1)],
            "auc_against_chosen": [np.nan, *[-0.02] * (len(models) - 1)],
            "auc_against_chosen_low": [np.nan, *[-0.03] * (len(models) - 1)],
            "auc_against_chosen_high": [np.nan, *[-0.01] * (len(models) - 1)],
            "better_than_baseline_sigma": 2.0,
        }
    )


CHOICES = {"all": choice("dense", "energy_only", "oracle"), "matched": choice("dense")}


def summaries():
    made = [
        summary(0.90, parameters=12, warnings=["too good"]),
        summary(0.94),
        summary(0.80),
        summary(0.97),
        summary(0.85),
    ]
    return dict(zip(ROWS, made, strict=True))


def test_one_row_a_sample_and_model():
    table = compare(summaries(), CHOICES, "oracle")
    assert table[["sample", "model"]].drop_duplicates().shape == (4, 2)
    dense = table.iloc[0]
    assert dense["seeds"] == "1 2"
    assert dense["parameters"] == 12
    assert dense["events"] == 7
    assert (dense["auc"], dense["auc_low"], dense["auc_high"]) == pytest.approx((0.9, 0.89, 0.91))
    assert dense["auc_mean"] == pytest.approx(0.92)
    assert dense["auc_spread"] == pytest.approx(np.std([0.90, 0.94], ddof=1))
    assert table["auc_spread"].isna().tolist() == [False, True, True, True]


def test_what_equal_classes_make_superfluous_is_blank():
    equal, unequal = summary(0.9), summary(0.9) | {"majority": 0.6}
    for found, blank in ((equal, True), (unequal, False)):
        (row,) = compare({("all", "dense", 1): found}, CHOICES).to_dict("records")
        for name in ("majority", "balanced_accuracy", "balanced_accuracy_total_low"):
            assert np.isnan(row[name]) == blank
    assert row["majority"] == 0.6


def test_the_headline_names_its_working_point_and_threshold():
    table = compare(summaries(), CHOICES)
    assert (table["working_point"] == "efficiency90").all()
    assert (table["at_efficiency"] == 0.9).all()
    assert (table["threshold"] == 0.7).all()
    assert table["realised_rejection"].tolist() == table["auc"].tolist()


def test_long_form_has_every_seed_and_their_mean():
    long = compare_long(summaries())
    wide = compare(summaries(), CHOICES)
    assert set(long["metric"]) == set(METRICS)
    assert (long["against"] == "label").all()
    areas = long[(long["metric"] == "auc") & (long["sample"] == "all")]
    dense = areas[areas["model"] == "dense"].set_index("seed")
    assert dense.index.tolist() == ["1", "2", "mean"]
    assert dense["value"].tolist() == pytest.approx([0.9, 0.94, 0.92])
    assert dense["interval"].tolist() == ["exact", "exact", "exact and seeds"]
    assert dense.loc["mean", "high"] == wide["auc_total_high"].iloc[0]
    assert dense.loc["mean", "spread"] == wide["auc_spread"].iloc[0]
    oracle = areas[areas["model"] == "oracle"]
    assert oracle["seed"].tolist() == ["1", "mean"]
    assert oracle["interval"].tolist() == ["exact", "exact"]
    assert oracle["spread"].isna().all()


def test_long_form_has_a_row_where_a_metric_has_no_value():
    lacking = summary(0.9)
    lacking["metrics"] = {"rejection_factor": {"value": None, "interval": "bootstrap"}}
    long = compare_long({("all", "dense", 1): lacking})
    assert long["seed"].tolist() == ["1", "mean"]
    assert long[["value", "low", "high"]].isna().all(axis=None)


def test_distances_stay_within_a_sample():
    table = compare(summaries(), CHOICES, "oracle").set_index(["sample", "model"])
    distance = table["distance_to_oracle"]
    assert distance["all", "dense"] == pytest.approx(0.97 - 0.92)
    assert distance["all", "oracle"] == 0
    assert np.isnan(distance["matched", "dense"])


def test_the_choice_of_a_sample_stands_beside_its_models():
    table = compare(summaries(), CHOICES).set_index(["sample", "model"])
    assert table["chosen"].tolist() == [True, False, False, True]
    assert table["p_against_chosen"].notna().tolist() == [False, True, True, False]
    assert (table["better_than_baseline_sigma"] == 2).all()


def test_total_intervals_add_the_error_from_the_seeds():
    table = compare(summaries(), CHOICES)
    dense = table.iloc[0]
    error = total_error(0.01, np.var([0.90, 0.94], ddof=1) / 2, 2)
    assert error > np.hypot(0.01, np.std([0.90, 0.94], ddof=1) / np.sqrt(2))
    assert dense["auc_total_low"] == pytest.approx(0.92 - error)
    assert dense["auc_total_high"] == pytest.approx(0.92 + error)
    single = table.iloc[1:]
    for end in ("low", "high"):
        assert single[f"auc_total_{end}"].tolist() == pytest.approx(single[f"auc_{end}"].tolist())


def test_total_intervals_stay_within_the_limits_of_a_metric():
    several = {("all", "dense", 1): summary(0.999), ("all", "dense", 2): summary(0.96)}
    table = compare(several, CHOICES)
    assert table["auc_total_high"].item() == 1
    assert table["log_loss_total_high"].item() > 1
    assert table["rejection_factor_total_low"].item() == 1


def test_without_an_oracle_the_distance_is_blank():
    assert compare(summaries(), CHOICES)["distance_to_oracle"].isna().all()


def test_a_metric_that_a_model_lacks_is_blank():
    lacking = summary(0.9)
    lacking["metrics"] = {k: v for k, v in lacking["metrics"].items() if k != "rejection"}
    lacking["metrics"]["brier"] = {"value": None}
    table = compare({("all", "dense", 1): lacking}, CHOICES)
    assert (
        table[["rejection", "rejection_low", "rejection_total_low", "brier"]].isna().all(axis=None)
    )


def test_values_of_every_seed():
    values = seed_values(summaries(), "auc")
    assert values["value"].tolist() == [0.90, 0.94, 0.80, 0.97, 0.85]


def test_the_figure_names_the_chosen_model_and_those_compatible_with_it():
    table = compare(summaries(), CHOICES)
    table.loc[1, "compatible"] = False
    seeds = seed_values(summaries(), "auc")
    figure = draw_comparison(table, seeds, oracle="oracle", baseline="energy_only")
    labels = [[label.get_text() for label in axes.get_yticklabels()] for axes in figure.axes]
    first = ["oracle (compatible)", "dense (chosen)", "energy_only (baseline)"]
    assert labels == [first, ["", "", ""], ["dense (chosen)"]]


@pytest.mark.parametrize("classes", [["s", "b"], ["a", "b", "c"]])
def test_script_writes_table_and_figure(tmp_path, classes):
    models = {(sample, model): {} for sample, model, _ in ROWS}
    for place, (sample, model, seed) in enumerate(ROWS):
        made = summarise(evaluated(random_predictions(classes, seed=place), bootstrap=10), seed=1)
        models[sample, model][str(seed)] = made
    paths = [tmp_path / f"{sample}.{model}.json" for sample, model in models]
    for path, seeds in zip(paths, models.values(), strict=True):
        path.write_text(json.dumps({"seeds": seeds}))
    choices = [tmp_path / f"{sample}.choice.csv" for sample in CHOICES]
    for path, table in zip(choices, CHOICES.values(), strict=True):
        table.to_csv(path, index=False)
    figures = [tmp_path / "comparison.svg", tmp_path / "comparison.png"]
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(metrics=paths, choices=choices),
        output=SimpleNamespace(
            comparison=tmp_path / "comparison.csv", long=tmp_path / "long.csv", figures=figures
        ),
        params=SimpleNamespace(
            models=list(models),
            samples=list(CHOICES),
            oracle="oracle",
            baseline=None,
            simulated=True,
        ),
    )
    compare_models.main(job)
    assert all(path.stat().st_size for path in figures)
    table = pd.read_csv(tmp_path / "comparison.csv")
    assert len(table) == 4
    assert table["chosen"].tolist() == [True, False, False, True]
    assert table["rejection"].isna().all() == (len(classes) > 2)
    assert table["working_point"].isna().all() == (len(classes) > 2)
    longest = max(len(text) for text in table["auc_mean"].astype(str))
    assert longest <= len("0.123456")
    long = pd.read_csv(tmp_path / "long.csv")
    assert len(long) == (len(ROWS) + 4) * len(made["metrics"])
