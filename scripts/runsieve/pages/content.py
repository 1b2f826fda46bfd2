"""What stands on the page: tables and metrics of an analysis, read from its files."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.pages.picture import embedded
from runsieve.statistics import pooled_cutflow

FIGURES = {
    "efficiency": "Efficiency",
    "scores": "Scores, training against test",
    "roc": "Signal efficiency against background rejection",
    "confusion": "Confusion matrix",
    "table": "Events by score",
    "training": "Training",
}
ANALYSIS_FIGURES = {
    "statistics": "Selected events",
    "cutflow": "Cut flow",
    "comparison": "All models",
    "crossing": "Trained on one sample, tested on others",
}
TABLES = ("efficiency.csv", "efficiency.txt", "confusion.csv", "classes.csv", "roc.csv")
CHANCE = 0.5


def read_analysis(plan: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Everything that the template shows of one analysis; links are relative to `folder`.

    plan: analysis, title, description, classes, titles, channel_name, baseline, oracle; the tables
    statistics, ratios, cutflow and comparison; statistics_figure, cutflow_figure and
    comparison_figure; drawn and roc_figures (a path for each sample); reports (sample, model, seed,
    folder) and, if there are any, warnings (sentences).
    """
    ratios = pd.read_csv(plan["ratios"], dtype={"channel": str})
    comparison = pd.read_csv(plan["comparison"], dtype={"seeds": str})
    reports = [_read_report(entry, folder) for entry in plan["reports"]]
    warnings = list(plan.get("warnings", ()))
    for report in reports:
        place = f"{report['model']}, sample {report['sample']}, seed {report['seed']}"
        warnings += [f"{place}: {text}" for text in report["metrics"].get("warnings", ())]
    titles = {name: plan["titles"].get(name, name) for name in plan["classes"]}
    return {
        "name": plan["analysis"],
        "title": plan["title"],
        "description": plan["description"],
        "channel_name": plan["channel_name"],
        "baseline": plan["baseline"],
        "oracle": plan["oracle"],
        "classes": titles,
        "warnings": warnings,
        "ratios": ratios.to_dict("records"),
        "statistics": pd.read_csv(plan["statistics"]).to_dict("records"),
        "cutflow": _read_cutflow(plan["cutflow"], plan["classes"]),
        "figures": {
            name: _figure(name, title, plan[f"{name}_figure"])
            for name, title in ANALYSIS_FIGURES.items()
            if f"{name}_figure" in plan
        },
        "samples": list(_samples(plan, comparison, reports)),
        "links": {
            name: _link(plan[name], folder)
            for name in ("statistics", "ratios", "cutflow", "comparison")
        },
    }


def best_model(rows: Sequence[Mapping[str, Any]], oracle: str | None) -> str | None:
    """The model with the largest area under the curve, the oracle apart."""
    candidates = [row for row in rows if row["model"] != oracle and row["auc"] is not None]
    return max(candidates, key=lambda row: row["auc"])["model"] if candidates else None


def _samples(
    plan: Mapping[str, Any],
    comparison: pd.DataFrame,
    reports: Sequence[Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    for sample, part in comparison.groupby("sample", sort=False):
        rows = _records(part)
        mine = [report for report in reports if report["sample"] == sample]
        drawn = plan.get("drawn", {}).get(sample)
        pairs = plan.get("pairs", {}).get(sample)
        best = best_model(rows, plan["oracle"])
        for row in rows:
            row["best"] = row["model"] == best
        yield {
            "name": sample,
            "classes": max((len(one["metrics"]["classes"]) for one in mine), default=0),
            "warnings": sum(len(one["metrics"].get("warnings", ())) for one in mine),
            "rows": sorted(rows, key=lambda row: row["auc"] or 0, reverse=True),
            "binary": any(row["rejection"] is not None for row in rows),
            "scale": min([CHANCE, *(row["auc_low"] for row in rows if row["auc_low"])]),
            "drawn": _records(pd.read_csv(drawn)) if drawn else [],
            "pairs": _records(pd.read_csv(pairs)) if pairs else [],
            "figure": _figure("roc", f"All models on {sample}", plan["roc_figures"][sample]),
            "models": _by_model(mine),
        }


def _by_model(reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Reports of one sample grouped by model: the first seed in full, the others beside it."""
    models: dict[str, list[Mapping[str, Any]]] = {}
    for report in reports:
        models.setdefault(report["model"], []).append(report)
    return [
        {"name": name, "report": group[0], "seeds": group, "figures": _figures_of(group[0])}
        for name, group in models.items()
    ]


def _read_report(entry: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    place = Path(entry["folder"])
    files = [*TABLES, "metrics.json"]
    return {
        **entry,
        "place": place,
        "metrics": json.loads((place / "metrics.json").read_text()),
        "text": (place / "efficiency.txt").read_text(),
        "report": _records(pd.read_csv(place / "classes.csv")),
        "links": {name: _link(place / name, folder) for name in files}
        | ({"card.md": _link(entry["card"], folder)} if entry.get("card") else {}),
    }


def _figures_of(report: Mapping[str, Any]) -> list[dict[str, str]]:
    paths = {name: report["place"] / f"{name}.svg" for name in FIGURES}
    return [_figure(name, FIGURES[name], path) for name, path in paths.items() if path.exists()]


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
