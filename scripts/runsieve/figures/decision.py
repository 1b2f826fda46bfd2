"""Figure to decide from: all models of a sample at one working point."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.evaluation.merged_bins import merged
from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    GRID,
    beside,
    colour_of,
    error_bars,
    grid_of,
    grouped,
    heading,
    headline,
    line_of,
    marker_of,
    name_rows,
    new_figure,
)

WIDEST = 3  # times the narrowest bin, over which models are spread
FAR = 2.0  # times the background that the best model leaves, beyond which a model is a grey line


def draw_decision(
    table: pd.DataFrame,
    decided: str,
    label: str,
    described: Described = PLAIN,
    oracle: str | None = None,
) -> Figure:
    """Efficiency of every model per bin, the background left, and the ratio to the oracle.

    table: rows of `efficiency_table` at one working point, with a column `model`; of two classes,
    the first is the signal. With more than two classes there are two panels for each: its
    efficiency, and the fraction of the others that is taken for it.
    decided: how events are assigned to classes; label: name and unit of the variable. Models stand
    side by side in a bin; the oracle is a line with a band and, of two classes, a model that is
    `far_behind` a grey line. Bins with few events are drawn together (`merged`). Without a variable
    there is one row for each quantity.
    """
    models = list(dict.fromkeys(table["model"]))
    classes = list(dict.fromkeys(table["class"]))
    binned = table["variable"].notna().any()
    table = merged(table)
    if not binned:
        figure = _draw_rows(table, models, classes, described)
    elif len(classes) == 2:
        figure = _draw_two(table, models, classes, described, oracle)
    else:
        figure = _draw_many(table, models, classes, described, oracle)
    first = figure.axes[0]
    note = f"{grouped(table['total'][table['model'] == models[0]].sum())} test events"
    if binned and len(classes) > 2:
        note += f", {decided}"  # the first heading is that of a class
    else:
        heading(first, decided)
    for axes in figure.axes:
        if binned:
            axes.set_xlim(table["low"].min(), table["high"].max())
            axes.grid(axis="y")
            for edge in table["low"].unique():
                axes.axvline(edge, color=GRID, linewidth=0.8, zorder=0)
            axes.set_xlabel(label if axes.get_subplotspec().is_last_row() else "")
    headline(figure, described, note, first)
    return figure


def far_behind(table: pd.DataFrame, oracle: str | None = None) -> list[str]:
    """Models that leave more than `FAR` times the background of the one that leaves least.

    table: as for `draw_decision`, of two classes. The oracle is neither compared nor returned.
    """
    background = table[(table["class"] != table["class"].iloc[0]) & (table["model"] != oracle)]
    counts = background.groupby("model", sort=False)[["total", "passed"]].sum()
    left = counts["total"] - counts["passed"]
    return list(left.index[left > FAR * left.min()])


def _draw_two(
    table: pd.DataFrame,
    models: Sequence[str],
    classes: Sequence[str],
    described: Described,
    oracle: str | None,
) -> Figure:
    signal = table[table["class"] == classes[0]]
    lines = far_behind(table, oracle)
    compared = oracle in models and len(models) > 1
    heights = [2.6, 2.0, 1.7] if compared else [2.6, 2.0]
    figure = new_figure((FULL, 1.2 + sum(heights)))
    panels = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    parts = {"signal efficiency": signal, "background left": _left(signal)}
    for axes, (name, part) in zip(panels, parts.items(), strict=False):
        _draw_models(axes, part, models, described, oracle, lines)
        axes.set(ylabel=name, ylim=(-0.04, 1.06))
    if compared:
        near = [model for model in models if model not in lines]
        _draw_ratio(panels[2], signal, near, described, oracle)
    return figure


def _draw_many(
    table: pd.DataFrame,
    models: Sequence[str],
    classes: Sequence[str],
    described: Described,
    oracle: str | None,
) -> Figure:
    down, across = grid_of(len(classes), 3)
    figure = new_figure((FULL, 0.9 + 3.4 * down))
    heights = [1.9, 1.2] * down
    grid = figure.subplots(2 * down, across, sharey="row", squeeze=False, height_ratios=heights)
    most = np.nanmax([table["left_high"].max(), 0.01])
    panels = zip(grid[::2].flat, grid[1::2].flat, strict=True)
    for place, (kept, taken) in enumerate(panels):
        if place >= len(classes):
            kept.remove()
            taken.remove()
            continue
        part = table[table["class"] == classes[place]]
        _draw_models(kept, part, models, described, oracle, thresholds=False)
        _draw_models(taken, _left(part), models, described, oracle, thresholds=False)
        kept.set_ylim(-0.04, 1.06)
        taken.set_ylim(-0.04 * most, 1.06 * most)
        kept.tick_params(labelbottom=False)
        heading(kept, described.of(classes[place]))
    for kept, taken in zip(grid[::2, 0], grid[1::2, 0], strict=True):
        kept.set_ylabel("efficiency")
        taken.set_ylabel("others left")
    return figure


def _draw_rows(
    table: pd.DataFrame, models: Sequence[str], classes: Sequence[str], described: Described
) -> Figure:
    """Without a variable: rows for the efficiency of each class, and for what it leaves of others;
    of two classes, those of the signal.
    """
    of_class = {described.of(item): table[table["class"] == item] for item in classes}
    if len(classes) == 2:
        signal = next(iter(of_class.values()))
        parts = {"signal efficiency": signal, "background left": _left(signal)}
    else:
        left = {f"others as {title}": _left(part) for title, part in of_class.items()}
        parts = of_class | left
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
    axes.set_xlabel("fraction of the events")
    return figure


def _left(part: pd.DataFrame) -> pd.DataFrame:
    """What a working point leaves of the other classes, in place of the efficiency."""
    return part.assign(**{f"efficiency{end}": part[f"left{end}"] for end in ("", "_low", "_high")})


def _named(part: pd.DataFrame, model: str, threshold: bool) -> str:
    """A model in the legend, with its threshold if all classes have the same."""
    score = part["threshold"].iloc[0]
    return f"{model} (score ≥ {score:.3g})" if threshold and np.isfinite(score) else model


def _draw_models(
    axes: Axes,
    table: pd.DataFrame,
    models: Sequence[str],
    described: Described,
    oracle: str | None,
    lines: Sequence[str] = (),
    thresholds: bool = True,
) -> None:
    """lines: models that are drawn as grey lines without intervals."""
    points = [model for model in models if model != oracle and model not in lines]
    for index, model in enumerate(models):
        part = table[table["model"] == model]
        look, name = described.place_of(model, index), _named(part, model, thresholds)
        if model == oracle:
            _band(axes, part, colour_of(look), name)
        elif model in lines:
            edges = _edges(part)
            style = {"color": GREY, "linestyle": line_of(1 + lines.index(model)), "linewidth": 1}
            axes.stairs(part["efficiency"], edges, baseline=None, label=name, **style)
        else:
            _points(axes, part, points.index(model), len(points), look, name)


def _edges(part: pd.DataFrame) -> list[float]:
    return [*part["low"], part["high"].iloc[-1]]


def _band(axes: Axes, part: pd.DataFrame, colour: str, label: str) -> None:
    """A line with the interval around it."""
    edges, ends = _edges(part), (part["efficiency_high"], part["efficiency_low"])
    band = {"fill": True, "color": colour, "alpha": 0.2, "linewidth": 0}
    axes.stairs(ends[0], edges, baseline=ends[1], **band)
    axes.stairs(part["efficiency"], edges, baseline=None, color=colour, linewidth=1.5, label=label)


def _draw_ratio(
    axes: Axes,
    signal: pd.DataFrame,
    models: Sequence[str],
    described: Described,
    oracle: str,
) -> None:
    """Ratio of each model to the oracle, with the error of the model; the band is the oracle's."""
    best = signal[signal["model"] == oracle]
    value = best["efficiency"].to_numpy()
    known = np.where(value > 0, value, np.nan)
    names = ["efficiency", "efficiency_low", "efficiency_high"]
    ratio = signal.copy()
    for model in models:
        mine = signal["model"] == model
        ratio.loc[mine, names] = signal.loc[mine, names].to_numpy() / known[:, None]
    _draw_models(axes, ratio, models, described, oracle)
    shown = ratio[ratio["model"].isin(models) & (ratio["model"] != oracle)]
    seen = pd.concat([shown["efficiency_low"], shown["efficiency_high"]]).dropna()
    lowest, highest = (seen.min(), seen.max()) if len(seen) else (1, 1)
    axes.set_ylim(max(0.0, min(lowest, 0.9) - 0.05), min(2.0, max(highest, 1.1) + 0.05))
    axes.set_ylabel(f"ratio to {oracle}")


def _points(axes: Axes, part: pd.DataFrame, index: int, among: int, look: int, label: str) -> None:
    """Points of one of several models, side by side in each bin; look: of colour and marker.

    In bins that are much wider than others, they stay together in the middle.
    """
    width = part["high"] - part["low"]
    room = np.minimum(width, WIDEST * width.min())
    axes.errorbar(
        part["low"] + 0.5 * width + room * beside(index, among),
        part["efficiency"],
        yerr=error_bars(part, "efficiency"),
        fmt=marker_of(look),
        color=colour_of(look),
        markersize=5.5,
        elinewidth=1.4,
        label=label,
    )
