"""What the page shows: tables and metrics of an analysis, read from its files."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.reports.page.files import AnalysisFiles, ModelFiles
from runsieve.reports.page.picture import embedded
from runsieve.reports.registry import FIGURES, LABEL
from runsieve.runs.pictures import left_out
from runsieve.samples.duplicates import duplicates_sentences
from runsieve.selection.statistics import pooled_cutflow

ANALYSIS_FIGURES = {
    "statistics": "Selected events",
    "cutflow": "Cut flow",
    "comparison": "All models",
    "cross_tests": "Cross tests: trained on one sample, tested on others",
    "null_tests": "Null tests: what should look the same",
    "shifts": "Shifts of what models see",
}
TRAINING = "Training"
CONTAMINATION = "Estimated contamination of the background class"
CHANCE = 0.5


def read_analysis(analysis: AnalysisFiles, folder: Path) -> dict[str, Any]:
    """Everything that the template shows about one analysis; links are relative to `folder`."""
    ratios = pd.read_csv(analysis.ratios, dtype={"channel": str})
    comparison = pd.read_csv(analysis.comparison, dtype={"seeds": str})
    reports = [_read_model(entry, folder) for entry in analysis.models]
    warnings = [
        f"{report['model']}, sample {report['sample']}, seed {seed}: {text}"
        for report in reports
        for seed, metrics in report["seeds"].items()
        for text in metrics["warnings"]
    ]
    null_tests = [] if analysis.null_tests is None else _records(pd.read_csv(analysis.null_tests))
    warnings += [row["warning"] for row in null_tests if row["warning"] is not None]
    pictures = [(run, pd.read_csv(path)) for run, path in analysis.pictures.items()]
    warnings += [text for run, table in pictures if (text := left_out(run, table))]
    for sample in analysis.samples:
        warnings += duplicates_sentences(sample.name, pd.read_csv(sample.duplicates))
    return {
        "name": analysis.name,
        "title": analysis.title,
        "description": analysis.description,
        "channel_name": analysis.channel_name,
        "baseline": analysis.baseline,
        "oracle": analysis.oracle,
        "classes": {name: analysis.titles.get(name, name) for name in analysis.classes},
        "titles": analysis.titles,
        "warnings": warnings,
        "ratios": ratios.to_dict("records"),
        "statistics": pd.read_csv(analysis.statistics).to_dict("records"),
        "recorded": analysis.recorded,
        "bare": [run for run, (_, checksums) in analysis.recorded.items() if not checksums],
        "cutflow": _read_cutflow(analysis.cutflow, analysis.classes),
        "figures": {
            name: _figure(name, title, analysis.figures[name])
            for name, title in ANALYSIS_FIGURES.items()
            if name in analysis.figures
        },
        "samples": list(_samples(analysis, comparison, reports)),
        "null_tests": null_tests,
        "null_samples": [
            {
                "name": one.name,
                "named_runs": one.named_runs,
                "drawn": _records(pd.read_csv(one.drawn)),
                "models": [_read_model(model, folder) for model in one.models],
            }
            for one in analysis.null_samples
        ],
        "shifts": [] if analysis.shifts is None else _records(pd.read_csv(analysis.shifts)),
        "links": {
            name: _link(getattr(analysis, name), folder)
            for name in ("statistics", "ratios", "cutflow", "comparison", "null_tests", "shifts")
            if getattr(analysis, name) is not None
        },
    }


def _samples(
    analysis: AnalysisFiles, comparison: pd.DataFrame, reports: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    files = {sample.name: sample for sample in analysis.samples}
    for name, part in comparison.groupby("sample", sort=False):
        rows, sample = _records(part), files[name]
        mine = [report for report in reports if report["sample"] == name]
        yield {
            "name": name,
            "named_runs": sample.named_runs,
            "classes": max((len(one["first"]["classes"]) for one in mine), default=0),
            "folds": max((one["folds"] for one in mine), default=0),
            "warnings": sum(
                len(metrics["warnings"]) for one in mine for metrics in one["seeds"].values()
            ),
            "rows": sorted(rows, key=lambda row: row["auc_mean"] or 0, reverse=True),
            "chosen": next((row for row in rows if row["chosen"]), None),
            "binary": any(row["rejection"] is not None for row in rows),
            "truth": any(row["auc_truth"] is not None for row in rows),
            "scale": min([CHANCE, *(row["auc_total_low"] for row in rows if row["auc_total_low"])]),
            "drawn": _records(pd.read_csv(sample.drawn)),
            "pairs": _records(pd.read_csv(sample.pairs)),
            "figures": [
                _figure(shown, title, sample.figures[shown])
                for shown, title in (
                    ("decision", f"All models on {name} at one working point"),
                    ("roc", f"ROC curves of all models on {name}"),
                )
            ],
            "models": mine,
        }


def _read_model(entry: ModelFiles, folder: Path) -> dict[str, Any]:
    linked = {f"{name}.csv": path for name, path in entry.tables.items()}
    linked |= {"efficiency.txt": entry.efficiency_text, "metrics.json": entry.metrics}
    linked |= entry.cards
    linked |= {} if entry.rates is None else {"rates.csv": entry.rates}
    seeds = json.loads(Path(entry.metrics).read_text(encoding="utf-8"))["seeds"]
    return {
        "sample": entry.sample,
        "model": entry.model,
        "folds": entry.folds,
        "figures": _figures_of(entry),
        "seeds": seeds,
        "first": next(iter(seeds.values())),
        "text": Path(entry.efficiency_text).read_text(encoding="utf-8"),
        "report": _records(_of_labels(_of_first(entry, "classes"))),
        "points": _records(_of_first(entry, "working_points")),
        "rates": [] if entry.rates is None else _records(pd.read_csv(entry.rates)),
        "links": {name: _link(path, folder) for name, path in linked.items()},
    }


def _of_first(entry: ModelFiles, name: str) -> pd.DataFrame:
    """Rows of a table of a model that are of its first seed."""
    table = pd.read_csv(entry.tables[name])
    return table[table["seed"] == entry.seeds[0]]


def _of_labels(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that judge by the labels, at the first working point."""
    table = table[table["against"] == LABEL]
    return table[table["working_point"] == table["working_point"].iloc[0]]


def _informative(entry: ModelFiles) -> dict[str, str]:
    """Figures by name, without that of the groups where all events are of one run and channel."""
    groups = _of_first(entry, "groups")
    several = (groups.groupby("by")["group"].nunique() > 1).any()
    return {name: path for name, path in entry.figures.items() if several or name != "groups"}


def _figures_of(entry: ModelFiles) -> list[dict[str, str]]:
    """The figures of the registry in their order, then those that only some models have."""
    titles = {
        name: module.TITLE
        for name, module in sorted(FIGURES.items(), key=lambda item: item[1].PLACE)
    }
    training = f"{TRAINING} of fold 1 of {entry.folds}" if entry.folds else TRAINING
    titles |= {"contamination": CONTAMINATION, "training": training}
    paths = _informative(entry)
    return [_figure(name, title, paths[name]) for name, title in titles.items() if name in paths]


def _figure(name: str, title: str, path: str | Path) -> dict[str, str]:
    return {"name": name, "title": title, "source": embedded(path)}


def _read_cutflow(path: str | Path, classes: Sequence[str]) -> list[dict[str, Any]]:
    pooled = pooled_cutflow(pd.read_csv(path, keep_default_na=False), classes)
    everything = pooled.groupby("class")["passed"].transform("first")
    pooled["percent"] = 100 * pooled["passed"] / everything.where(everything > 0)
    return _records(pooled)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings, None where there is no value."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def _link(path: str | Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()
