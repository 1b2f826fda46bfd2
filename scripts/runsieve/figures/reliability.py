"""Figure of the reliability table."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    HALF,
    colour_of,
    error_bars,
    grid_of,
    heading,
    headline,
    marker_of,
    new_figure,
)

LARGEST_PULL = 5  # larger ones lie at the edge


def draw_reliability(
    table: pd.DataFrame, error: Mapping[str, Any], described: Described = PLAIN
) -> Figure:
    """Observed fraction against predicted probability; below, the pull.

    With more than two classes, each has a panel of its own.
    table: `reliability_table`; error: `calibration_error`.
    """
    classes = list(dict.fromkeys(table["class"]))
    single = len(classes) == 1
    down, across = grid_of(len(classes), 4)
    figure = new_figure((HALF, 4.6) if single else (FULL, 0.6 + 3.6 * down))
    grid = figure.subplots(2 * down, across, squeeze=False, height_ratios=[3, 1] * down)
    for index in range(down * across):
        row, column = divmod(index, across)
        top, bottom = grid[2 * row, column], grid[2 * row + 1, column]
        if index >= len(classes):
            top.set_axis_off()
            bottom.set_axis_off()
            continue
        _draw_class(top, bottom, table[table["class"] == classes[index]], index)
        title = described.of(classes[index])
        of = f" of {title}" if single else ""
        bottom.set(xlabel=f"predicted probability{of}", ylabel="pull")
        if not single:
            heading(top, title)
            top.minorticks_off()
            bottom.minorticks_off()
    text = f"calibration error {error['value']:.4f} [{error['low']:.4f}, {error['high']:.4f}]"
    headline(figure, described, text)
    return figure


def pulls(part: pd.DataFrame) -> np.ndarray:
    """Observed minus predicted over the binomial error of the prediction, shape (rows,).

    part: rows of `reliability_table`.
    """
    predicted = part["predicted"].to_numpy()
    error = np.sqrt(predicted * (1 - predicted) / part["n"].to_numpy())
    difference = part["observed"].to_numpy() - predicted
    return np.divide(difference, error, out=np.full(len(part), np.nan), where=error > 0)


def _draw_class(top: Axes, bottom: Axes, part: pd.DataFrame, index: int) -> None:
    style = {"color": colour_of(index), "marker": marker_of(index)}
    top.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, zorder=1)
    top.errorbar(
        part["predicted"],
        part["observed"],
        yerr=error_bars(part, "observed"),
        linewidth=1.2,
        **style,
    )
    top.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="observed fraction")
    top.tick_params(labelbottom=False)
    top.grid()
    bottom.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    pull = np.clip(pulls(part), 0.4 - LARGEST_PULL, LARGEST_PULL - 0.4)
    bottom.plot(part["predicted"], pull, linestyle="", **style)
    bottom.set(xlim=(0, 1), ylim=(-LARGEST_PULL, LARGEST_PULL), yticks=(-3, 0, 3))
    bottom.grid()
