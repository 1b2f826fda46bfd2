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
from runsieve.evaluation.glossary import described
from runsieve.evaluation.metrics import summarise
from runsieve.evaluation.predictions import Predictions, read_predictions
from runsieve.figures.described import Described
from runsieve.figures.style import files_by_name, save
from runsieve.reports.registry import FIGURES, LABEL, TABLES, TRUTH
from runsieve.tables import write_csv, write_json, write_text


@dataclass(frozen=True)
class Judged:
    """What follows from the scores of one training: tables by name, and metrics."""

    evaluated: Evaluated
    tables: dict[str, pd.DataFrame]
    metrics: dict[str, Any]


@dataclass(frozen=True)
class ModelReport:
    """A model on its test events: what follows from the scores of each seed.

    Figures and text show the first seed; tables and metrics have all of them.
    """

    described: Described
    seeds: dict[int, Judged]

    @property
    def first(self) -> Judged:
        """The first seed."""
        return next(iter(self.seeds.values()))

    @property
    def evaluated(self) -> Evaluated:
        """The test events as the first seed scores them."""
        return self.first.evaluated

    def table(self, name: str) -> pd.DataFrame:
        """Rows of a table of the first seed, judged by the labels and not by the truth."""
        table = self.first.tables[name]
        return table[table["against"] == LABEL].drop(columns="against").reset_index(drop=True)

    def all_seeds(self, name: str) -> pd.DataFrame:
        """A table with the rows of all seeds, which its first column tells apart."""
        parts = [one.tables[name].assign(seed=seed) for seed, one in self.seeds.items()]
        table = pd.concat(parts, ignore_index=True)
        return table[["seed", *table.columns.drop("seed")]]

    @property
    def metrics(self) -> dict[str, Any]:
        """Metrics by seed, as they are written, below what they mean."""
        seeds = {str(seed): one.metrics for seed, one in self.seeds.items()}
        return {"about": described(self.first.metrics), "seeds": seeds}

    @property
    def efficiency_text(self) -> str:
        """Efficiencies and histograms as text; see `evaluation.efficiency_text`."""
        return efficiency_text(self.evaluated, self.described.titles)

    @property
    def label(self) -> str:
        """Name and unit of the binned variable."""
        return self.evaluated.settings.axis_label


def judge(
    predictions: Predictions,
    settings: Report,
    points: Mapping[str, WorkingPoint],
    seed: int,
    diagnoses: Sequence[Mapping[str, Any]] = (),
) -> Judged:
    """Evaluate one training on its test events; prints how many are outside the bins.

    diagnoses: none, or one, or one of each fold; `parameters` (number, of the first) and `warnings`
        (sentences) are copied into the metrics.
    """
    evaluated = Evaluated.of(predictions, settings, points)
    judged = {LABEL: evaluated, TRUTH: evaluated.against_truth}
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
    return Judged(evaluated, tables, metrics)


def _make(module: ModuleType, judged: Mapping[str, Evaluated | None]) -> pd.DataFrame:
    """A table from the labels, and below it from the truth, if known: see column `against`."""
    parts = [
        module.make(one).assign(against=name) for name, one in judged.items() if one is not None
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["against", *table.columns.drop("against")]]


def read_report(
    scores: Mapping[int, str | Path],
    classes: Sequence[str],
    settings: Report,
    points: Mapping[str, WorkingPoint],
    described: Described,
    diagnoses: Mapping[int, Iterable[str | Path]],
) -> ModelReport:
    """The report of a model from files, by seed: scores (parquet) and diagnoses (JSON)."""
    judged = {
        seed: judge(
            read_predictions(path, classes, settings.binned),
            settings,
            points,
            seed,
            [json.loads(Path(one).read_text(encoding="utf-8")) for one in diagnoses[seed]],
        )
        for seed, path in scores.items()
    }
    return ModelReport(described, judged)


def write_report(
    report: ModelReport,
    metrics: str | Path,
    efficiency_text: str | Path,
    tables: Iterable[str | Path],
    figures: Iterable[str | Path],
) -> None:
    """Write the tables (NAME.csv) and figures (NAME.svg and other formats) that the files
    are named after.

    Raises RunsieveError for a name that no module of the report has.
    """
    write_json(report.metrics, metrics)
    write_text(report.efficiency_text, efficiency_text)
    for path in map(Path, tables):
        _require_name(path, "table", report.first.tables)
        write_csv(report.all_seeds(path.stem), path)
    for name, files in files_by_name(figures).items():
        _require_name(files[0], "figure", FIGURES)
        save(FIGURES[name].draw(report), files)


def _require_name(path: Path, kind: str, known: Iterable[str]) -> None:
    if path.stem not in known:
        raise RunsieveError(f"{path}: no {kind} of this name; expected one of {', '.join(known)}")
