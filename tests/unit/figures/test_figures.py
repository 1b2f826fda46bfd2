import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scored_examples import history, random_predictions, random_scores

import report_model
from runsieve.config.report import Report
from runsieve.errors import RunsieveError
from runsieve.figures.confusion import draw_confusion
from runsieve.figures.efficiency import draw_table
from runsieve.figures.style import COLOURS, colour_of, files_by_name, grid_of, save, text_colour
from runsieve.figures.training import draw_training
from runsieve.reports.model_report import FIGURES, make_report, write_figures

BINNED = {"edges": {"start": 0, "stop": 10, "step": 5}, "bootstrap": 20, "score_bins": 8}
PLAIN = {"bootstrap": 20, "score_bins": 8}
TWO, THREE = ["signal", "background"], ["a", "b", "c"]
KINDS = ("svg", "png")
MANY = [f"c{index}" for index in range(11)]


def report_of(classes, settings, **more):
    return make_report(random_predictions(classes), Report(**settings), {}, "name", 1, **more)


@pytest.mark.parametrize(
    ("classes", "settings"), [(TWO, BINNED), (TWO, PLAIN), (THREE, BINNED), (MANY, PLAIN)]
)
def test_every_figure_draws(tmp_path, classes, settings):
    report = report_of(classes, settings, history=history(classes))
    paths = [tmp_path / f"{name}.svg" for name in FIGURES]
    write_figures(report, paths)
    assert all(path.read_text().rstrip().endswith("</svg>") for path in paths)


def test_the_same_figure_gives_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        write_figures(report_of(TWO, BINNED), [tmp_path / folder / f"scores.{k}" for k in KINDS])
    for kind in KINDS:
        first, second = (tmp_path / folder / f"scores.{kind}" for folder in ("one", "two"))
        assert first.read_bytes() == second.read_bytes()


def test_script_writes_everything(tmp_path, capsys):
    scores, epochs = tmp_path / "scores.parquet", tmp_path / "history.csv"
    random_scores(TWO).to_parquet(scores)
    history(TWO).to_csv(epochs, index=False)
    diagnosis = tmp_path / "diagnosis.json"
    diagnosis.write_text(json.dumps({"parameters": 7, "warnings": ["It is dead."]}))
    files = {
        "metrics": "metrics.json",
        "efficiency": "efficiency.csv",
        "efficiency_text": "efficiency.txt",
        "confusion": "confusion.csv",
        "classes": "classes.csv",
        "roc": "roc.csv",
    }
    output = {name: tmp_path / file for name, file in files.items()}
    figures = [tmp_path / f"{name}.{kind}" for name in ("roc", "training") for kind in KINDS]
    job = SimpleNamespace(
        log=[tmp_path / "log"],
        input=SimpleNamespace(scores=scores, history=epochs, diagnosis=diagnosis),
        output=SimpleNamespace(**output, figures=figures),
        params=SimpleNamespace(
            classes=TWO, titles={"signal": "Signal"}, report=BINNED, name="all dense", seed=3
        ),
    )
    report_model.main(job)
    assert all(path.stat().st_size for path in [*output.values(), *figures])
    metrics = json.loads(output["metrics"].read_text())
    assert metrics["parameters"] == 7 and metrics["warnings"] == ["It is dead."]
    efficiency = pd.read_csv(output["efficiency"])
    assert efficiency.columns.tolist()[:9] == [
        *("class", "variable", "low", "high", "total", "passed"),
        *("efficiency", "efficiency_low", "efficiency_high"),
    ]
    confusion = pd.read_csv(output["confusion"])
    assert confusion.columns.tolist() == ["true_class", *TWO]
    assert confusion[TWO].to_numpy().sum() == 80
    assert "lie outside the bins of energy" in capsys.readouterr().out
    assert metrics["outside"]["signal"] + efficiency["total"][:2].sum() == 40


def test_a_baseline_has_no_training_figure(tmp_path):
    with pytest.raises(RunsieveError, match="needs its history, found none"):
        write_figures(report_of(TWO, BINNED), [tmp_path / "training.svg"])


def test_an_unknown_figure_is_named(tmp_path):
    with pytest.raises(RunsieveError, match=r"rock\.svg: no figure of this name"):
        write_figures(report_of(TWO, BINNED), [tmp_path / "rock.svg"])


def test_empty_cells_of_the_table_stay_empty():
    report = report_of(TWO, BINNED)
    axes = draw_table(report.efficiency, {}, "energy").axes[0]
    written = [int(text.get_text()) for text in axes.texts if text.get_text().isdigit()]
    assert 0 not in written
    assert sum(written) == report.efficiency["total"][:2].sum()


def test_confusion_of_a_class_without_events_has_no_percent():
    matrix = pd.DataFrame([[4, 1], [0, 0]], index=TWO, columns=TWO)
    words = [text.get_text() for text in draw_confusion(matrix, {}).axes[0].texts]
    assert words == ["4", "80.0 %", "1", "20.0 %", "0", "", "0", ""]


def test_a_loss_that_explodes_is_drawn_on_a_log_axis():
    epochs = history(TWO)
    assert draw_training(epochs, {}).axes[0].get_yscale() == "linear"
    epochs.loc[3, "val_loss"] = 48
    assert draw_training(epochs, {}).axes[0].get_yscale() == "log"


def test_style_helpers(tmp_path):
    assert colour_of(len(COLOURS)) == COLOURS[0]
    assert grid_of(5, 3) == (2, 3)
    assert grid_of(1, 3) == (1, 1)
    assert text_colour((1, 1, 1, 1)) == "black" and text_colour((0, 0, 0.3, 1)) == "white"
    assert list(files_by_name(["a/x.svg", "a/x.png", "a/y.svg"])) == ["x", "y"]
    save(draw_training(history(TWO), {}), tmp_path / "one.png")
    assert np.frombuffer((tmp_path / "one.png").read_bytes()[1:4], "S3")[0] == b"PNG"
