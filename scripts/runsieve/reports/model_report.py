"""The report of one model: everything that follows from its scores."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.config.report import Report
from runsieve.errors import RunsieveError
from runsieve.evaluation.efficiency import efficiency_text, outside
from runsieve.evaluation.metrics import summarise
from runsieve.evaluation.predictions import Predictions, read_predictions
from runsieve.figures.style import files_by_name, save
from runsieve.reports.registry import FIGURES, TABLES
from runsieve.tables import write_csv, write_json, write_text


@dataclass(frozen=True)
class Described:
    """Names of a model and its classes for display.

    title: heading of its figures, such as model and sample
    titles: display name of each class
    """

    title: str
    titles: Mapping[str, str]


@dataclass(frozen=True)
class ModelReport:
    """Tables of one model on its test events, and what its figures need in addition."""

    title: str
    titles: Mapping[str, str]
    settings: Report
    predictions: Predictions
    tables: dict[str, pd.DataFrame]
    efficiency_text: str
    metrics: dict[str, Any]

    @property
    def label(self) -> str:
        """Name and unit of the binned variable."""
        return self.settings.axis_label


def make_report(
    predictions: Predictions,
    settings: Report,
    described: Described,
    seed: int,
    diagnosis: Mapping[str, Any] | None = None,
) -> ModelReport:
    """Evaluate a model on its test events; prints how many are outside the bins.

    diagnosis: `parameters` (number) and `warnings` (sentences) are copied into the metrics.
    """
    test = predictions.part("test")
    tables = {name: module.make(test, settings) for name, module in TABLES.items()}
    left_out = outside(test, settings.bin_edges)
    for name, count in left_out.items():
        if count:
            print(f"{count} test events of class {name} are outside the bins of {settings.binned}")
    metrics = summarise(predictions, settings.efficiency, settings.bootstrap, seed)
    metrics["outside"] = left_out
    metrics["parameters"] = (diagnosis or {}).get("parameters")
    metrics["warnings"] = (diagnosis or {}).get("warnings", [])
    text = efficiency_text(tables["efficiency"], described.titles, settings.axis_label, left_out)
    return ModelReport(
        described.title, described.titles, settings, predictions, tables, text, metrics
    )


def read_report(
    scores: str | Path,
    classes: Sequence[str],
    settings: Report,
    described: Described,
    seed: int,
    diagnosis: str | Path | None = None,
) -> ModelReport:
    """Like `make_report`, from files: scores (parquet) and diagnosis (JSON)."""
    return make_report(
        read_predictions(scores, classes, settings.binned),
        settings,
        described,
        seed,
        json.loads(Path(diagnosis).read_text()) if diagnosis else None,
    )


def write_report(
    report: ModelReport,
    metrics: str | Path,
    efficiency_text: str | Path,
    tables: Iterable[str | Path],
    figures: Iterable[str | Path],
) -> None:
    """Write the tables (NAME.csv) and figures (NAME.svg, NAME.png) that the files are named after.

    Raises RunsieveError for a name that no module of the report has.
    """
    write_json(report.metrics, metrics)
    write_text(report.efficiency_text, efficiency_text)
    for path in map(Path, tables):
        _require_name(path, "table", report.tables)
        write_csv(report.tables[path.stem], path)
    for name, files in files_by_name(figures).items():
        _require_name(files[0], "figure", FIGURES)
        save(FIGURES[name].draw(report), files)


def _require_name(path: Path, kind: str, known: Iterable[str]) -> None:
    if path.stem not in known:
        raise RunsieveError(f"{path}: no {kind} of this name; expected one of {', '.join(known)}")
