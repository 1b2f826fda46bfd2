"""Figures of the efficiency table."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from runsieve.figures.style import (
    GREY,
    MAP,
    MARKERS,
    WIDE_SLIDE,
    colour_of,
    grid_of,
    heading,
    legend_above,
    new_figure,
    plain_frame,
    text_colour,
)


def draw_efficiency(
    table: pd.DataFrame, titles: Mapping[str, str], label: str, name: str = ""
) -> Figure:
    """Efficiency with its interval, one colour per class; below, the number of events per bin."""
    if table["variable"].isna().all():
        return _draw_classes(table, titles, name)
    figure = new_figure()
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[2.6, 1])
    classes = list(dict.fromkeys(table["class"]))
    for index, class_name in enumerate(classes):
        part = table[table["class"] == class_name]
        width = (part["high"] - part["low"]).to_numpy()
        # A few percent of a bin apart, so that classes do not hide the error bars of others.
        shift = 0.12 * (index - (len(classes) - 1) / 2) * width
        centre = part["low"].to_numpy() + width / 2 + shift
        top.errorbar(
            centre,
            part["efficiency"],
            yerr=_bars(part),
            fmt=MARKERS[index % len(MARKERS)],
            color=colour_of(index),
            label=_label(classes, class_name, titles),
            capsize=0,
        )
        edges = [*part["low"], part["high"].iloc[-1]]
        bottom.stairs(part["total"], edges, color=colour_of(index), linewidth=2)
    top.set(ylim=(-0.04, 1.05), ylabel="efficiency")
    top.grid(axis="y")
    bottom.set(xlabel=label, ylabel="events", yscale="log", xlim=(edges[0], edges[-1]))
    # From half an event, so that a bin with a single event is visible.
    bottom.set_ylim(0.5, 3 * max(1, table["total"].max()))
    legend_above(figure, top)
    heading(top, "", name)
    return figure


def draw_table(
    table: pd.DataFrame, titles: Mapping[str, str], label: str, name: str = ""
) -> Figure:
    """The counts by bin and score as a heat map, with the efficiency of each bin next to it."""
    columns = [column for column in table if column.startswith("score_")]
    classes = list(dict.fromkeys(table["class"]))
    if table["variable"].isna().all():
        panels = [("", table, [titles.get(item, item) for item in table["class"]])]
    else:
        panels = []
        for item in classes:
            part = table[table["class"] == item]
            panels.append((titles.get(item, item), part, _bin_names(part)))
    down, across = grid_of(len(panels), 2)
    height = WIDE_SLIDE[1] * down if panels[0][0] else 1.9 + 0.55 * len(table)
    figure = new_figure((WIDE_SLIDE[0], height))
    grid = figure.subplots(down, across, squeeze=False)
    norm = LogNorm(1, max(2, table[columns].to_numpy().max()))
    for axes, (title, part, names) in zip(grid.flat, panels, strict=False):
        _heat_map(axes, part, columns, norm, names, size=7.5 if across == 2 else 11)
        heading(axes, title)
    for axes in grid.flat[len(panels) :]:
        axes.set_axis_off()
    score = "probability of the true class"
    if len(classes) == 2:
        score = f"score: probability of {titles.get(classes[0], classes[0])}"
    figure.suptitle(name, x=0.99, ha="right", fontsize=12, color=GREY)
    figure.supxlabel(score, fontsize=14)
    if panels[0][0]:
        figure.supylabel(label, fontsize=14)
    return figure


def _heat_map(
    axes: Axes,
    part: pd.DataFrame,
    columns: Sequence[str],
    norm: LogNorm,
    names: Sequence[str],
    size: float,
) -> None:
    counts = part[list(columns)].to_numpy()
    colours = colormaps[MAP].with_extremes(bad="#f4f5f7")
    axes.imshow(np.ma.masked_equal(counts, 0), cmap=colours, norm=norm, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = text_colour(colours(norm(count)))
            axes.text(column, row, count, ha="center", va="center", size=size, color=colour)
    right = len(columns) - 0.5
    for row, (efficiency, total) in enumerate(zip(part["efficiency"], part["total"], strict=True)):
        text = f"{100 * efficiency:.2f} %" if total else ""
        axes.text(right + 0.3, row, text, va="center", size=max(size, 9), clip_on=False)
    if len(columns) % 2 == 0:
        axes.axvline(len(columns) / 2 - 0.5, color=GREY, linewidth=1, linestyle="--")
    ticks = np.arange(0, len(columns) + 1, max(1, len(columns) // 5))
    axes.set_xticks(ticks - 0.5, [f"{tick / len(columns):g}" for tick in ticks])
    axes.set_yticks(np.arange(len(names)), names, fontsize=10 if len(names) > 8 else 12)
    plain_frame(axes)


def _draw_classes(table: pd.DataFrame, titles: Mapping[str, str], name: str) -> Figure:
    figure = new_figure()
    axes = figure.subplots()
    rows = np.arange(len(table))
    for row in rows:
        part = table.iloc[[row]]
        axes.errorbar(part["efficiency"], [row], xerr=_bars(part), fmt="o", color=colour_of(row))
        text = f"{100 * part['efficiency'].item():.2f} %   {part['passed'].item()} of "
        text += str(part["total"].item())
        axes.annotate(
            text, (1.02, row), xycoords=("axes fraction", "data"), va="center", fontsize=12
        )
    axes.set_yticks(rows, [titles.get(item, item) for item in table["class"]])
    axes.set(xlabel="efficiency", ylim=(len(table) - 0.5, -0.5))
    axes.tick_params(axis="y", which="both", length=0)
    axes.grid(axis="x")
    heading(axes, "", name)
    return figure


def _bars(part: pd.DataFrame) -> np.ndarray:
    """Lengths of the error bars below and above, shape (2, rows)."""
    value = part["efficiency"]
    return np.array([value - part["efficiency_low"], part["efficiency_high"] - value])


def _bin_names(part: pd.DataFrame) -> list[str]:
    return [f"{low:g}\u2013{high:g}" for low, high in zip(part["low"], part["high"], strict=True)]


def _label(classes: Sequence[str], name: str, titles: Mapping[str, str]) -> str:
    title = titles.get(name, name)
    if len(classes) != 2:
        return title
    return f"{title} efficiency" if name == classes[0] else f"{title} rejection"
