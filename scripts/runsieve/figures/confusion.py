"""Figure of the confusion matrix."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.evaluation.working_points import Decision
from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import HALF, PAPER, grouped, heading, headline, new_figure, text_colour
from runsieve.intervals import ratio


def draw_confusion(
    table: pd.DataFrame, decisions: Sequence[Decision], described: Described = PLAIN
) -> Figure:
    """Counts and the fraction of the label in each cell; colour follows the fraction.

    table: columns `working_point`, `true_class`, and the counts of each predicted class; there is
    one panel per decision.
    """
    size = table["true_class"].nunique()
    side = 1.2 + min(4.6, 0.85 * size)
    figure = new_figure((HALF, 0.3 + side * len(decisions)))
    grid = figure.subplots(len(decisions), 1, squeeze=False)
    for axes, decision in zip(grid[:, 0], decisions, strict=True):
        part = table[table["working_point"] == decision.name]
        _draw_matrix(axes, part.drop(columns="working_point").set_index("true_class"), described)
        heading(axes, decision.title())
    events = int(part.drop(columns=["working_point", "true_class"]).to_numpy().sum())
    headline(figure, described, f"{grouped(events)} test events")
    return figure


def _draw_matrix(axes: Axes, matrix: pd.DataFrame, described: Described) -> None:
    counts, size = matrix.to_numpy(), len(matrix)
    fraction = ratio(counts, np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape))
    colours = colormaps["Blues"]
    axes.imshow(fraction, cmap=colours, vmin=0, vmax=1, aspect="auto")
    points = 13 if size < 4 else 10 if size < 8 else 8.5
    for (row, column), value in np.ndenumerate(fraction):
        colour = text_colour(colours(0.0 if np.isnan(value) else value))
        percent = "" if np.isnan(value) else f"{100 * value:.1f} %"
        lines = (
            (grouped(counts[row, column]), points, 0.55),
            (percent, max(8, 0.7 * points), -0.7),
        )
        for text, fontsize, up in lines:
            axes.annotate(
                text,
                (column, row),
                xytext=(0, up * points),
                textcoords="offset points",
                ha="center",
                va="center",
                fontsize=fontsize,
                color=colour,
            )
    labels = [described.of(item) for item in matrix.index]
    turn = 30 if size > 4 or max(map(len, labels)) > 12 else 0
    axes.set_xticks(np.arange(size), labels, rotation=turn, ha="right" if turn else "center")
    axes.set_yticks(np.arange(size), labels)
    axes.set_xticks(np.arange(size + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(size + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=PAPER, linewidth=2)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("predicted class", loc="center")
    axes.set_ylabel("label", loc="center")
