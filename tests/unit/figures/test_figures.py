"""Figures draw for any classes, with the same bytes each time, and the report writes them."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import draw_training as draw_training_script
import report_model
from helpers.scored_examples import POINTS, history, random_predictions, random_scores
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.working_points import Decision
from runsieve.figures.confusion import draw_confusion
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.figures.training import draw_training
from runsieve.reports.model_report import ModelReport, judge, write_report
from runsieve.reports.registry import FIGURES, TABLES

BINNED = {"edges": {"start": 0, "stop": 10, "step": 5}, "bootstrap": 20, "score_bins": 8}
PLAIN = {"bootstrap": 20, "score_bins": 8}
TWO, THREE = ["signal", "background"], ["a", "b", "c"]
KINDS = ("svg", "pdf", "png")
PLAIN_POINTS = {"efficiency90": {"signal_efficiency": 0.9}, "half": {"score": 0.5}}
HALF = Decision("half", POINTS["half"], (0.5,))
MANY = [f"c{index}" for index in range(11)]


def report_of(classes, settings):
    judged = judge(random_predictions(classes), Report(**settings), POINTS, 1)
    return ModelReport(Described("name"), {1: judged})


def write_figures(report, folder, paths):
    write_report(report, folder / "metrics.json", folder / "efficiency.txt", [], paths)


@pytest.mark.parametrize(
    ("classes", "settings"), [(TWO, BINNED), (TWO, PLAIN), (THREE, BINNED), (MANY, PLAIN)]
)
def test_every_figure_draws(tmp_path, classes, settings):
    paths = [tmp_path / f"{name}.svg" for name in FIGURES]
    write_figures(report_of(classes, settings), tmp_path, paths)
    save(draw_training(history(classes), 2, Described("name")), tmp_path / "training.svg")
    paths.append(tmp_path / "training.svg")
    assert all(path.read_text().rstrip().endswith("</svg>") for path in paths)


def thresholds_drawn(report):
    """Where figures of a report have dashed lines from the bottom to the top, by figure."""
    found = {}
    for name, module in FIGURES.items():
        for axes in module.draw(report).axes:
            for line in axes.lines:
                x = line.get_xdata()
                if line.get_linestyle() == "--" and len(x) == 2 and x[0] == x[1]:
                    found.setdefault(name, set()).add(round(x[0], 6))
    return found


@pytest.mark.parametrize(
    ("classes", "points", "expected"),
    [
        (TWO, {"half": WorkingPoint(score=0.5)}, {"scores": {0.5}}),
        (
            TWO,
            {"a": WorkingPoint(score=0.25), "b": WorkingPoint(score=0.75)},
            {"scores": {0.25, 0.75}},
        ),
        (THREE, {"half": WorkingPoint(score=0.5)}, {"scores": {0.5}}),
        (THREE, {}, {}),
    ],
)
def test_thresholds_of_working_points_are_drawn(classes, points, expected):
    judged = judge(random_predictions(classes), Report(**BINNED), points, 1)
    assert thresholds_drawn(ModelReport(Described("name"), {1: judged})) == expected


def test_thresholds_of_folds_are_not_drawn():
    fold = np.arange(len(random_predictions(TWO))) % 3
    predictions = replace(random_predictions(TWO), fold=fold, row=np.arange(len(fold)))
    points = {"efficiency90": WorkingPoint(signal_efficiency=0.9)}
    judged = judge(predictions, Report(**BINNED), points, 1)
    report = ModelReport(Described("name"), {1: judged})
    assert thresholds_drawn(report) == {}


def test_the_same_figure_gives_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        paths = [tmp_path / folder / f"scores.{kind}" for kind in KINDS]
        write_figures(report_of(TWO, BINNED), tmp_path, paths)
    for kind in KINDS:
        first, second = (tmp_path / folder / f"scores.{kind}" for folder in ("one", "two"))
        assert first.read_bytes() == second.read_bytes()


def test_script_writes_everything(tmp_path, capsys):
    scores = tmp_path / "scores.parquet"
    random_scores(TWO).to_parquet(scores)
    diagnosis = tmp_path / "diagnosis.json"
    diagnosis.write_text(json.dumps({"parameters": 7, "warnings": ["It is dead."]}))
    output = {"metrics": tmp_path / "metrics.json", "efficiency_text": tmp_path / "efficiency.txt"}
    tables = {name: tmp_path / f"{name}.csv" for name in TABLES}
    assert set(tables) >= {"efficiency", "confusion", "classes", "roc", "reliability"}
    figures = [tmp_path / f"{name}.{kind}" for name in FIGURES for kind in KINDS]
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(scores=[scores, scores]),
        output=SimpleNamespace(**output, tables=list(tables.values()), figures=figures),
        params=SimpleNamespace(
            classes=TWO,
            titles={"signal": "Signal"},
            report=BINNED,
            working_points=PLAIN_POINTS,
            name="all dense",
            seeds=[3, 4],
            diagnoses={3: [diagnosis], 4: []},
            simulated=True,
        ),
    )
    report_model.main(job)
    written = [*output.values(), *tables.values(), *figures]
    assert all(path.stat().st_size for path in written)
    metrics = json.loads(output["metrics"].read_text())["seeds"]
    assert metrics["3"]["parameters"] == 7 and metrics["3"]["warnings"] == ["It is dead."]
    assert metrics["4"]["parameters"] is None and metrics["4"]["warnings"] == []
    efficiency = pd.read_csv(tables["efficiency"])
    assert efficiency.columns.tolist() == [
        *("seed", "against", "working_point", "threshold", "class", "variable", "low", "high"),
        "total",
        *("passed", "efficiency", "efficiency_low", "efficiency_high"),
        *("others", "others_passed", "left", "left_low", "left_high"),
    ]
    assert efficiency["working_point"].unique().tolist() == ["efficiency90", "half"]
    confusion = pd.read_csv(tables["confusion"])
    assert confusion.columns.tolist() == ["seed", "against", "true_class", *TWO, "working_point"]
    assert confusion[TWO].to_numpy().sum() == 320
    assert "are outside the bins of energy" in capsys.readouterr().out
    assert metrics["3"]["outside"]["signal"] + efficiency["total"][:2].sum() == 40


def test_script_reports_a_baseline_without_a_diagnosis(tmp_path):
    random_scores(TWO).to_parquet(tmp_path / "scores.parquet")
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(scores=[tmp_path / "scores.parquet"]),
        output=SimpleNamespace(
            metrics=tmp_path / "metrics.json",
            efficiency_text=tmp_path / "efficiency.txt",
            tables=[],
            figures=[],
        ),
        params=SimpleNamespace(
            classes=TWO,
            titles={},
            report=BINNED,
            working_points=PLAIN_POINTS,
            name="all bins",
            seeds=[3],
            diagnoses={3: []},
            simulated=False,
        ),
    )
    report_model.main(job)
    (metrics,) = json.loads((tmp_path / "metrics.json").read_text())["seeds"].values()
    assert metrics["parameters"] is None and metrics["warnings"] == []


def test_script_draws_the_training(tmp_path):
    history(TWO).to_csv(tmp_path / "history.csv", index=False)
    (tmp_path / "training.json").write_text(json.dumps({"kept_epoch": 2}))
    figures = [tmp_path / f"training.{kind}" for kind in KINDS]
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(
            history=tmp_path / "history.csv", training=tmp_path / "training.json"
        ),
        output=SimpleNamespace(figures=figures),
        params=SimpleNamespace(titles={"signal": "Signal"}, name="all dense", simulated=True),
    )
    draw_training_script.main(job)
    assert all(path.stat().st_size for path in figures)


def test_the_figure_of_the_training_is_not_one_of_the_report(tmp_path):
    with pytest.raises(RunsieveError, match=r"training\.svg: no figure of this name"):
        write_figures(report_of(TWO, BINNED), tmp_path, [tmp_path / "training.svg"])
    assert not (tmp_path / "training.svg").exists()


def test_an_unknown_table_is_named(tmp_path):
    files = tmp_path / "metrics.json", tmp_path / "efficiency.txt"
    with pytest.raises(RunsieveError, match=r"rock\.csv: no table of this name; .*classes, "):
        write_report(report_of(TWO, BINNED), *files, [tmp_path / "rock.csv"], [])


def test_an_unknown_figure_is_named(tmp_path):
    with pytest.raises(RunsieveError, match=r"rock\.svg: no figure of this name"):
        write_figures(report_of(TWO, BINNED), tmp_path, [tmp_path / "rock.svg"])


def test_confusion_of_a_class_without_events_has_no_percent():
    matrix = pd.DataFrame({"true_class": TWO, "signal": [4, 0], "background": [1, 0]})
    matrix["working_point"] = HALF.name
    words = [text.get_text() for text in draw_confusion(matrix, [HALF]).axes[0].texts]
    assert words == ["4", "80.0 %", "1", "20.0 %", "0", "", "0", ""]
