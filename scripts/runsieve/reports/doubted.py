"""The events of a sample whose label is doubted, as a figure."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.config.inputs import Input
from runsieve.figures.described import Described
from runsieve.figures.gallery import draw_gallery
from runsieve.figures.style import new_figure

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
    first = next(iter(inputs.values()), None)
    if first is None or doubted.empty:
        figure = new_figure((4, 1))
        what = "no label is doubted" if doubted.empty else "nothing of these events can be drawn"
        figure.text(0.5, 0.5, what, ha="center", va="center")
        return figure
    across = max(1, ACROSS // len(inputs))
    panels: list[np.ndarray | None] = []
    above: list[str] = []
    for row in doubted.head(EVENTS * across // ACROSS).to_dict("records"):
        panels += [one.as_drawn(np.asarray(arrays[of][row["row"]])) for of, one in inputs.items()]
        above += [_caption(row, described.titles), *list(inputs)[1:]]
    time = first.axes.step, first.time_axis
    names = first.axes.unit, first.axes.names
    return draw_gallery(panels, above, across * len(inputs), described, *time, *names)


def _caption(row: Mapping[str, object], titles: Mapping[str, str]) -> str:
    of, other = (titles.get(row[key], row[key]) for key in ("class", "suggested"))
    given = f"{of} {row['p_given']:.3f}"
    second = given if of == other else f"{given}, {other} {row['p_suggested']:.3f}"
    return f"{row['run']}/{row['event']}\n{second}"
