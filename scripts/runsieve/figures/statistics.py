"""Figures of the selected events and of the cut flow."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    HALF,
    beside,
    colour_of,
    grouped,
    heading,
    headline,
    marker_of,
    name_columns,
    name_rows,
    new_figure,
)
from runsieve.selection.statistics import ALL


def draw_statistics(
    ratios: pd.DataFrame,
    classes: Sequence[str],
    channel_name: str,
    described: Described = PLAIN,
) -> Figure:
    """Events per class and channel; with two classes also the fraction of the first, with interval.

    ratios: `class_ratios`, whose sum of all channels is a dashed line.
    """
    channels = ratios[ratios["channel"].astype(str) != ALL]
    figure = new_figure((HALF, 4.4))
    if len(classes) == 2:
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[1.5, 1])
        _draw_share(bottom, ratios, described.of(classes[0]))
    else:
        top = bottom = figure.subplots()
    place = np.arange(len(channels))
    width = 0.8 / len(classes)
    crowded = len(channels) * len(classes) > 14
    for index, item in enumerate(classes):
        where = place + beside(index, len(classes), 0.8)
        counts = channels[item].to_numpy(dtype=float)
        style = {"color": colour_of(index), "label": described.of(item)}
        bars = top.bar(where, counts, 0.92 * width, **style)
        texts = [grouped(count) for count in counts]
        turn = 90 if crowded else 0
        top.bar_label(bars, texts, fontsize=8.5, padding=2, rotation=turn)
    largest = max(1, channels[list(classes)].to_numpy().max())
    top.set(ylabel="selected events", ylim=(0, (1.4 if crowded else 1.15) * largest))
    top.tick_params(axis="x", labelbottom=top is bottom)
    name_columns(bottom, channels["channel"].astype(str).tolist())
    top.tick_params(axis="x", which="both", length=0)
    top.grid(axis="y")
    bottom.set_xlabel(channel_name)
    note = f"{grouped(channels[list(classes)].to_numpy().sum())} events"
    headline(figure, described, note, top)
    return figure


def draw_cutflow(
    pooled: pd.DataFrame, classes: Sequence[str], described: Described = PLAIN
) -> Figure:
    """One row per class: left the events after each cut, right the efficiencies of the cuts.

    pooled: `pooled_cutflow`. The efficiency of a step is that of events that pass all cuts before
    it, the N-1 efficiency that of events that pass all other cuts.
    """
    present = [item for item in classes if (pooled["class"] == item).any()]
    steps = [int((pooled["class"] == item).sum()) for item in present]
    heights = [0.7 + 0.27 * count for count in steps]
    figure = new_figure((FULL, 0.7 + sum(heights)))
    grid = figure.subplots(
        len(present), 2, squeeze=False, sharey="row", height_ratios=heights, width_ratios=[1, 1]
    )
    for index, ((left, right), item) in enumerate(zip(grid, present, strict=True)):
        part = pooled[pooled["class"] == item].reset_index(drop=True)
        _draw_counts(left, part, index)
        _draw_efficiencies(right, part)
        heading(left, described.of(item))
    grid[-1, 0].set_xlabel("events after the cut")
    grid[-1, 1].set_xlabel("efficiency [%]")
    headline(figure, described, legend=grid[0, 1])
    return figure


def _draw_counts(axes: Axes, part: pd.DataFrame, index: int) -> None:
    rows = np.arange(len(part))
    bars = axes.barh(rows, part["passed"], 0.62, color=colour_of(index))
    everything = part["passed"].iloc[0]
    texts = [
        f"{grouped(count)}  ({100 * count / everything:.3g} %)" if everything else grouped(count)
        for count in part["passed"]
    ]
    axes.bar_label(bars, texts, fontsize=9.5, padding=4)
    axes.set_xlim(0, 1.35 * max(1, everything))
    axes.xaxis.set_major_formatter(lambda value, _: grouped(value))
    axes.locator_params(axis="x", nbins=5)
    name_rows(axes, part["step"])


def _draw_efficiencies(axes: Axes, part: pd.DataFrame) -> None:
    rows = np.arange(len(part))
    kinds = {"efficiency": "of the step", "efficiency_n_1": "N-1"}
    for index, (column, label) in enumerate(kinds.items()):
        value, low, high = (part[f"{column}{end}"] for end in ("", "_low", "_high"))
        axes.errorbar(
            value,
            rows + beside(index, 2, 0.4),
            xerr=np.clip([value - low, high - value], 0, None),
            fmt=marker_of(index),
            color=colour_of(2 + index),
            label=label,
        )
    axes.set_xlim(0, 104)
    # Most cuts keep nearly all events, so that numbers say more than places.
    texts = [
        f"{one['efficiency']:.1f}, {one['efficiency_n_1']:.1f}" if one["step"] != ALL else ""
        for one in part.to_dict("records")
    ]
    name_rows(axes, part["step"], texts)
    axes.tick_params(axis="y", labelleft=False)


def _draw_share(axes: Axes, ratios: pd.DataFrame, title: str) -> None:
    whole = ratios["channel"].astype(str) == ALL
    channels = ratios[~whole]
    place = np.arange(len(channels))
    share = channels["ratio_percent"].to_numpy()
    errors = np.array([share - channels["ratio_low"], channels["ratio_high"] - share])
    axes.errorbar(place, share, yerr=errors, fmt="o", color=colour_of(0))
    for where, value in zip(place, share, strict=True):
        if not np.isnan(value):
            style = {"textcoords": "offset points", "ha": "center", "fontsize": 8.5}
            axes.annotate(f"{value:.1f}", (where, value), (0, 6), **style)
    for value in ratios["ratio_percent"][whole]:
        label = f"all: {value:.1f} %"
        axes.axhline(value, color=GREY, linestyle="--", linewidth=1, zorder=1, label=label)
        axes.legend(loc="lower right")
    highest = np.nan_to_num(channels["ratio_high"]).max()
    axes.set(ylabel=f"{title} / all [%]", ylim=(0, 1.35 * highest if highest > 0 else 1))
