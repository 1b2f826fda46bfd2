"""The report of one model: everything that follows from its scores."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.efficiency import outside
from runsieve.evaluation.efficiency_text import efficiency_text
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.metrics import summarise
from runsieve.evaluation.predictions import Predictions, read_predictions
from runsieve.figures.described import Described
from runsieve.figures.style import files_by_name, save
from runsieve.reports.registry import FIGURES, LABEL, TABLES, TRUTH
from runsieve.tables import write_csv, write_json, write_text


@dataclass(frozen=True)
class ModelReport:
    """Tables of one model on its test events, and what its figures need in addition."""

    described: Described
    evaluated: Evaluated
    tables: dict[str, pd.DataFrame]
    metrics: dict[str, Any]

    def table(self, name: str) -> pd.DataFrame:
        """Rows of a table that judge by the labels, without those that judge by the truth."""
        table = self.tables[name]
        return table[table["against"] == LABEL].drop(columns="against").reset_index(drop=True)

    @property
    def efficiency_text(self) -> str:
        """Efficiencies and histogram as text; see `evaluation.efficiency_text`."""
        return efficiency_text(
            self.table("histogram"),
            self.table("efficiency"),
            self.evaluated.defined,
            self.described.titles,
            self.label,
            self.metrics["outside"],
        )

    @property
    def label(self) -> str:
        """Name and unit of the binned variable."""
        return self.evaluated.settings.axis_label


def make_report(
    predictions: Predictions,
    settings: Report,
    points: Mapping[str, WorkingPoint],
    described: Described,
    seed: int,
    diagnoses: Sequence[Mapping[str, Any]] = (),
) -> ModelReport:
    """Evaluate a model on its test events; prints how many are outside the bins.

    diagnoses: none, or one, or one of each fold; `parameters` (number, of the first) and `warnings`
        (sentences) are copied into the metrics.
    """
    evaluated = Evaluated.of(predictions, settings, points)
    judged = {LABEL: evaluated, TRUTH: evaluated.against_truth()}
    tables = {name: _make(module, judged) for name, module in TABLES.items()}
    left_out = outside(evaluated.test, settings.bin_edges)
    for name, count in left_out.items():
        if count:
            print(f"{count} test events of class {name} are outside the bins of {settings.binned}")
    metrics = summarise(evaluated, seed)
    metrics["outside"] = left_out
    metrics["parameters"] = next((one.get("parameters") for one in diagnoses), None)
    metrics["warnings"] = [
        text if len(diagnoses) == 1 else f"fold {number}: {text}"
        for number, one in enumerate(diagnoses, 1)
        for text in one.get("warnings", [])
    ]
    return ModelReport(described, evaluated, tables, metrics)


def _make(module: ModuleType, judged: Mapping[str, Evaluated | None]) -> pd.DataFrame:
    """A table from the labels, and below it from the truth, if known: see column `against`."""
    parts = [
        module.make(one).assign(against=name) for name, one in judged.items() if one is not None
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["against", *table.columns.drop("against")]]


def read_report(
    scores: str | Path,
    classes: Sequence[str],
    settings: Report,
    points: Mapping[str, WorkingPoint],
    described: Described,
    seed: int,
    diagnoses: Iterable[str | Path] = (),
) -> ModelReport:
    """Like `make_report`, from files: scores (parquet) and diagnoses (JSON)."""
    return make_report(
        read_predictions(scores, classes, settings.binned),
        settings,
        points,
        described,
        seed,
        [json.loads(Path(diagnosis).read_text(encoding="utf-8")) for diagnosis in diagnoses],
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
