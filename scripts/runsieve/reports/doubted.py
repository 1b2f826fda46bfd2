"""The events of a sample whose label is doubted, as a figure."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.config.inputs import Input
from runsieve.figures.described import Described
from runsieve.reports.gallery import draw_nothing, draw_shown

EVENTS, ACROSS = 12, 4


def draw_doubted(
    doubted: pd.DataFrame,
    arrays: Mapping[str, np.ndarray],
    inputs: Mapping[str, Input],
    described: Described,
) -> Figure:
    """What models see of the events whose label is doubted most.

    doubted: see `doubted_labels`; arrays: of the sample, by input; inputs: settings of those that
    are drawn
    """
    if doubted.empty:
        return draw_nothing("no label is doubted")
    if not inputs:
        return draw_nothing("nothing of these events can be drawn")
    across = max(1, ACROSS // len(inputs))
    rows = doubted.head(EVENTS * across // ACROSS).to_dict("records")
    shown = [(row["row"], _caption(row, described.titles)) for row in rows]
    return draw_shown(shown, arrays, inputs, across * len(inputs), described)


def _caption(row: Mapping[str, object], titles: Mapping[str, str]) -> str:
    of, other = (titles.get(row[key], row[key]) for key in ("class", "suggested"))
    given = f"{of} {row['p_given']:.3f}"
    second = given if of == other else f"{given}, {other} {row['p_suggested']:.3f}"
    return f"{row['run']}/{row['event']}\n{second}"
