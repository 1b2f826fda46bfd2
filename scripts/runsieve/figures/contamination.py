"""Figure of the contamination of the background class."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    INK,
    beside,
    colour_of,
    error_bars,
    heading,
    headline,
    marker_of,
    new_figure,
)

NAME = "contamination_estimated"
FAR = 2  # times the lowest estimate: what is beyond is an upper bound that says nothing


def draw_contamination(table: pd.DataFrame, label: str, described: Described = PLAIN) -> Figure:
    """Estimated contamination according to each model, per bin and of all bins, with intervals.

    table: that of `evaluation.contamination` of each model, with a column `model`. The truth, where
    it is known, is drawn as a line. For all bins, the estimate at the stricter cut is drawn as a
    hollow marker: where it is lower, noise above the cut raises the other. Models that are beyond
    `FAR` times the lowest estimate with their intervals are left out. label: name and unit of the
    variable; without bins there is only one panel.
    """
    whole = table.groupby("model", sort=False).tail(1).set_index("model")
    lowest = whole.loc[whole[NAME].idxmin()] if whole[NAME].notna().any() else None
    if lowest is not None:
        whole = whole[~(whole[f"{NAME}_low"] > FAR * lowest[f"{NAME}_high"])]
    models = list(whole.index)
    bins = table[table["low"].notna() & table["model"].isin(models)]
    figure = new_figure((FULL, 4.2))
    if len(bins):
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=[4, 1])
        _draw_bins(left, bins, models, described)
        left.set_xlabel(label)
    else:
        left = right = figure.subplots()
    _draw_whole(right, whole, described)
    left.set(ylim=(-0.04, 1.05), ylabel="signal-like fraction of the background")
    for axes in {left, right}:
        axes.grid(axis="y")
    headline(figure, described, legend=right)
    return figure


def _draw_bins(
    axes: Axes, table: pd.DataFrame, models: Sequence[str], described: Described
) -> None:
    for index, model in enumerate(models):
        part = table[table["model"] == model]
        width = part["high"] - part["low"]
        axes.errorbar(
            part["low"] + width * (0.5 + beside(index, len(models))),
            part[NAME],
            yerr=error_bars(part, NAME),
            **_look(described, model, index),
        )
    first = table[table["model"] == models[0]]
    edges = [*first["low"], first["high"].iloc[-1]]
    if "contamination_true" in table:
        axes.stairs(first["contamination_true"], edges, baseline=None, color=INK, linewidth=1.6)
    axes.set_xlim(edges[0], edges[-1])
    heading(axes, "per bin")


def _draw_whole(axes: Axes, whole: pd.DataFrame, described: Described) -> None:
    for index, (model, row) in enumerate(whole.iterrows()):
        look = _look(described, model, index)
        one = whole.loc[[model]]
        axes.errorbar([index], one[NAME], yerr=error_bars(one, NAME), label=model, **look)
        stricter = np.clip(row[NAME] + row["contamination_change"], 0, 1)
        axes.plot([index + 0.3], [stricter], **look | {"markerfacecolor": "none"})
    # Error bars, too, so that the legend keeps this order.
    axes.errorbar([], [], fmt="o", color=INK, markerfacecolor="none", label="at the stricter cut")
    limits = (-0.6, len(whole) - 0.4)
    if "contamination_true" in whole:
        truth = [whole["contamination_true"].iloc[0]] * 2
        axes.errorbar(limits, truth, fmt="-", color=INK, linewidth=1.6, label="truth")
    axes.set(xlim=limits, xticks=[])
    heading(axes, "all events")


def _look(described: Described, model: str, index: int) -> dict[str, object]:
    place = described.place_of(model, index)
    return {
        "marker": marker_of(place),
        "color": colour_of(place),
        "linestyle": "none",
        "markersize": 5,
    }
