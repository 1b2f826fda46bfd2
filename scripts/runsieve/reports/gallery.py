"""The gallery of a sample: examples of its test events, as a table and as a figure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from textwrap import wrap

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.config.inputs import Input
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.examples import KINDS, choose_examples, deciding
from runsieve.evaluation.predictions import read_predictions
from runsieve.figures.described import Described
from runsieve.figures.gallery import draw_gallery
from runsieve.figures.style import grouped, new_figure

EVENT = ["run", "event", "channel"]
Shown = tuple[int, str] | None  # row of the arrays and text of an event; an empty place
LETTERS = 144  # of captions, across the figure
# Panels side by side of each class and kind; with many classes all kinds of a class are in a row.
ACROSS, FEW_CLASSES, ACROSS_OF_MANY = 4, 2, 2


def model_of_gallery(choice: str | Path, models: Iterable[str]) -> str:
    """The model with the largest AUC on validation events of `models`; the first, if all are NaN.

    choice: file with the table of `choose`
    """
    area = pd.read_csv(choice).set_index("model")["validation_auc"].reindex(list(models))
    return str(area.fillna(-1.0).idxmax())


def examples_per_kind(classes: int, inputs: int) -> int:
    """Number of examples of each class and kind, of models that see this number of inputs."""
    return max(1, (ACROSS if classes <= FEW_CLASSES else ACROSS_OF_MANY) // inputs)


def read_examples(
    scores: str | Path,
    events: pd.DataFrame,
    classes: Sequence[str],
    settings: Report,
    points: Mapping[str, WorkingPoint],
    inputs: int,
) -> pd.DataFrame:
    """The examples of a model, which sees this number of inputs, from its scores file.

    See `gallery_table`.
    """
    predictions = read_predictions(scores, classes, settings.binned)
    evaluated = Evaluated.of(predictions, settings, points)
    number = examples_per_kind(len(classes), inputs)
    return gallery_table(evaluated, pd.read_parquet(scores), events, number)


def gallery_table(
    evaluated: Evaluated, scores: pd.DataFrame, events: pd.DataFrame, number: int
) -> pd.DataFrame:
    """The examples of a model, `number` of each class and kind (see `choose_examples`).

    scores: rows in the order of the predictions, see `score_table`; events: of the sample

    Columns: class, kind, assigned, working_point, run, event, channel, entry, [variable], [truth],
    threshold (blank for the most probable class), score (see `Predictions.score`), p_CLASS and
    row, into the arrays of the sample. `snakemake displays --config display=RUN/EVENT` draws all of
    an event. Raises RunsieveError if the scores are not those of the sample.
    """
    found = choose_examples(evaluated.test, deciding(evaluated), number)
    return table_of(found, evaluated, scores, events)


def table_of(
    found: pd.DataFrame, evaluated: Evaluated, scores: pd.DataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """Chosen test events with what is known of them; see `gallery_table`.

    found: place (index into the test events), class, kind and assigned
    """
    decision, test = deciding(evaluated), evaluated.test
    places = np.flatnonzero(evaluated.predictions.split == "test")
    chosen = scores.iloc[places[found["place"]]].reset_index(drop=True)
    # With folds, a row of the scores says which event of the sample it is of.
    rows = chosen["row"] if "row" in chosen else places[found["place"]]
    sample = events.iloc[rows].reset_index(drop=True)
    if not (sample[EVENT].to_numpy() == chosen[EVENT].to_numpy()).all():
        raise RunsieveError("gallery: the scores are not of the events of the sample, in its order")
    thresholds = np.array([decision.of_events(test, index) for index, _ in enumerate(test.classes)])
    label = test.true[found["place"]]
    more = [
        name
        for name in (evaluated.settings.variable, "truth")
        if name is not None and name in chosen
    ]
    return pd.concat(
        [
            found[["class", "kind", "assigned"]].assign(working_point=decision.name),
            chosen[EVENT],
            sample[["entry"]],
            chosen[more],
            pd.DataFrame({"threshold": thresholds[label, found["place"]]}),
            pd.DataFrame({"score": test.score[found["place"]]}),
            chosen[[f"p_{name}" for name in test.classes]],
            sample[["row"]],
        ],
        axis=1,
    )


def draw_examples(
    table: pd.DataFrame,
    classes: Sequence[str],
    arrays: Mapping[str, np.ndarray],
    inputs: Mapping[str, Input],
    settings: Report,
    described: Described,
) -> Figure:
    """What a model sees of its examples, row by row; an empty panel where there is none.

    arrays: of the sample, by input; inputs: settings of those that are drawn.
    """
    number = examples_per_kind(len(classes), len(inputs))
    columns = number * len(inputs) * (1 if len(classes) <= FEW_CLASSES else len(KINDS))
    texts = captions(table, described.titles, settings, LETTERS // columns)
    shown: list[Shown] = []
    for name, kind in product(classes, KINDS):
        chosen = np.flatnonzero((table["class"] == name) & (table["kind"] == kind))[:number]
        shown += [(table["row"].iloc[place], texts[place]) for place in chosen]
        shown += [None] * (number - len(chosen))
    return draw_shown(shown, arrays, inputs, columns, described)


def draw_shown(
    shown: Sequence[Shown],
    arrays: Mapping[str, np.ndarray],
    inputs: Mapping[str, Input],
    columns: int,
    described: Described,
) -> Figure:
    """What a model sees of events: one panel per input, the first below a text; None is empty.

    shown: row of the arrays and text of each event; columns: panels side by side. Time and unit are
    those of the first input.
    """
    panels: list[np.ndarray | None] = []
    above: list[str] = []
    for one in shown:
        row, text = one or (None, "")
        panels += [
            None if row is None else settings.as_drawn(np.asarray(arrays[name][row]))
            for name, settings in inputs.items()
        ]
        above += [text, *("" if row is None else name for name in list(inputs)[1:])]
    axes = next(iter(inputs.values()))
    time, names = (axes.axes.step, axes.time_axis), (axes.axes.unit, axes.axes.names)
    return draw_gallery(panels, above, columns, described, *time, *names)


def draw_nothing(reason: str) -> Figure:
    """A small figure that says why there is nothing to see."""
    figure = new_figure((4, 1))
    figure.text(0.5, 0.5, reason, ha="center", va="center")
    return figure


def captions(
    table: pd.DataFrame, titles: Mapping[str, str], settings: Report, width: int
) -> list[str]:
    """Lines for each example: of what it is one; event, score and variable; truth if it differs.

    width: letters of a line
    """
    found = []
    for row in table.to_dict("records"):
        keys = ("class", "assigned", "truth")
        of, taken, truth = (titles.get(row.get(key), row.get(key)) for key in keys)
        what = f"{row['kind']}: {of}"
        if taken != of:
            what += f" as {taken}"
        parts = [f"{row['run']}/{row['event']}", f"score {row['score']:.3f}"]
        if settings.variable in row:
            parts.append(f"{_short(row[settings.variable])} {settings.unit or settings.label}")
        if truth not in (None, of):
            parts.append(f"in truth {truth}")
        found.append("\n".join([*wrap(what, width), *_lines(parts, width)]))
    return found


def _lines(parts: Sequence[str], width: int) -> list[str]:
    """The parts, as many in a line as fit, but never half of one."""
    lines = [parts[0]]
    for part in parts[1:]:
        longer = f"{lines[-1]}, {part}"
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _short(value: float) -> str:
    """Three digits, or all of a large number."""
    return grouped(value) if abs(value) >= 1000 else f"{value:.3g}"
