"""Figure to decide from: all models of a sample at one working point."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    beside,
    colour_of,
    error_bars,
    grid_of,
    heading,
    headline,
    marker_of,
    name_columns,
    new_figure,
)


def draw_decision(
    table: pd.DataFrame,
    working_point: str,
    label: str,
    described: Described = PLAIN,
    oracle: str | None = None,
) -> Figure:
    """Efficiency of every model per bin, the background left, and the ratio to the oracle.

    table: rows of `efficiency_table` at one working point, with a column `model`; of two classes,
    the first is the signal. With more than two classes there is a panel of efficiencies for each.
    working_point: in words; label: name and unit of the variable. Models stand side by side in a
    bin. Without a variable there is one column per model.
    """
    models = list(dict.fromkeys(table["model"]))
    classes = list(dict.fromkeys(table["class"]))
    binned = table["variable"].notna().any()
    if len(classes) == 2:
        figure, panels = _draw_two(table, models, classes, oracle)
    else:
        figure, panels = _draw_many(table, models, classes, described)
    for axes in panels:
        if binned:
            axes.set_xlim(table["low"].min(), table["high"].max())
            axes.grid(axis="y")
        else:
            name_columns(axes, models)
    for axes in [axes for axes in panels if axes.get_subplotspec().is_last_row()]:
        axes.set_xlabel(label if binned else "")
    if len(classes) == 2:
        heading(panels[0], f"at {working_point}")
    first = table[table["model"] == models[0]]
    note = f"{first['total'].sum():,} test events"
    note += "" if len(classes) == 2 else f", at {working_point}"
    headline(figure, described, note, panels[0])
    return figure


def _draw_two(
    table: pd.DataFrame, models: Sequence[str], classes: Sequence[str], oracle: str | None
) -> tuple[Figure, list[Axes]]:
    signal = table[table["class"] == classes[0]]
    background = table[table["class"] == classes[1]]
    left = background.assign(
        efficiency=1 - background["efficiency"],
        efficiency_low=1 - background["efficiency_high"],
        efficiency_high=1 - background["efficiency_low"],
    )
    compared = oracle in models and len(models) > 1
    heights = [2.6, 2.0, 1.5] if compared else [2.6, 2.0]
    figure = new_figure((FULL, 1.2 + sum(heights)))
    panels = list(figure.subplots(len(heights), 1, sharex=True, height_ratios=heights))
    _draw_models(panels[0], signal, models)
    panels[0].set_ylabel("signal efficiency")
    _draw_models(panels[1], left, models)
    panels[1].set_ylabel("background left")
    for axes in panels[:2]:
        axes.set_ylim(-0.04, 1.06)
    if compared:
        _draw_ratio(panels[2], signal, models, oracle)
    return figure, panels


def _draw_many(
    table: pd.DataFrame, models: Sequence[str], classes: Sequence[str], described: Described
) -> tuple[Figure, list[Axes]]:
    down, across = grid_of(len(classes), 3)
    figure = new_figure((FULL, 0.9 + 2.4 * down))
    grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    panels = list(grid.flat)
    for axes in panels[len(classes) :]:
        axes.set_axis_off()
    for axes, item in zip(panels, classes, strict=False):
        _draw_models(axes, table[table["class"] == item], models)
        axes.set_ylim(-0.04, 1.06)
        heading(axes, described.of(item))
    for axes in grid[:, 0]:
        axes.set_ylabel("efficiency")
    return figure, panels[: len(classes)]


def _draw_models(axes: Axes, table: pd.DataFrame, models: Sequence[str]) -> None:
    for index, model in enumerate(models):
        part = table[table["model"] == model]
        threshold = part["threshold"].iloc[0]
        score = f" (score ≥ {threshold:.3g})" if np.isfinite(threshold) else ""
        _points(axes, part, _places(part, index, len(models)), index, f"{model}{score}")


def _draw_ratio(axes: Axes, signal: pd.DataFrame, models: Sequence[str], oracle: str) -> None:
    """Ratio of each model to the oracle, with the error of the model; a band is the oracle's."""
    best = signal[signal["model"] == oracle]
    value = best["efficiency"].to_numpy()
    known = np.where(value > 0, value, np.nan)
    below, above = error_bars(best, "efficiency") / known
    if best["low"].notna().all():
        edges = [*best["low"], best["high"].iloc[-1]]
        style = {"fill": True, "color": GREY, "alpha": 0.22, "linewidth": 0}
        axes.stairs(1 + above, edges, baseline=1 - below, **style)
    else:
        axes.axhspan(1 - below[0], 1 + above[0], color=GREY, alpha=0.22, linewidth=0)
    axes.axhline(1, color=GREY, linewidth=1)
    ends = []
    for index, model in enumerate(models):
        part = signal[signal["model"] == model]
        if model == oracle:
            continue
        names = ["efficiency", "efficiency_low", "efficiency_high"]
        ratio = part.assign(**{name: part[name].to_numpy() / known for name in names})
        _points(axes, ratio, _places(part, index, len(models)), index)
        ends += [ratio["efficiency_low"], ratio["efficiency_high"]]
    seen = pd.concat(ends).dropna()
    lowest, highest = seen.min() if len(seen) else 0.9, seen.max() if len(seen) else 1.1
    axes.set_ylim(max(0.0, min(lowest, 0.9) - 0.05), min(2.0, max(highest, 1.1) + 0.05))
    axes.set_ylabel(f"ratio to {oracle}")


def _places(part: pd.DataFrame, index: int, count: int) -> np.ndarray:
    """Where the points of a model stand: in its bins, or in its column."""
    if part["low"].isna().all():
        return np.full(len(part), float(index))
    width = (part["high"] - part["low"]).to_numpy()
    return part["low"].to_numpy() + width * (0.5 + beside(index, count))


def _points(
    axes: Axes, part: pd.DataFrame, places: np.ndarray, index: int, label: str | None = None
) -> None:
    axes.errorbar(
        places,
        part["efficiency"],
        yerr=error_bars(part, "efficiency"),
        fmt=marker_of(index),
        color=colour_of(index),
        markersize=4,
        elinewidth=1.2,
        label=label,
    )
