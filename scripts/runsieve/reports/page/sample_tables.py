"""The tables of a sample: its models compared, how far they can be trusted, and its events."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runsieve.reports.page.columns import (
    ACCURACY,
    AREAS,
    AUC,
    CALIBRATION,
    CLOSURE,
    DRAWN,
    LOSS,
    MACRO_F1,
    OF_RUNS,
    OVERTRAINING,
    PAIRS,
    PARAMETERS,
    PURITY,
    REALISED,
    REJECTION,
    SEEDS,
    SPREAD,
    THRESHOLD,
    TRUTH,
)
from runsieve.reports.page.files import NullSampleFiles, SampleFiles
from runsieve.reports.page.numbers import count, quoted
from runsieve.reports.page.reading import ModelResults, Reader
from runsieve.reports.page.sample_results import SampleResults
from runsieve.reports.page.tables import COUNT, Cell, Column, Row, Table, cell, table
from runsieve.reports.page.verdict import Evidence, Verdict, headline_of

MODEL = Column("model", "model")
NOWHERE = "none"  # place of a cell that no file has a number for


def comparison_table(results: SampleResults, evidence: Evidence, verdict: Verdict) -> Table:
    """The models of a sample, best first: where to cut, and what that keeps and rejects."""
    points = {name: headline_of(rows) for name, rows in evidence.points.items()}
    two = all(point is not None for point in points.values())
    records = results.records
    truth = any(row["auc_truth_mean"] is not None for row in records)
    known = any(row["rejection_mean"] is not None for row in records)
    of_points = [THRESHOLD, *REALISED] if two else []
    of_rows = [*([REJECTION] if known else []), AUC, *([] if two else [ACCURACY, MACRO_F1, LOSS])]
    of_rows += [one for one in TRUTH if truth and (known or one.name.startswith("auc"))]
    rows = []
    for row in records:
        model = results.model(row["model"])
        cells = [Cell(row["model"], link=f"#{model.anchor}", tags=_tags(results, row, evidence))]
        if two:
            point = points[row["model"]]
            place = model.place("working_points", point["row"])
            cells += [cell(one, point, place) for one in of_points]
        cells += [cell(one, row) for one in of_rows]
        style = "best" if row["model"] == verdict.model else ""
        if row["model"] in (results.analysis.oracle, results.analysis.baseline):
            style = f"{style} reference".strip()
        rows.append(Row(row["number"], cells, row["model"], row["sample"], style))
    point = next(iter(points.values())) if two else None
    at = "" if point is None else f", cut at {point['working_point']}"
    size = count(sum(evidence.events.values()))
    return Table(
        f"Models on {results.files.name}{at}, {size} test events",
        results.reader.link(results.comparison),
        _marked([MODEL, *of_points, *of_rows], results),
        rows,
        sortable=True,
        style="comparison",
    )


def _tags(
    results: SampleResults, row: Mapping[str, Any], evidence: Evidence
) -> list[tuple[str, str]]:
    tags = []
    if row["chosen"]:
        tags.append(("best", "best on validation"))
    elif row["compatible"] and row["model"] != results.analysis.oracle:
        tags.append(("", "compatible"))
    if row["model"] == results.analysis.oracle:
        tags.append(("", "oracle"))
    if row["model"] == results.analysis.baseline:
        tags.append(("", "baseline"))
    fired = sum(map(len, evidence.fired.get(row["model"], {}).values()))
    if fired:
        tags.append(("warn", f"{fired} diagnos{'is' if fired == 1 else 'es'}"))
    return tags


def trust_table(results: SampleResults) -> Table:
    """How far each model can be trusted: calibration, closure, training, seeds and runs."""
    columns = [MODEL, CALIBRATION, CLOSURE, *AREAS, OVERTRAINING, SEEDS, SPREAD]
    columns += [OF_RUNS, LOSS, PARAMETERS]
    rows = []
    for row in results.records:
        model = results.model(row["model"])
        made = {
            MODEL: Cell(row["model"], link=f"#{model.anchor}"),
            CALIBRATION: _calibration(model),
            CLOSURE: _closure(model),
            **{one: _smallest(model, "overtraining", one) for one in AREAS},  # equal in all rows
            OVERTRAINING: _smallest(model, "overtraining", OVERTRAINING),
            SEEDS: Cell(str(len(row["seeds"].split()))),
            OF_RUNS: _smallest(model, "groups", OF_RUNS, by="run"),
        }
        cells = [made[one] if one in made else cell(one, row) for one in columns]
        rows.append(Row(row["number"], cells, row["model"], row["sample"]))
    link = results.reader.link(results.comparison)
    caption = f"How far models on {results.files.name} can be trusted"
    return Table(caption, link, _marked(columns, results), rows, sortable=True)


def _marked(columns: Sequence[Column], results: SampleResults) -> list[Column]:
    """The columns, which say of which seeds they are where a model has several."""
    if any(len(row["seeds"].split()) > 1 for row in results.records):
        return list(columns)
    return [replace(column, seeds="") for column in columns]


def _calibration(model: ModelResults) -> Cell:
    error = model.first["metrics"]["calibration_error"]
    place = f"{model.reader.link(model.entry.metrics)}#calibration_error"
    return Cell(quoted=quoted(error["value"], error["low"], error["high"]), place=place)


def _closure(model: ModelResults) -> Cell:
    point = headline_of(model.points)
    if point is None:
        return Cell(place=NOWHERE)
    return cell(CLOSURE, point, model.place("working_points", point["row"]))


def _smallest(model: ModelResults, name: str, column: Column, **where: str) -> Cell:
    """The smallest value of a column of a table, at the first working point."""
    values = model.rows(name)
    if "working_point" in values and len(values):
        values = values[values["working_point"] == values["working_point"].iloc[0]]
    for key, value in where.items():
        values = values[values[key] == value]
    values = values.dropna(subset=[column.name])
    if values.empty:
        return Cell(place=NOWHERE)
    place = values[column.name].idxmin()
    return cell(column, {column.name: values.loc[place, column.name]}, model.place(name, place))


def pairs_table(results: SampleResults) -> Table | None:
    """The models of a sample in pairs; None if there is one."""
    pairs = results.reader.table(results.files.pairs)
    if pairs.empty:
        return None
    return table(
        f"Models of {results.files.name} in pairs, on the same test events",
        results.reader.link(results.files.pairs),
        PAIRS,
        pairs,
        note="Single trainings are compared, those with the first seed. Corrected: by Holm's "
        "method, for the number of pairs.",
        sortable=True,
    )


def purity_table(results: SampleResults) -> Table | None:
    """What the events of each label are in truth; None where that is not known."""
    if results.files.purity is None:
        return None
    titles, reader = results.analysis.titles, results.reader
    values = reader.table(results.files.purity)
    values = values[(values["process"] == "all") & values["low"].isna()]
    named = {key: [titles.get(one, one) for one in values[key]] for key in ("class", "truth")}
    return table(
        f"Purity of the labels of {results.files.name}",
        reader.link(results.files.purity),
        PURITY,
        values.assign(**named),
        note="By the simulated process of each event.",
    )


def drawn_table(
    files: SampleFiles | NullSampleFiles, titles: Mapping[str, str], reader: Reader
) -> Table:
    """How many events of each class and split a sample has, and of how many they were drawn."""
    drawn = reader.table(files.drawn)
    drawn = drawn.assign(**{"class": [titles.get(one, one) for one in drawn["class"]]})
    folds = [Column("fold", "fold", COUNT)] if "fold" in drawn else []
    runs = ", ".join(map(str, files.named_runs))
    return table(
        f"Events drawn for {files.name}",
        reader.link(files.drawn),
        (DRAWN[0], *folds, *DRAWN[1:]),
        drawn,
        note=f"Drawn from the runs {runs} alone." if runs else "",
    )
