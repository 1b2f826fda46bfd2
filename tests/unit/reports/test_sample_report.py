"""All models of a sample in one table and in one figure."""

from types import SimpleNamespace

import pandas as pd
import pytest

import draw_sample
from helpers.scored_examples import POINTS, random_predictions
from runsieve.config.report import Report
from runsieve.reports.model_report import judge
from runsieve.reports.sample_report import at_headline, of_models

BINNED = Report(edges={"start": 0, "stop": 10, "step": 5}, bootstrap=5)


def write_tables(folder, name, classes, judged_by=("label",)):
    """A table of two models with two seeds each; returns the files by model."""
    files = {}
    for place, model in enumerate(["dense", "cnn"]):
        tables = []
        for seed in (3, 4):
            scored = random_predictions(classes, seed=place + seed)
            made = judge(scored, BINNED, POINTS, seed).tables[name].assign(seed=seed)
            tables += [made.assign(against=against) for against in judged_by]
        files[model] = folder / f"{model}.{name}.csv"
        pd.concat(tables).to_csv(files[model], index=False)
    return files


def test_models_are_those_of_the_first_seed_judged_by_labels(tmp_path):
    files = write_tables(tmp_path, "efficiency", ["s", "b"], ("label", "truth"))
    table = of_models(files)
    assert table["model"].drop_duplicates().tolist() == ["dense", "cnn"]
    assert not {"seed", "against"} & set(table.columns)
    dense = pd.read_csv(files["dense"])
    mine = dense[(dense["seed"] == 3) & (dense["against"] == "label")]
    passed = table.loc[table["model"] == "dense", "passed"]
    assert passed.tolist() == mine["passed"].tolist()


def test_the_working_point_to_quote_is_told_in_words(tmp_path):
    table = of_models(write_tables(tmp_path, "efficiency", ["s", "b"]))
    score_first = table.sort_values("working_point", ascending=False, kind="stable")
    assert score_first["working_point"].iloc[0] == "half"
    for rows in (table, score_first):
        chosen, words = at_headline(rows, POINTS)
        assert chosen["working_point"].unique().tolist() == ["efficiency90"]
        assert words == "thresholds for signal efficiency 90 %"
    _, words = at_headline(table.assign(working_point="most_probable"), {})
    assert words == "assigned to the most probable class"


@pytest.mark.parametrize("classes", [["s", "b"], ["a", "b", "c"]])
def test_script_draws_all_models_of_a_sample(tmp_path, classes):
    def drawn(*judged_by):
        curves = write_tables(tmp_path, "roc", classes, judged_by)
        rows = write_tables(tmp_path, "efficiency", classes, judged_by)
        figures = [tmp_path / name for name in ("decision.svg", "decision.png", "roc.svg")]
        job = SimpleNamespace(
            log=[tmp_path / "log"],
            input=SimpleNamespace(curves=curves.values(), efficiencies=rows.values()),
            output=SimpleNamespace(decision=tmp_path / "decision.csv", figures=figures),
            params=SimpleNamespace(
                models=list(curves),
                order=["cnn", "dense"],
                titles={},
                name="all",
                simulated=True,
                working_points={"efficiency90": {"signal_efficiency": 0.9}},
                label="energy / keV",
                oracle=None,
            ),
        )
        draw_sample.main(job)
        table = pd.read_csv(tmp_path / "decision.csv")
        assert table["model"].drop_duplicates().tolist() == ["dense", "cnn"]
        assert table["working_point"].nunique() == 1
        return [path.read_bytes() for path in [*figures, tmp_path / "decision.csv"]]

    # Rows by the truth are in the tables, too; only those by the labels are drawn.
    assert drawn("label") == drawn("label", "truth")
