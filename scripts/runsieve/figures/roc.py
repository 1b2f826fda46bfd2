"""Figures of the curves of signal efficiency and background rejection."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.style import (
    GREY,
    LINES,
    MARKERS,
    WIDE_SLIDE,
    colour_of,
    grid_of,
    heading,
    legend_above,
    new_figure,
)


def draw_roc(
    table: pd.DataFrame,
    points: pd.DataFrame,
    titles: Mapping[str, str],
    area: Mapping[str, Any],
    name: str = "",
) -> Figure:
    """Curves of one model, linear and as rejection factor, with the working points (two classes).

    table: `roc_table`; points: `working_point_table`; area: the metric `auc`.
    """
    figure = new_figure()
    left, right = figure.subplots(1, 2)
    classes = list(dict.fromkeys(table["class"]))
    text = f"AUC {area['value']:.4f}  [{area['low']:.4f}, {area['high']:.4f}]"
    for index, item in enumerate(classes):
        curve = table[table["class"] == item]
        label = text if len(classes) == 1 else titles.get(item, item)
        _draw_curve(left, right, curve, label, index)
    if len(classes) == 1:
        for index, (_, point) in enumerate(points.dropna(subset="rejection").iterrows()):
            _draw_point(left, right, point, index)
    _finish(left, right)
    legend_above(figure, left, columns=3 if len(classes) > 1 else 2)
    heading(right, "", name)
    if len(classes) > 1:
        heading(left, f"mean {text}")
    return figure


def draw_roc_overlay(
    curves: Sequence[tuple[str, pd.DataFrame]], titles: Mapping[str, str], name: str = ""
) -> Figure:
    """Curves of several models on one sample; one panel per class if there are more than two.

    curves: name of the model and its `roc_table`.
    """
    classes = list(dict.fromkeys(curves[0][1]["class"]))
    if len(classes) == 1:
        figure = new_figure()
        left, right = figure.subplots(1, 2)
        for index, (label, table) in enumerate(curves):
            _draw_curve(left, right, table, label, index)
        _finish(left, right)
        heading(right, "", name)
    else:
        down, across = grid_of(len(classes), 3)
        figure = new_figure((WIDE_SLIDE[0], 0.6 + 3.6 * down))
        grid = figure.subplots(down, across, squeeze=False)
        for axes, item in zip(grid.flat, classes, strict=False):
            for index, (label, table) in enumerate(curves):
                part = table[table["class"] == item]
                axes.plot(
                    part["signal_efficiency"],
                    part["background_rejection"],
                    color=colour_of(index),
                    linestyle=LINES[index % len(LINES)],
                    label=label,
                )
            _linear(axes)
            heading(axes, titles.get(item, item))
        for axes in grid.flat[len(classes) :]:
            axes.set_axis_off()
        left = grid[0, 0]
    legend_above(figure, left)
    return figure


def _draw_curve(left: Axes, right: Axes, curve: pd.DataFrame, label: str, index: int) -> None:
    style = {"color": colour_of(index), "linestyle": LINES[index % len(LINES)]}
    efficiency = curve["signal_efficiency"].to_numpy()
    rejection = curve["background_rejection"].to_numpy()
    left.plot(efficiency, rejection, label=label, **style)
    some = rejection < 1
    right.plot(efficiency[some], 1 / (1 - rejection[some]), **style)


def _draw_point(left: Axes, right: Axes, point: pd.Series, index: int) -> None:
    """A working point with its errors: where its threshold lies on the test events."""
    style = {"fmt": MARKERS[index % len(MARKERS)], "color": "black", "zorder": 5}
    left.errorbar(
        [point["efficiency"]],
        [point["rejection"]],
        xerr=_errors(point, "efficiency"),
        yerr=_errors(point, "rejection"),
        label=f"{point['working_point']} (score {point['threshold']:.3g}): rejection "
        f"{100 * point['rejection']:.1f} % at {100 * point['efficiency']:.1f} %",
        **style,
    )
    if np.isfinite(point["rejection_factor_high"]):
        right.errorbar(
            [point["efficiency"]],
            [point["rejection_factor"]],
            xerr=_errors(point, "efficiency"),
            yerr=_errors(point, "rejection_factor"),
            **style,
        )


def _errors(point: pd.Series, name: str) -> list[list[float]]:
    return [[point[name] - point[f"{name}_low"]], [point[f"{name}_high"] - point[name]]]


def _linear(axes: Axes) -> None:
    axes.plot([0, 1], [1, 0], color=GREY, linewidth=0.8, zorder=1)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="signal efficiency", ylabel="background rejection")
    axes.grid()


def _finish(left: Axes, right: Axes) -> None:
    _linear(left)
    efficiency = np.linspace(0.01, 1, 200)
    right.plot(efficiency, 1 / efficiency, color=GREY, linewidth=0.8, zorder=1)
    right.set(xlim=(0, 1), yscale="log", xlabel="signal efficiency")
    right.set_ylabel("rejection factor")
    right.set_ylim(bottom=1)
    right.grid()
