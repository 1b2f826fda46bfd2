"""Events of the pairs of classes that are mistaken most often, as a table and as a figure."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.config.inputs import Input
from runsieve.config.report import Report
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.mistaken import choose_mistaken
from runsieve.evaluation.predictions import read_predictions
from runsieve.figures.described import Described
from runsieve.reports.gallery import Shown, draw_nothing, draw_shown, table_of

PAIRS, ACROSS = 8, 4


def read_mistaken(
    scores: str | Path,
    events: pd.DataFrame,
    classes: Sequence[str],
    settings: Report,
    inputs: int,
) -> pd.DataFrame:
    """The mistaken events of a model, which sees this number of inputs, from its scores file.

    The most probable class decides. As `gallery_table`, with mistaken (events of the pair of
    classes) and of (events of its class).
    """
    evaluated = Evaluated.of(read_predictions(scores, classes, settings.binned), settings, {})
    found = choose_mistaken(evaluated.test, PAIRS, max(1, ACROSS // inputs))
    table = table_of(found, evaluated, pd.read_parquet(scores), events)
    return table.assign(mistaken=found["mistaken"], of=found["of"])


def draw_mistaken(
    table: pd.DataFrame,
    arrays: Mapping[str, np.ndarray],
    inputs: Mapping[str, Input],
    described: Described,
) -> Figure:
    """What a model sees of the events that it mistakes, one row per pair of classes.

    table: see `read_mistaken`; arrays: of the sample, by input; inputs: settings of those drawn
    """
    if table.empty:
        return draw_nothing("no test event is mistaken")
    across = max(1, ACROSS // len(inputs))
    shown: list[Shown] = []
    for _, pair in groupby(table.to_dict("records"), lambda row: (row["class"], row["assigned"])):
        events = [(row["row"], _caption(row, described.titles)) for row in pair]
        shown += [*events, *[None] * (across - len(events))]
    return draw_shown(shown, arrays, inputs, across * len(inputs), described)


def _caption(row: Mapping[str, object], titles: Mapping[str, str]) -> str:
    of, taken = (titles.get(row[key], row[key]) for key in ("class", "assigned"))
    share = f"{row['mistaken']} of {row['of']}"
    return (
        f"{of} as {taken} ({share})\n{row['run']}/{row['event']}, {row['p_' + row['assigned']]:.3f}"
    )
