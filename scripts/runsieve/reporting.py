"""The report of one model: everything that follows from its scores."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from runsieve.config.report import Report
from runsieve.confusion import class_report, confusion_matrix
from runsieve.efficiency import efficiency_table, efficiency_text, outside
from runsieve.errors import RunsieveError
from runsieve.figures.confusion import draw_confusion
from runsieve.figures.efficiency import draw_efficiency, draw_table
from runsieve.figures.roc import draw_roc
from runsieve.figures.scores import draw_scores
from runsieve.figures.style import files_by_name, save
from runsieve.figures.training import draw_training
from runsieve.metrics import summarise
from runsieve.roc import roc_table
from runsieve.scores import Predictions, read_predictions
from runsieve.tables import write_csv, write_json, write_text


@dataclass(frozen=True)
class ModelReport:
    """Tables of one model on its test events, and how they are called in words.

    title: what stands above its figures, such as sample, model and seed
    titles: name of each class in words
    label: name and unit of the binned variable
    """

    title: str
    titles: Mapping[str, str]
    label: str
    score_bins: int
    predictions: Predictions
    efficiency: pd.DataFrame
    efficiency_text: str
    confusion: pd.DataFrame
    classes: pd.DataFrame
    roc: pd.DataFrame
    metrics: dict[str, Any]
    history: pd.DataFrame | None = None


def binned_in(settings: Report) -> str | None:
    """The variable that efficiencies are binned in; None where it or its edges are not set."""
    return settings.variable if settings.edges is not None else None


def make_report(
    predictions: Predictions,
    settings: Report,
    titles: Mapping[str, str],
    title: str,
    seed: int,
    history: pd.DataFrame | None = None,
    diagnosis: Mapping[str, Any] | None = None,
) -> ModelReport:
    """Evaluate a model on its test events; prints how many lie outside the bins.

    history: losses and accuracies of each epoch (networks only)
    diagnosis: `parameters` (number) and `warnings` (sentences) go into the metrics, if there
    """
    test = predictions.part("test")
    variable = binned_in(settings)
    edges = settings.edges.array() if variable else None
    label = f"{settings.label} [{settings.unit}]" if settings.unit else settings.label
    table = efficiency_table(test, variable, edges, settings.score_bins)
    left_out = outside(test, edges)
    for name, count in left_out.items():
        if count:
            print(f"{count} test events of class {name} lie outside the bins of {variable}")
    metrics = summarise(predictions, settings.efficiency, settings.bootstrap, seed)
    metrics["outside"] = left_out
    metrics["parameters"] = (diagnosis or {}).get("parameters")
    metrics["warnings"] = (diagnosis or {}).get("warnings", [])
    matrix = confusion_matrix(test)
    return ModelReport(
        title=title,
        titles=titles,
        label=label,
        score_bins=settings.score_bins,
        predictions=predictions,
        efficiency=table,
        efficiency_text=efficiency_text(table, titles, label, left_out),
        confusion=matrix,
        classes=class_report(matrix),
        roc=roc_table(test),
        metrics=metrics,
        history=history,
    )


def read_report(
    scores: str | Path,
    classes: Sequence[str],
    settings: Report,
    titles: Mapping[str, str],
    title: str,
    seed: int,
    history: str | Path | None = None,
    diagnosis: str | Path | None = None,
) -> ModelReport:
    """The same from files: scores (parquet), history (CSV) and diagnosis (JSON)."""
    return make_report(
        read_predictions(scores, classes, binned_in(settings)),
        settings,
        titles,
        title,
        seed,
        pd.read_csv(history) if history else None,
        json.loads(Path(diagnosis).read_text()) if diagnosis else None,
    )


def write_tables(
    report: ModelReport,
    metrics: str | Path,
    efficiency: str | Path,
    efficiency_text: str | Path,
    confusion: str | Path,
    classes: str | Path,
    roc: str | Path,
) -> None:
    """Write everything that is no figure."""
    write_json(report.metrics, metrics)
    write_csv(report.efficiency, efficiency)
    write_text(report.efficiency_text, efficiency_text)
    write_csv(report.confusion, confusion, index=True)
    write_csv(report.classes, classes)
    write_csv(report.roc, roc)


def write_figures(report: ModelReport, paths: Iterable[str | Path]) -> None:
    """Draw the figures that the files in `paths` (svg, png) are named after."""
    for name, files in files_by_name(paths).items():
        if name not in FIGURES:
            raise RunsieveError(
                f"{files[0]}: no figure of this name; expected one of {', '.join(FIGURES)}"
            )
        if name == "training" and report.history is None:
            raise RunsieveError(
                f"{files[0]}: the figure of a training needs its history, found none"
            )
        save(FIGURES[name](report), files)


FIGURES: dict[str, Callable[[ModelReport], Figure]] = {
    "efficiency": lambda it: draw_efficiency(it.efficiency, it.titles, it.label, it.title),
    "table": lambda it: draw_table(it.efficiency, it.titles, it.label, it.title),
    "confusion": lambda it: draw_confusion(it.confusion, it.titles, it.title),
    "roc": lambda it: draw_roc(it.roc, it.titles, it.metrics["metrics"], it.title),
    "scores": lambda it: draw_scores(it.predictions, it.titles, it.score_bins, it.title),
    "training": lambda it: draw_training(it.history, it.titles, it.title),
}
