"""Figures of the efficiency table."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from runsieve.evaluation.working_points import Decision, only_threshold
from runsieve.figures.style import (
    GREY,
    MAP,
    MARKERS,
    SLIDE,
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
    table: pd.DataFrame,
    decisions: Sequence[Decision],
    titles: Mapping[str, str],
    label: str,
    name: str = "",
) -> Figure:
    """Efficiency with its interval at each working point; below, the number of events per bin.

    table: `efficiency_table` of all decisions. One panel per decision, one colour per class.
    """
    if table["variable"].isna().all():
        return _draw_classes(table, decisions, titles, name)
    down, across = grid_of(len(decisions), 2)
    figure = new_figure((WIDE_SLIDE[0] if across == 2 else SLIDE[0], 0.6 + 5.0 * down))
    grid = figure.subplots(
        2 * down, across, sharex=True, squeeze=False, height_ratios=[2.6, 1] * down
    )
    for axes in grid[1::2].flat:
        axes.tick_params(labelbottom=True)
    for place, decision in enumerate(decisions):
        row, column = divmod(place, across)
        part = table[table["working_point"] == decision.name]
        _draw_panel(grid[2 * row, column], grid[2 * row + 1, column], part, titles, label)
        heading(grid[2 * row, column], decision.title(), name if place == across - 1 else "")
    for place in range(len(decisions), down * across):
        row, column = divmod(place, across)
        grid[2 * row, column].set_axis_off()
        grid[2 * row + 1, column].set_axis_off()
    legend_above(figure, grid[0, 0])
    return figure


def _draw_panel(
    top: Axes, bottom: Axes, table: pd.DataFrame, titles: Mapping[str, str], label: str
) -> None:
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


def draw_table(
    histogram: pd.DataFrame,
    efficiency: pd.DataFrame,
    decisions: Sequence[Decision],
    titles: Mapping[str, str],
    label: str,
    name: str = "",
) -> Figure:
    """The counts by bin and score as a heat map, with the efficiencies of each bin next to it.

    histogram: `score_histogram`; efficiency: `efficiency_table` of all decisions, each of which has
    a column of efficiencies. A dashed line is the threshold, where there is only one.
    """
    columns = [column for column in histogram if column.startswith("score_")]
    classes = list(dict.fromkeys(histogram["class"]))
    panels = [("", histogram, [titles.get(item, item) for item in classes])]
    if histogram["variable"].notna().any():
        panels = []
        for item in classes:
            part = histogram[histogram["class"] == item]
            panels.append((titles.get(item, item), part, _bin_names(part)))
    down, across = grid_of(len(panels), 2)
    height = WIDE_SLIDE[1] * down if panels[0][0] else 1.9 + 0.55 * len(histogram)
    figure = new_figure((WIDE_SLIDE[0] + 1.1 * across * (len(decisions) - 1), height))
    grid = figure.subplots(down, across, squeeze=False)
    norm = LogNorm(1, max(2, histogram[columns].to_numpy().max()))
    for axes, (title, part, names) in zip(grid.flat, panels, strict=False):
        size = 7.5 if across == 2 else 11
        _heat_map(axes, part, columns, norm, names, size)
        rows = efficiency if not title else efficiency[efficiency["class"].isin(part["class"])]
        _efficiencies(axes, rows, decisions, len(columns), max(size, 9))
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


def _efficiencies(
    axes: Axes, rows: pd.DataFrame, decisions: Sequence[Decision], columns: int, size: float
) -> None:
    """A column of efficiencies for each decision, right of the heat map, and the threshold."""
    line = only_threshold(decisions)
    if line is not None:
        # On white, because it crosses light and dark cells.
        axes.axvline(line * columns - 0.5, color="white", linewidth=2.4)
        axes.axvline(line * columns - 0.5, color=GREY, linewidth=1.2, linestyle="--")
    for place, decision in enumerate(decisions):
        part = rows[rows["working_point"] == decision.name]
        threshold = part["threshold"].iloc[0]
        one = part["threshold"].nunique(dropna=False) == 1
        head = f"\u2265 {threshold:.3g}" if one and np.isfinite(threshold) else decision.name
        # In points, so that the layout knows how much room they need, however wide the map is.
        beside = {
            "xytext": (5 + 8 * size * place, 0),
            "textcoords": "offset points",
            "fontsize": size,
            "annotation_clip": False,
        }
        axes.annotate(
            head.replace("_", "\n"), (1, 1.03), xycoords="axes fraction", weight="bold", **beside
        )
        for row, (value, total) in enumerate(zip(part["efficiency"], part["total"], strict=True)):
            text = f"{100 * value:.2f} %" if total else ""
            place_of_row = {"xy": (1, row), "xycoords": ("axes fraction", "data")}
            axes.annotate(text, va="center", **place_of_row, **beside)


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
    ticks = np.arange(0, len(columns) + 1, max(1, len(columns) // 5))
    axes.set_xticks(ticks - 0.5, [f"{tick / len(columns):g}" for tick in ticks])
    axes.set_yticks(np.arange(len(names)), names, fontsize=10 if len(names) > 8 else 12)
    plain_frame(axes)


def _draw_classes(
    table: pd.DataFrame, decisions: Sequence[Decision], titles: Mapping[str, str], name: str
) -> Figure:
    """Without a variable: one row per class, one panel per decision."""
    classes = list(dict.fromkeys(table["class"]))
    height = max(2.6, 1.2 + 0.5 * len(classes))
    figure = new_figure((SLIDE[0], height * len(decisions)))
    panels = figure.subplots(len(decisions), 1, squeeze=False)[:, 0]
    for place, (axes, decision) in enumerate(zip(panels, decisions, strict=True)):
        part = table[table["working_point"] == decision.name]
        for row in range(len(part)):
            one = part.iloc[[row]]
            axes.errorbar(one["efficiency"], [row], xerr=_bars(one), fmt="o", color=colour_of(row))
            text = f"{100 * one['efficiency'].item():.2f} %   {one['passed'].item()} of "
            text += str(one["total"].item())
            axes.annotate(
                text, (1.02, row), xycoords=("axes fraction", "data"), va="center", fontsize=12
            )
        axes.set_yticks(range(len(part)), [titles.get(item, item) for item in part["class"]])
        axes.set(ylim=(len(part) - 0.5, -0.5))
        axes.tick_params(axis="y", which="both", length=0)
        axes.grid(axis="x")
        heading(axes, decision.title(), "" if place else name)
    panels[-1].set_xlabel("efficiency")
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
