"""Figure of the confusion matrix."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.evaluation.working_points import Decision
from runsieve.figures.style import GREY, grid_of, heading, new_figure, text_colour
from runsieve.intervals import ratio


def draw_confusion(
    table: pd.DataFrame,
    decisions: Sequence[Decision],
    titles: Mapping[str, str],
    name: str = "",
) -> Figure:
    """Counts and the fraction of the true class in each cell; colour follows the fraction.

    table: columns `working_point`, `true_class`, and the counts of each predicted class; there is
    one panel per decision.
    """
    size = table["true_class"].nunique()
    side = max(5.6, 1.6 + 0.95 * size)
    down, across = grid_of(len(decisions), 2)
    figure = new_figure(((side + 1.4) * across, side * down))
    grid = figure.subplots(down, across, squeeze=False)
    for axes in grid.flat[len(decisions) :]:
        axes.set_axis_off()
    for axes, decision in zip(grid.flat, decisions, strict=False):
        part = table[table["working_point"] == decision.name]
        _draw_matrix(axes, part.drop(columns="working_point").set_index("true_class"), titles)
        heading(axes, "" if decision.settings is None else decision.title())
    figure.suptitle(name, x=0.99, ha="right", fontsize=12, color=GREY)
    return figure


def _draw_matrix(axes: Axes, matrix: pd.DataFrame, titles: Mapping[str, str]) -> None:
    counts, size = matrix.to_numpy(), len(matrix)
    fraction = ratio(counts, np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape))
    colours = colormaps["Blues"]
    axes.imshow(fraction, cmap=colours, vmin=0, vmax=1)
    large = 18 if size < 4 else 14
    for (row, column), value in np.ndenumerate(fraction):
        colour = text_colour(colours(0.0 if np.isnan(value) else value))
        percent = "" if np.isnan(value) else f"{100 * value:.1f} %"
        lines = ((f"{counts[row, column]}", large, 0.55), (percent, 0.7 * large, -0.75))
        for text, points, up in lines:
            axes.annotate(
                text,
                (column, row),
                xytext=(0, up * large),
                textcoords="offset points",
                ha="center",
                va="center",
                fontsize=points,
                color=colour,
            )
    labels = [titles.get(item, item) for item in matrix.index]
    turn = 30 if size > 4 or max(map(len, labels)) > 12 else 0
    axes.set_xticks(np.arange(size), labels, rotation=turn, ha="right" if turn else "center")
    axes.set_yticks(np.arange(size), labels)
    axes.set_xticks(np.arange(size + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(size + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=2)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("predicted class", loc="center")
    axes.set_ylabel("true class", loc="center")
