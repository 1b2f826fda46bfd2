"""What the page shows of one model on one sample."""

from pathlib import Path
from typing import Any

from runsieve.reports.page import seen
from runsieve.reports.page.columns import (
    CLASSES,
    DIAGNOSES,
    POINTS,
    RATES,
)
from runsieve.reports.page.figures import Figure, Gallery
from runsieve.reports.page.numbers import number
from runsieve.reports.page.reading import ModelResults
from runsieve.reports.page.tables import (
    Cell,
    Column,
    Row,
    Table,
    first_of_each,
    records,
    table,
)
from runsieve.reports.page.verdict import headline_of
from runsieve.reports.registry import FIGURES

TRAINING = "Training"


def read_model(model: ModelResults, gallery: Gallery, compared: bool = True) -> dict[str, Any]:
    """The section of a model; compared: it is not of a null test."""
    left_out = left_out_of(model, compared)
    entry, first = model.entry, model.first
    seeds = {int(seed): metrics["metrics"]["auc"]["value"] for seed, metrics in model.seeds.items()}
    return {
        "sample": entry.sample,
        "model": entry.model,
        "anchor": model.anchor,
        "folds": entry.folds,
        "auc": number(first["metrics"]["auc"]["value"]),
        "seeds": {seed: number(value) for seed, value in seeds.items()},
        "fired": sum(len(metrics["warnings"]) for metrics in model.seeds.values()),
        "warnings": first["warnings"],
        "tables": _tables(model),
        "diagnoses": _diagnoses(model),
        "trainings": _trainings(model),
        "text": Path(entry.efficiency_text).read_text(encoding="utf-8"),
        "figures": _figures(model, gallery, left_out),
        "lifted": [],
        "explained": {
            name: model.reader.link(path)
            for name, path in entry.explanation.items()
            if Path(path).is_file()
        },
        "explained_by": f"snakemake explain --config 'analyses={model.analysis.name}'"
        if entry.explanation
        else None,
        "links": _links(model),
    }


def _tables(model: ModelResults) -> list[Table]:
    entry, reader = model.entry, model.reader
    values = reader.table(entry.tables["working_points"])
    values = values[values["seed"] == entry.seeds[0]]
    columns = list(POINTS)
    if values["class"].nunique() > 1:
        columns.insert(1, Column("class", "class"))
    note = "Thresholds were chosen on validation events."
    if entry.folds:
        note += (
            f" Every event was tested by the model of its fold, one of {entry.folds}, which has "
            "not seen it, and compared with the threshold of that fold; listed is their mean."
        )
    of = f"{entry.model} on {entry.sample}" + (
        f", seed {entry.seeds[0]}" if len(entry.seeds) > 1 else ""
    )
    link = reader.link(entry.tables["working_points"])
    found = [table(f"Working points of {of}", link, columns, _named(model, values), note=note)]
    classes = model.rows("classes")
    classes = classes[classes["working_point"] == classes["working_point"].iloc[0]]
    point = classes["working_point"].iloc[0]
    where = "" if point == "most_probable" else f" at {point}"
    link = reader.link(entry.tables["classes"])
    found.append(table(f"Classes of {of}{where}", link, CLASSES, _named(model, classes)))
    if entry.rates is not None:
        found.append(_rates(model))
    return found


def _named(model: ModelResults, values):
    """The rows with the display names of classes."""
    titles = model.analysis.titles
    return values.assign(**{"class": [titles.get(name, name) for name in values["class"]]})


def _rates(model: ModelResults) -> Table:
    values = model.reader.table(model.entry.rates)
    row = records(values)[0]
    mass = row["mass_kg"]
    kilos = "" if mass is None else f" and {number(mass, 2)} kg"
    note = (
        f"Selected background in {number(row['livetime_days'], 2)} days{kilos}, at the class mix "
        "of the runs, and what is left of it above the threshold: per day"
        f"{'' if mass is None else ', kg'} and {row['unit'] or 'unit'} of {row['variable']}."
    )
    link = model.reader.link(model.entry.rates)
    made = table(f"Background per day, {model.entry.model}", link, RATES, values, note=note)
    first_of_each(made.rows, values["working_point"])
    return made


