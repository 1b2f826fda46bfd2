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
    name_rows,
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
    bin. Without a variable there is one row for each quantity.
    """
    models = list(dict.fromkeys(table["model"]))
    classes = list(dict.fromkeys(table["class"]))
    if table["variable"].isna().all():
        figure = _draw_rows(table, models, classes, described)
    elif len(classes) == 2:
        figure = _draw_two(table, models, classes, described, oracle)
    else:
        figure = _draw_many(table, models, classes, described)
    first = figure.axes[0]
    note = f"{table['total'][table['model'] == models[0]].sum():,} test events"
    if table["variable"].notna().any() and len(classes) > 2:
        note += f", thresholds for {working_point}"  # the first heading is that of a class
    else:
        heading(first, f"thresholds for {working_point}")
    for axes in figure.axes:
        if table["variable"].notna().any():
            axes.set_xlim(table["low"].min(), table["high"].max())
            axes.grid(axis="y")
            axes.set_xlabel(label if axes.get_subplotspec().is_last_row() else "")
    headline(figure, described, note, first)
    return figure


def _draw_two(
    table: pd.DataFrame,
    models: Sequence[str],
    classes: Sequence[str],
    described: Described,
    oracle: str | None,
) -> Figure:
    signal = table[table["class"] == classes[0]]
    left = _left(table[table["class"] == classes[1]])
    compared = oracle in models and len(models) > 1
    heights = [2.6, 2.0, 1.5] if compared else [2.6, 2.0]
    figure = new_figure((FULL, 1.2 + sum(heights)))
    panels = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    parts = {"signal efficiency": signal, "background left": left}
    for axes, (name, part) in zip(panels, parts.items(), strict=False):
        _draw_models(axes, part, models, described)
        axes.set(ylabel=name, ylim=(-0.04, 1.06))
    if compared:
        _draw_ratio(panels[2], signal, models, described, oracle)
    return figure


def _draw_many(
    table: pd.DataFrame, models: Sequence[str], classes: Sequence[str], described: Described
) -> Figure:
    down, across = grid_of(len(classes), 3)
    figure = new_figure((FULL, 0.9 + 2.4 * down))
    grid = figure.subplots(down, across, sharey=True, squeeze=False)
    for axes in grid.flat[len(classes) :]:
        axes.remove()
    for axes, item in zip(grid.flat, classes, strict=False):
        _draw_models(axes, table[table["class"] == item], models, described, thresholds=False)
        axes.set_ylim(-0.04, 1.06)
        heading(axes, described.of(item))
    for axes in grid[:, 0]:
        axes.set_ylabel("efficiency")
    return figure


def _draw_rows(
    table: pd.DataFrame, models: Sequence[str], classes: Sequence[str], described: Described
) -> Figure:
    """Without a variable: a row for each class, of two the background left."""
    parts = {described.of(item): table[table["class"] == item] for item in classes}
    if len(classes) == 2:
        signal, background = parts.values()
        parts = {"signal efficiency": signal, "background left": _left(background)}
    figure = new_figure((FULL, 1.2 + len(parts) * (0.25 + 0.13 * len(models))))
    axes = figure.subplots()
    for row, part in enumerate(parts.values()):
        for index, model in enumerate(models):
            mine = part[part["model"] == model]
            axes.errorbar(
                mine["efficiency"],
                [row + beside(index, len(models))],
                xerr=error_bars(mine, "efficiency"),
                label=None if row else _named(mine, model, len(classes) == 2),
                fmt=marker_of(described.place_of(model, index)),
                color=colour_of(described.place_of(model, index)),
                capsize=2,
            )
    name_rows(axes, list(parts))
    for edge in np.arange(1, len(parts)) - 0.5:
        axes.axhline(edge, color=GREY, linewidth=0.6)
    axes.set_xlabel("fraction of the events" if len(classes) == 2 else "efficiency")
    return figure


def _left(background: pd.DataFrame) -> pd.DataFrame:
    """What a working point leaves of the background, from the efficiency of rejecting it."""
    return background.assign(
        efficiency=1 - background["efficiency"],
        efficiency_low=1 - background["efficiency_high"],
        efficiency_high=1 - background["efficiency_low"],
    )


def _named(part: pd.DataFrame, model: str, threshold: bool) -> str:
    """A model in the legend, with its threshold if all classes have the same."""
    score = part["threshold"].iloc[0]
    return f"{model} (score ≥ {score:.3g})" if threshold and np.isfinite(score) else model


def _draw_models(
    axes: Axes,
    table: pd.DataFrame,
    models: Sequence[str],
    described: Described,
    thresholds: bool = True,
) -> None:
    for index, model in enumerate(models):
        part = table[table["model"] == model]
        look = described.place_of(model, index)
        _points(axes, part, index, len(models), look, _named(part, model, thresholds))


def _draw_ratio(
    axes: Axes, signal: pd.DataFrame, models: Sequence[str], described: Described, oracle: str
) -> None:
    """Ratio of each model to the oracle, with the error of the model; a band is the oracle's."""
    best = signal[signal["model"] == oracle]
    value = best["efficiency"].to_numpy()
    known = np.where(value > 0, value, np.nan)
    below, above = error_bars(best, "efficiency") / known
    edges = [*best["low"], best["high"].iloc[-1]]
    style = {"fill": True, "color": GREY, "alpha": 0.22, "linewidth": 0}
    axes.stairs(1 + above, edges, baseline=1 - below, **style)
    axes.axhline(1, color=GREY, linewidth=1)
    ends = []
    for index, model in enumerate(models):
        if model == oracle:
            continue
        part = signal[signal["model"] == model]
        names = ["efficiency", "efficiency_low", "efficiency_high"]
        ratio = part.assign(**{name: part[name].to_numpy() / known for name in names})
        _points(axes, ratio, index, len(models), described.place_of(model, index))
        ends += [ratio["efficiency_low"], ratio["efficiency_high"]]
    seen = pd.concat(ends).dropna()
    lowest, highest = (seen.min(), seen.max()) if len(seen) else (1, 1)
    axes.set_ylim(max(0.0, min(lowest, 0.9) - 0.05), min(2.0, max(highest, 1.1) + 0.05))
    axes.set_ylabel(f"ratio to {oracle}")


def _points(
    axes: Axes, part: pd.DataFrame, index: int, count: int, look: int, label: str | None = None
) -> None:
    """Points of one of `count` models, side by side in each bin; look: of its colour and marker."""
    width = part["high"] - part["low"]
    axes.errorbar(
        part["low"] + width * (0.5 + beside(index, count)),
        part["efficiency"],
        yerr=error_bars(part, "efficiency"),
        fmt=marker_of(look),
        color=colour_of(look),
        markersize=4,
        elinewidth=1.2,
        label=label,
    )
