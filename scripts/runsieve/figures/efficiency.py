"""Figure of the efficiencies of one model."""

from collections.abc import Sequence

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
    grouped,
    heading,
    headline,
    line_of,
    marker_of,
    name_rows,
    new_figure,
    plain_log,
)


def draw_efficiency(
    table: pd.DataFrame,
    decisions: Sequence[Decision],
    label: str,
    described: Described = PLAIN,
) -> Figure:
    """Efficiency with its interval at each working point; below, the number of events per bin.

    table: `efficiency_table` of all decisions. One panel per decision, one colour per class.
    Without a variable there is one row per class.
    """
    binned = table["variable"].notna().any()
    draw = _draw_binned if binned else _draw_classes
    figure = draw(table, decisions, label, described)
    one = table[table["working_point"] == decisions[0].name]
    note = f"{grouped(one['total'].sum())} test events"
    headline(figure, described, note, figure.axes[0] if binned else ())
    return figure


def _draw_binned(
    table: pd.DataFrame, decisions: Sequence[Decision], label: str, described: Described
) -> Figure:
    heights = [*[2.3] * len(decisions), 1.2]
    figure = new_figure((HALF, 0.9 + sum(heights)))
    *panels, bottom = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    for axes, decision in zip(panels, decisions, strict=True):
        part = table[table["working_point"] == decision.name]
        _draw_panel(axes, part, described)
        heading(axes, decision.title())
    draw_events(bottom, table[table["working_point"] == decisions[0].name], described)
    bottom.set_xlabel(label)
    return figure


def _draw_panel(axes: Axes, table: pd.DataFrame, described: Described) -> None:
    classes = list(dict.fromkeys(table["class"]))
    for index, class_name in enumerate(classes):
        part = table[table["class"] == class_name]
        width = (part["high"] - part["low"]).to_numpy()
        # Classes stand side by side in a bin, so that they do not hide the error bars of others.
        shift = beside(index, len(classes), 0.4) * width
        axes.errorbar(
            part["low"].to_numpy() + width / 2 + shift,
            part["efficiency"],
            yerr=error_bars(part, "efficiency"),
            fmt=marker_of(index),
            color=colour_of(index),
            label=_label(classes, class_name, described),
            capsize=0,
        )
    axes.set(ylim=(-0.04, 1.05), ylabel="efficiency")
    axes.grid(axis="y")


def draw_events(axes: Axes, table: pd.DataFrame, described: Described) -> None:
    """Events of each class per bin; a class that another covers shows between its dashes.

    table: rows of `efficiency_table`.
    """
    for index, class_name in enumerate(dict.fromkeys(table["class"])):
        part = table[table["class"] == class_name]
        edges = [*part["low"], part["high"].iloc[-1]]
        style = {"color": colour_of(index), "linestyle": line_of(index), "linewidth": 1.8}
        axes.stairs(part["total"], edges, label=described.of(class_name), **style)
    axes.set(ylabel="events per bin", yscale="log", xlim=(edges[0], edges[-1]))
    # From half an event, so that a bin with a single event is visible.
    axes.set_ylim(0.5, 3 * max(1, table["total"].max()))
    plain_log(axes.yaxis)
    axes.grid(axis="y")


def _draw_classes(
    table: pd.DataFrame, decisions: Sequence[Decision], label: str, described: Described
) -> Figure:
    """Without a variable: one row per class, one panel per decision."""
    classes = list(dict.fromkeys(table["class"]))
    figure = new_figure((HALF, 0.5 + (0.7 + 0.3 * len(classes)) * len(decisions)))
    panels = figure.subplots(len(decisions), 1, squeeze=False)[:, 0]
    for axes, decision in zip(panels, decisions, strict=True):
        part = table[table["working_point"] == decision.name]
        for row in range(len(part)):
            one = part.iloc[[row]]
            style = {"fmt": marker_of(row), "color": colour_of(row)}
            axes.errorbar(one["efficiency"], [row], xerr=error_bars(one, "efficiency"), **style)
        notes = [
            f"{100 * one['efficiency']:.2f} %   {one['passed']} of {one['total']}"
            for one in part.to_dict("records")
        ]
        name_rows(axes, [described.of(item) for item in part["class"]], notes)
        heading(axes, decision.title())
    panels[-1].set_xlabel("efficiency")
    return figure


def _label(classes: Sequence[str], name: str, described: Described) -> str:
    title = described.of(name)
    if len(classes) != 2:
        return title
    return f"{title} efficiency" if name == classes[0] else f"{title} rejection"
