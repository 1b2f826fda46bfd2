"""Figure of efficiencies by run and by channel."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.evaluation.working_points import Decision
from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    HALF,
    beside,
    colour_of,
    error_bars,
    heading,
    headline,
    marker_of,
    name_columns,
    new_figure,
)


def draw_groups(
    table: pd.DataFrame, decisions: Sequence[Decision], described: Described = PLAIN
) -> Figure:
    """Efficiency of each class by group: a row of panels per working point, one per kind of group.

    table: `grouped`; decisions: those of the table. A kind of which there is one group alone has no
    panel, unless no kind has more. Empty without groups.
    """
    groups = table.groupby("by", sort=False)["group"].nunique()
    kinds = list(groups.index[groups > 1]) or list(groups.index)
    figure = new_figure((HALF, 0.9 + 2.3 * max(1, len(decisions))))
    if not kinds or not decisions:
        return figure
    classes = list(dict.fromkeys(table["class"]))
    widths = [1 + table["group"][table["by"] == kind].nunique() for kind in kinds]
    grid = figure.subplots(
        len(decisions), len(kinds), sharex="col", sharey="row", squeeze=False, width_ratios=widths
    )
    for row, decision in zip(grid, decisions, strict=True):
        for axes, kind in zip(row, kinds, strict=True):
            mine = (table["by"] == kind) & (table["working_point"] == decision.name)
            _draw_kind(axes, table[mine], classes, described)
        heading(row[0], decision.title())
        row[0].set_ylabel("fraction classified correctly")
    for axes, kind in zip(grid[-1], kinds, strict=True):
        axes.set_xlabel(kind)
    headline(figure, described, legend=grid[0, 0])
    return figure


def _draw_kind(
    axes: Axes, table: pd.DataFrame, classes: Sequence[str], described: Described
) -> None:
    groups = sorted(set(table["group"]))
    for index, name in enumerate(classes):
        part = table[table["class"] == name]
        place = np.array([groups.index(group) for group in part["group"]])
        axes.errorbar(
            place + beside(index, len(classes), 0.3),
            part["efficiency"],
            yerr=error_bars(part, "efficiency"),
            label=described.of(name),
            fmt=marker_of(index),
            color=colour_of(index),
        )
    name_columns(axes, [str(group) for group in groups])
