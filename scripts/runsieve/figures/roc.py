"""Figures of the curves of signal efficiency and background rejection."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    HALF,
    INK,
    colour_of,
    error_bars,
    grid_of,
    heading,
    headline,
    line_of,
    marker_of,
    new_figure,
    plain_log,
)

BAND_POINTS = 101
MOST_BANDS = 3  # more hide each other
ZOOM = 0.5  # signal efficiency from which on the rejection factor is drawn


def draw_roc(
    table: pd.DataFrame,
    points: pd.DataFrame,
    area: Mapping[str, Any],
    described: Described = PLAIN,
) -> Figure:
    """Curves of one model with their bands, and the working points (two classes).

    Left: the whole curve; right: the rejection factor where much of the signal is kept.
    table: `roc_table`; points: `working_point_table`; area: the metric `auc`.
    """
    classes = list(dict.fromkeys(table["class"]))
    points = points.dropna(subset="rejection") if len(classes) == 1 else points[:0]
    figure = new_figure((HALF, 3.9 + 0.2 * (len(points) + len(classes) // 3)))
    left, right = figure.subplots(1, 2)
    start = _start(points["efficiency"])
    for index, item in enumerate(classes):
        curve = table[table["class"] == item]
        label = "test events" if len(classes) == 1 else described.of(item)
        _draw_curve(left, right, curve, label, index)
        if len(classes) <= MOST_BANDS:
            _draw_band(left, right, curve, index)
    for index in range(len(points)):
        _draw_point(left, right, points.iloc[[index]], index)
    _linear(left)
    _zoomed(right, start, table)
    text = f"AUC {area['value']:.4f} [{area['low']:.4f}, {area['high']:.4f}]"
    note = text if len(classes) == 1 else f"mean {text}"
    headline(figure, described, note, left)
    return figure


def draw_roc_overlay(
    curves: Sequence[tuple[str, pd.DataFrame]], described: Described = PLAIN
) -> Figure:
    """Curves of several models on one sample; one panel per class if there are more than two.

    curves: name of the model and its `roc_table`.
    """
    classes = list(dict.fromkeys(curves[0][1]["class"]))
    if len(classes) == 1:
        figure = new_figure((FULL, 5.2))
        first, right = figure.subplots(1, 2)
        for index, (label, table) in enumerate(curves):
            _draw_curve(first, right, table, label, described.place_of(label, index))
        _linear(first)
        _zoomed(right, ZOOM, pd.concat([table for _, table in curves]))
    else:
        down, across = grid_of(len(classes), 4)
        figure = new_figure((FULL, 0.6 + 3.1 * down))
        grid = figure.subplots(down, across, squeeze=False)
        for axes, item in zip(grid.flat, classes, strict=False):
            for index, (label, table) in enumerate(curves):
                part = table[table["class"] == item]
                axes.plot(
                    part["signal_efficiency"],
                    part["background_rejection"],
                    label=label,
                    **_style(described.place_of(label, index)),
                )
            _linear(axes)
            heading(axes, described.of(item))
        for axes in grid.flat[len(classes) :]:
            axes.set_axis_off()
        first = grid[0, 0]
    headline(figure, described, legend=first)
    return figure


def _style(index: int) -> dict[str, Any]:
    return {"color": colour_of(index), "linestyle": line_of(index)}


def _draw_curve(left: Axes, right: Axes, curve: pd.DataFrame, label: str, index: int) -> None:
    efficiency = curve["signal_efficiency"].to_numpy()
    rejection = curve["background_rejection"].to_numpy()
    left.plot(efficiency, rejection, label=label, **_style(index))
    some = rejection < 1
    right.plot(efficiency[some], 1 / (1 - rejection[some]), **_style(index))


def _draw_band(left: Axes, right: Axes, curve: pd.DataFrame, index: int) -> None:
    efficiency = np.linspace(0, 1, BAND_POINTS)
    low, high = (
        np.interp(efficiency, curve["signal_efficiency"], curve[f"background_rejection_{end}"])
        for end in ("low", "high")
    )
    style = {"color": colour_of(index), "alpha": 0.25, "linewidth": 0}
    left.fill_between(efficiency, low, high, **style)
    some = high < 1
    below, above = 1 / (1 - low[some]), 1 / (1 - high[some])
    right.fill_between(efficiency[some], below, above, **style)


def _draw_point(left: Axes, right: Axes, point: pd.DataFrame, index: int) -> None:
    """A working point with its errors: where its threshold lies on the test events."""
    one = point.iloc[0]
    style = {"fmt": marker_of(index + 1), "color": INK, "zorder": 5, "markersize": 5}
    left.errorbar(
        point["efficiency"],
        point["rejection"],
        xerr=error_bars(point, "efficiency"),
        yerr=error_bars(point, "rejection"),
        label=f"{one['working_point']} (score {one['threshold']:.3g}): rejects "
        f"{100 * one['rejection']:.1f} % at {100 * one['efficiency']:.1f} % efficiency",
        **style,
    )
    if np.isfinite(one["rejection_factor_high"]):
        right.errorbar(
            point["efficiency"],
            point["rejection_factor"],
            xerr=error_bars(point, "efficiency"),
            yerr=error_bars(point, "rejection_factor"),
            **style,
        )


def _start(efficiencies: pd.Series) -> float:
    """Where the right panel starts, so that all working points are in it."""
    return max(0.0, min([ZOOM, *(np.floor(10 * efficiencies - 1) / 10)]))


def _linear(axes: Axes) -> None:
    axes.plot([0, 1], [1, 0], color=GREY, linewidth=0.8, zorder=1)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="signal efficiency", ylabel="background rejection")
    axes.grid()


def _zoomed(axes: Axes, start: float, table: pd.DataFrame) -> None:
    efficiency = np.linspace(max(start, 0.01), 1, 100)
    axes.plot(efficiency, 1 / efficiency, color=GREY, linewidth=0.8, zorder=1)
    seen = table[table["signal_efficiency"] >= start]
    seen = seen[seen["background_rejection"] < 1]["background_rejection"]
    highest = 2 / (1 - seen.max()) if len(seen) else 10
    axes.set(xlim=(start, 1), yscale="log", ylim=(1, max(highest, 4)))
    axes.set(xlabel="signal efficiency", ylabel="rejection factor")
    plain_log(axes.yaxis)
    axes.grid()
