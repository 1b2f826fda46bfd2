"""Figure of efficiencies by run and by channel."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.evaluation.working_points import Decision
from runsieve.figures.style import (
    MARKERS,
    SLIDE,
    colour_of,
    heading,
    legend_above,
    new_figure,
)


def draw_groups(
    table: pd.DataFrame, decisions: Sequence[Decision], titles: Mapping[str, str], title: str
) -> Figure:
    """Efficiency of each class by group: a row of panels per working point, one per kind of group.

    table: `grouped`; decisions: those of the table; titles: display name by class. Empty without
    groups.
    """
    kinds = list(dict.fromkeys(table["by"]))
    figure = new_figure((SLIDE[0], 1 + 3.6 * max(1, len(decisions))))
    if not kinds or not decisions:
        return figure
    grid = figure.subplots(len(decisions), len(kinds), sharey=True, squeeze=False)
    for row, decision in zip(grid, decisions, strict=True):
        for axes, kind in zip(row, kinds, strict=True):
            mine = (table["by"] == kind) & (table["working_point"] == decision.name)
            _draw_kind(axes, table[mine], list(dict.fromkeys(table["class"])), titles)
            axes.set_xlabel(kind)
        heading(row[0], decision.title())
        row[0].set_ylabel("efficiency")
    grid[0, -1].set_title(title, loc="right", fontsize=12)
    legend_above(figure, grid[0, 0])
    return figure


def _draw_kind(
    axes: Axes, table: pd.DataFrame, classes: Sequence[str], titles: Mapping[str, str]
) -> None:
    groups = sorted(set(table["group"]))
    for index, name in enumerate(classes):
        part = table[table["class"] == name]
        beside = 0.12 * (index - (len(classes) - 1) / 2)
        place = np.array([groups.index(group) for group in part["group"]]) + beside
        value = part["efficiency"].to_numpy()
        errors = np.array([value - part["efficiency_low"], part["efficiency_high"] - value])
        style = {"fmt": MARKERS[index % len(MARKERS)], "color": colour_of(index), "capsize": 3}
        axes.errorbar(place, value, yerr=errors, label=titles.get(name, name), **style)
    axes.set(xticks=np.arange(len(groups)), xticklabels=groups, xlim=(-0.6, len(groups) - 0.4))
    axes.tick_params(axis="x", which="both", length=0, rotation=90 if len(groups) > 8 else 0)
    axes.grid(axis="y")
