"""Pictures across keys: checks of their folders, and the cuts that labels of classes stand for."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np

from runsieve.config.analysis import Analysis
from runsieve.config.messages import hint
from runsieve.config.run_sheet import Run
from runsieve.errors import RunsieveError
from runsieve.expressions import parse_for

BRANCH = "label"  # of ingested runs: the number of a class in ingest.labels


def check_pictures(analysis: Analysis, runs: list[Run], sheet: str) -> list[str]:
    """Contradictions between ingest, the classes and the run sheet, as sentences."""
    ingested = [run for run in runs if run.ingested]
    return [
        *_check_sources(analysis, ingested, sheet),
        *_check_apart(analysis, ingested, sheet),
        *_check_kinds(analysis, runs),
        *_check_labels(analysis),
    ]


def _check_sources(analysis: Analysis, ingested: list[Run], sheet: str) -> Iterator[str]:
    settings = analysis.ingest
    for run in ingested:
        if not Path(run.files).exists():
            yield f"runs: {sheet}: run {run.run}: {run.files} does not exist"
        elif settings is None:
            yield f"ingest: missing, but {sheet} names pictures for run {run.run}"
        elif Path(run.files).is_dir() and not settings.labels:
            yield f"ingest.labels: missing; they are the folders in {run.files}"
        elif not Path(run.files).is_dir() and run.kind not in settings.arrays:
            yield f"ingest.arrays.{run.kind}: missing; it names the arrays in {run.files}"


def _check_kinds(analysis: Analysis, runs: list[Run]) -> Iterator[str]:
    kinds = {run.kind for run in runs}
    for kind in analysis.ingest.arrays if analysis.ingest is not None else ():
        if kind not in kinds:
            yield f"ingest.arrays: there is no kind of run '{kind}'{hint(kind, kinds)}"


def _check_apart(analysis: Analysis, ingested: list[Run], sheet: str) -> Iterator[str]:
    """The same pictures in two runs would stand in training and test as different events."""
    arrays = {} if analysis.ingest is None else analysis.ingest.arrays

    def pictures(run: Run) -> tuple[Path, str]:
        path = Path(run.files).resolve()
        named = arrays.get(run.kind)
        return path, "" if path.is_dir() or named is None else named.images

    sources = [(run, *pictures(run)) for run in ingested]
    for (one, path, name), (two, other, other_name) in combinations(sources, 2):
        if path == other and name == other_name:
            what = f"array '{name}' of {two.files}" if name else two.files
            yield f"runs: {sheet}: runs {one.run} and {two.run} have the same pictures, {what}"
        elif path in other.parents or other in path.parents:
            inner, outer = (one, two) if other in path.parents else (two, one)
            yield (
                f"runs: {sheet}: run {inner.run}: {inner.files} is in {outer.files} of run "
                f"{outer.run}, so its pictures would be in two runs"
            )


def _check_labels(analysis: Analysis) -> Iterator[str]:
    labels = [] if analysis.ingest is None else analysis.ingest.labels
    for name, one in analysis.classes.items():
        if one.label is not None:
            if not labels:
                yield f"classes.{name}.label: '{one.label}' is not in ingest.labels, which is empty"
            elif one.label not in labels:
                yield (
                    f"classes.{name}.label: there is no label '{one.label}' in ingest.labels"
                    f"{hint(one.label, labels)}"
                )
        elif one.cut is not None and name in labels:
            taken = _labels_taken(one.cut, labels, analysis)
            if taken is not None and name not in taken:
                yield (
                    f"classes.{name}.cut: '{one.cut}' takes pictures of "
                    f"{', '.join(taken) or 'no folder'}, by the order of ingest.labels; give "
                    f"'label: {name}' instead"
                )


def _labels_taken(cut: str, labels: list[str], analysis: Analysis) -> list[str] | None:
    """The labels that pass a cut on their number alone; None for any other cut."""
    columns = {name for name, text in analysis.columns.items() if text == BRANCH}
    try:
        expression = parse_for(cut, analysis.channels[0])
        if not expression.names or not expression.names <= columns:
            return None
        values = dict.fromkeys(expression.names, np.arange(len(labels)))
        passed = np.broadcast_to(expression.evaluate(values), len(labels))
    except RunsieveError:
        return None  # said where cuts are checked
    return [label for label, good in zip(labels, passed, strict=True) if good]


def with_label_cuts(analysis: Analysis) -> Analysis:
    """The analysis with the cut that each `label` of a class stands for."""
    named = {name: one for name, one in analysis.classes.items() if one.label is not None}
    if not named:
        return analysis
    columns = dict(analysis.columns)
    column = next((name for name, text in columns.items() if text == BRANCH), None)
    if column is None:
        column = "picture_label"
        while column in columns:
            column += "_"
        columns[column] = BRANCH
    classes = dict(analysis.classes)
    for name, one in named.items():
        cut = f"{column} == {analysis.ingest.labels.index(one.label)}"
        cut = cut if one.cut is None else f"{cut} && ({one.cut})"
        classes[name] = one.model_copy(update={"cut": cut})
    return analysis.model_copy(update={"columns": columns, "classes": classes})
