"""What the page shows of runs that were scored: what a cut keeps, and where their scores are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.reports.page import seen
from runsieve.reports.page.columns import KEPT, P_FRACTION, P_RATE, RATE
from runsieve.reports.page.figures import Gallery
from runsieve.reports.page.files import AnalysisFiles, ScoredFiles
from runsieve.reports.page.numbers import count, significant
from runsieve.reports.page.reading import Reader
from runsieve.reports.page.remarks import Found
from runsieve.reports.page.runs import EXTREME, MANY
from runsieve.reports.page.tables import Cell, Column, Table, table
from runsieve.selection.absences import left_out_sentence
from runsieve.selection.statistics import ALL

KIND, RUN, CLASS = Column("kind", "kind"), Column("run", "run"), Column("kept as", "class")
FRIEND, SCORES = Column("friend tree", "friend"), Column("table", "table")
TITLES = {
    "scored_spectrum": "Selected, kept, and corrected for the efficiency",
    "stability": "Stability of what is kept",
}
UNSTABLE = 0.01  # p, as for null tests


def read_scored(files: ScoredFiles, analysis: AnalysisFiles, gallery: Gallery) -> dict[str, Any]:
    """The scored runs of one model."""
    reader = gallery.reader
    values = _all_channels(files, analysis, reader)
    figures = [
        gallery.figure(
            name,
            f"{title}, {files.model} of {files.sample}",
            files.figures[name],
            seen=seen.kept(values),
            tables=[files.spectrum if name == "scored_spectrum" else files.stability],
            wide=True,
            sample=files.sample,
            model=files.model,
        )
        for name, title in TITLES.items()
    ]
    linked = (files.kept, files.spectrum, files.stability)
    return {
        "sample": files.sample,
        "model": files.model,
        "anchor": _anchor(files, analysis),
        "kinds": _kinds(files, values, reader),
        "runs": _runs(files, values, reader),
        "figures": figures,
        "links": {Path(path).name: reader.link(path) for path in linked},
    }


def unstable(files: ScoredFiles, analysis: AnalysisFiles, reader: Reader) -> Iterator[Found]:
    """A sentence for each kind of run whose runs do not agree."""
    values = _all_channels(files, analysis, reader)
    for row in values[values["run"] == ALL].to_dict("records"):
        for name, what in (("p_fraction", "fraction of events kept"), ("p_rate", "rate kept")):
            if row[name] < UNSTABLE:
                yield Found(
                    f"Runs of the kind {row['kind']} differ in the {what} as {row['class']} "
                    f"(p = {significant(row[name])}).",
                    f"{files.model} of {files.sample}",
                    _anchor(files, analysis),
                )


def _anchor(files: ScoredFiles, analysis: AnalysisFiles) -> str:
    return f"{analysis.name}-scored-{files.sample}-{files.model}"


def _all_channels(files: ScoredFiles, analysis: AnalysisFiles, reader: Reader) -> pd.DataFrame:
    values = reader.table(files.stability, texts=["run"])
    values = values[values["channel"] == ALL]
    titles = [analysis.titles.get(name, name) for name in values["class"]]
    return values.assign(**{"class": titles})


def _columns(values: pd.DataFrame) -> list[Column]:
    """Columns of what is kept, without those that are empty or the same everywhere."""
    classes = [CLASS] if values["class"].nunique() > 1 else []
    kept = [one for one in KEPT if one.name != "livetime_days" or values[one.name].notna().any()]
    return [*classes, *kept]


def _kinds(files: ScoredFiles, values: pd.DataFrame, reader: Reader) -> Table:
    whole = values[values["run"] == ALL]
    timed = whole["rate"].notna().any()
    columns = [KIND, *_columns(values), P_FRACTION, *((RATE, P_RATE) if timed else ())]
    point = values.iloc[0]
    at = f"the cut of {point['working_point']}"
    if values["threshold"].nunique() == 1:
        at += f" (score {significant(point['threshold'], 4)})"
    return table(
        f"What {at} keeps of all runs of a kind",
        reader.link(files.stability),
        columns,
        whole,
        note="Left out: selected events that the model was trained or chosen on, which are neither "
        "in what is kept nor in the fraction; rates are scaled up for them. p: of runs that differ "
        "as much by chance.",
    )


def _runs(files: ScoredFiles, values: pd.DataFrame, reader: Reader) -> Table:
    single, notes = values[values["run"] != ALL], []
    timed = single["rate"].notna().any()
    number = single["run"].nunique()
    if number > MANY:
        by = "rate" if timed else "fraction"
        ordered = single.sort_values(by, kind="stable").groupby(["kind", "class"])
        extreme = pd.concat([ordered.head(EXTREME), ordered.tail(EXTREME)])
        single = extreme[~extreme.index.duplicated()].sort_index()
        notes.append(
            f"Of {count(number)} runs, the {EXTREME} of each kind that keep least and the "
            f"{EXTREME} that keep most; the file has all."
        )
    if files.left_out:
        notes.append(left_out_sentence(files.left_out))
    columns = [RUN, KIND, *_columns(values), *([RATE] if timed else [])]
    made = table(
        "What the cut keeps of each run",
        reader.link(files.stability),
        columns,
        single,
        note=" ".join(notes),
    )
    made.columns = [*columns, FRIEND, SCORES]
    for row, run in zip(made.rows, single["run"].astype(int), strict=True):
        for path in (files.friends[run], files.tables[run]):
            row.cells.append(Cell(Path(path).name, link=reader.link(path)))
    return made