def _diagnoses(model: ModelResults) -> list[Table]:
    """One table of each training: every diagnosis with its value and limit, fired or not."""
    tables = []
    for name, content in model.diagnoses.items():
        link = model.reader.link(model.entry.diagnoses[name])
        rows = []
        for place, one in enumerate(content["diagnoses"]):
            fired = [("warn", "fired")] if one["fired"] else []
            said = one["finding"] if one["fired"] else "as expected"
            if one.get("explained_by"):
                said = f"follows from {one['explained_by']}"
            elif one["value"] is None:
                said = "does not apply"
            value, limit = (
                Cell("" if one[key] is None else f"{one[key]:.4g}") for key in ("value", "limit")
            )
            texts = Cell(one["name"].replace("_", " ")), Cell(one["value_is"])
            cells = [*texts, value, Cell(one["fires"]), limit, Cell(said, tags=fired)]
            rows.append(Row(place, cells, style="fired" if one["fired"] else ""))
        tables.append(Table(f"Diagnoses, {name}", link, DIAGNOSES, rows, style="diagnoses"))
    return tables


def _trainings(model: ModelResults) -> list[str]:
    """A sentence on each training."""
    return [
        f"{name}: {content['epochs']} epochs in {number(content['seconds'], 1)} s, weights of "
        f"epoch {content['kept_epoch']}"
        for name, content in model.diagnoses.items()
        if "kept_epoch" in content
    ]


def left_out_of(model: ModelResults, compared: bool) -> set[str]:
    """Figures that are not shown, because they repeat a table or because nobody asks for them.

    The first are the confusion of two classes, and groups of one run and channel. Of a null test,
    only the scores and the ROC curve are shown.
    """
    left_out = set() if compared else set(model.entry.figures) - {"scores", "roc"}
    if not model.several_groups:
        left_out.add("groups")
    if len(model.first["classes"]) == 2:
        left_out.add("confusion")
    return left_out


def _figures(model: ModelResults, gallery: Gallery, left_out: set[str]) -> list[Figure]:
    """The figures of the registry in their order, then those that only some models have."""
    entry = model.entry
    titles = {name: one.TITLE for name, one in sorted(FIGURES.items(), key=lambda it: it[1].PLACE)}
    training = f"{TRAINING} of fold 1 of {entry.folds}" if entry.folds else TRAINING
    titles |= {"training": training}
    return [
        gallery.figure(
            name,
            title,
            entry.figures[name],
            seen=_seen(model, name),
            tables=_numbers(model, name),
            sample=entry.sample,
            model=entry.model,
        )
        for name, title in titles.items()
        if name in entry.figures and name not in left_out
    ]


def _numbers(model: ModelResults, name: str) -> list[str]:
    """The file with the numbers of a figure."""
    entry = model.entry
    if name == "training":
        return [] if entry.history is None else [entry.history]
    table = {"scores": "histogram"}.get(name, name)
    return [entry.tables[table]] if table in entry.tables else []


def _seen(model: ModelResults, name: str) -> str:
    """What a figure shows, in words; empty where nothing is known of it."""
    titles, entry = model.analysis.titles, model.entry
    if name == "training":
        kept = next((one.get("kept_epoch") for one in model.diagnoses.values()), None)
        return (
            "" if entry.history is None else seen.training(model.reader.table(entry.history), kept)
        )
    if name == "efficiency":
        return seen.efficiency(model.rows("efficiency"), titles)
    if name == "scores":
        return seen.scores(model.rows("histogram"), titles)
    if name == "roc":
        return seen.roc(model.first["metrics"]["auc"]["value"], headline_of(model.points))
    if name == "reliability":
        return seen.reliability(model.rows("reliability"))
    if name == "groups":
        return seen.groups(model.rows("groups"))
    if name == "confusion":
        return seen.confusion(model.rows("confusion"), titles)
    return ""


def _links(model: ModelResults) -> dict[str, str]:
    entry = model.entry
    linked = {f"{name}.csv": path for name, path in entry.tables.items()}
    linked |= {"efficiency.txt": entry.efficiency_text, "metrics.json": entry.metrics}
    linked |= entry.cards
    linked |= {} if entry.rates is None else {"rates.csv": entry.rates}
    return {name: model.reader.link(path) for name, path in linked.items()}
