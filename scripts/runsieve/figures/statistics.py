"""Figures of the selected events and of the cut flow."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.style import WIDE_SLIDE, colour_of, grid_of, heading, legend_above, new_figure


def draw_statistics(
    ratios: pd.DataFrame, classes: Sequence[str], titles: Mapping[str, str], channel_name: str
) -> Figure:
    """Events per class and channel; with two classes also the fraction of the first, with interval.

    ratios: `class_ratios`.
    """
    figure = new_figure()
    if len(classes) == 2:
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[1.7, 1])
        _draw_share(bottom, ratios, titles.get(classes[0], classes[0]))
    else:
        top = bottom = figure.subplots()
    place = np.arange(len(ratios))
    width = 0.8 / len(classes)
    crowded = len(ratios) * len(classes) > 16
    for index, item in enumerate(classes):
        where = place + (index - (len(classes) - 1) / 2) * width
        counts = ratios[item].to_numpy(dtype=float)
        bars = top.bar(
            where, counts, 0.94 * width, color=colour_of(index), label=titles.get(item, item)
        )
        top.bar_label(
            bars,
            [f"{count:,.0f}" for count in counts],
            fontsize=8 if crowded else 10,
            padding=2,
            rotation=90 if crowded else 0,
        )
    largest = ratios[list(classes)].to_numpy().max()
    top.set(yscale="log", ylabel="events", ylim=(0.5, 8 * max(1, largest)))
    bottom.set(xlabel=channel_name, xlim=(-0.6, len(ratios) - 0.35))
    bottom.set_xticks(place, ratios["channel"].astype(str))
    for axes in (top, bottom):
        axes.grid(axis="y")
        axes.tick_params(axis="x", which="both", length=0)
    legend_above(figure, top)
    return figure


def draw_cutflow(pooled: pd.DataFrame, classes: Sequence[str], titles: Mapping[str, str]) -> Figure:
    """One panel per class: events after each cut (bar), and events that it passes alone (diamond).

    pooled: `pooled_cutflow`.
    """
    present = [item for item in classes if (pooled["class"] == item).any()]
    down, across = grid_of(len(present), 2)
    steps = pooled.groupby("class").size().max()
    figure = new_figure((WIDE_SLIDE[0], max(3.2, down * (1.4 + 0.55 * steps))))
    grid = figure.subplots(down, across, squeeze=False)
    for index, (axes, item) in enumerate(zip(grid.flat, present, strict=False)):
        part = pooled[pooled["class"] == item]
        rows = np.arange(len(part))
        axes.barh(
            rows, part["passed"], 0.62, color=colour_of(index), alpha=0.85, label="passed so far"
        )
        axes.plot(
            part["passed_alone"], rows, "D", color="black", markersize=5, label="passed alone"
        )
        everything = part["passed"].iloc[0]
        for row, count in zip(rows, part["passed"], strict=True):
            percent = f"  {100 * count / everything:.3g} %" if everything else ""
            axes.annotate(
                f"{count:,}{percent}",
                (1.02, row),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=11,
            )
        axes.set(yticks=rows, yticklabels=part["step"], ylim=(len(part) - 0.4, -0.6))
        axes.set(xscale="log", xlabel="events", xlim=(0.5, 2 * max(1, part["passed"].max())))
        axes.tick_params(axis="y", which="both", length=0)
        axes.grid(axis="x")
        heading(axes, titles.get(item, item))
    for axes in grid.flat[len(present) :]:
        axes.set_axis_off()
    legend_above(figure, grid[0, 0])
    return figure


def _draw_share(axes: Axes, ratios: pd.DataFrame, title: str) -> None:
    place = np.arange(len(ratios))
    share = ratios["ratio_percent"]
    errors = np.array([share - ratios["ratio_low"], ratios["ratio_high"] - share])
    axes.errorbar(place, share, yerr=errors, fmt="o", color=colour_of(0))
    for where, value in zip(place, share, strict=True):
        if not np.isnan(value):
            axes.annotate(
                f"{value:.3g} %",
                (where, value),
                xytext=(9, 0),
                textcoords="offset points",
                va="center",
                fontsize=11,
            )
    highest = np.nan_to_num(ratios["ratio_high"]).max()
    axes.set(ylabel=f"{title} / all [%]", ylim=(0, 1.25 * highest if highest > 0 else 1))
