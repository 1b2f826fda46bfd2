"""Figure of the reliability table."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.evaluation.predictions import Predictions
from runsieve.figures.style import (
    GREY,
    MARKERS,
    WIDE_SLIDE,
    colour_of,
    grid_of,
    heading,
    new_figure,
)

HISTOGRAM_BINS = 50
SIZE = (7.0, 7.4)


def draw_reliability(
    table: pd.DataFrame,
    test: Predictions,
    titles: Mapping[str, str],
    error: Mapping[str, Any],
    name: str = "",
) -> Figure:
    """Observed fraction against predicted probability; below, the number of events.

    With more than two classes, each has a panel of its own.
    table: `reliability_table` of the `test` events; error: `calibration_error`.
    """
    classes = list(dict.fromkeys(table["class"]))
    text = f"calibration error {error['value']:.4f}  [{error['low']:.4f}, {error['high']:.4f}]"
    if len(classes) == 1:
        figure = new_figure(SIZE)
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[2.6, 1])
        _draw_class(top, bottom, table, test, 0)
        bottom.set_xlabel(f"predicted probability of {titles.get(classes[0], classes[0])}")
        heading(top, "", name)
        top.text(0.03, 0.94, text, transform=top.transAxes, fontsize=12, va="top")
        return figure
    down, across = grid_of(len(classes), 3)
    figure = new_figure((WIDE_SLIDE[0], 0.6 + 5.2 * down))
    heights = [2.6, 1] * down
    grid = figure.subplots(2 * down, across, squeeze=False, height_ratios=heights)
    for index, item in enumerate(classes):
        row, column = divmod(index, across)
        top, bottom = grid[2 * row, column], grid[2 * row + 1, column]
        _draw_class(top, bottom, table[table["class"] == item], test, index)
        top.tick_params(labelbottom=False)
        bottom.set(xlim=(0, 1), xlabel="predicted probability")
        heading(top, titles.get(item, item))
    for index in range(len(classes), down * across):
        row, column = divmod(index, across)
        grid[2 * row, column].set_axis_off()
        grid[2 * row + 1, column].set_axis_off()
    figure.suptitle(f"{text}     {name}", x=0.99, ha="right", fontsize=12, color=GREY)
    return figure


def _draw_class(top: Axes, bottom: Axes, part: pd.DataFrame, test: Predictions, index: int) -> None:
    observed = part["observed"]
    top.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, zorder=1)
    top.errorbar(
        part["predicted"],
        observed,
        yerr=[observed - part["observed_low"], part["observed_high"] - observed],
        fmt=MARKERS[index % len(MARKERS)],
        linestyle="-",
        linewidth=1.2,
        color=colour_of(index),
    )
    top.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="observed fraction")
    top.grid()
    edges = np.linspace(0, 1, HISTOGRAM_BINS + 1)
    counts = np.histogram(test.probability[:, index], edges)[0]
    bottom.stairs(counts, edges, color=colour_of(index), linewidth=1.5)
    bottom.set(yscale="log", ylabel="events", ylim=(0.5, 3 * max(1, counts.max())))
