"""Figure of the spectra of scored runs: selected, kept, and corrected for the efficiency."""

from collections.abc import Iterator

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
    grouped,
    heading,
    headline,
    marker_of,
    name_rows,
    new_figure,
    plain_log,
)
from runsieve.selection.statistics import ALL

HEIGHTS = (2.7, 1.5)


def draw_spectrum(
    table: pd.DataFrame, label: str, cut: str, described: Described = PLAIN
) -> Figure:
    """Spectra of all runs of each kind, in all channels; below, the fraction that is kept.

    table: `spectrum_table`; label: name and unit of the variable; cut: in words. Rates where the
    live time of the runs is known, else events per bin. Of two classes, kept events with and
    without correction; of more, each class corrected. Without a variable there is one row for each
    kind and class.
    """
    table = table[(table["run"] == ALL) & (table["channel"] == ALL)]
    kinds = list(dict.fromkeys(table["kind"]))
    if table["low"].isna().all():
        return _draw_rows(table, cut, described)
    rows, across = grid_of(len(kinds), 2)
    figure = new_figure((FULL, 0.8 + (sum(HEIGHTS) + 0.5) * rows))
    grid = figure.subplots(2 * rows, across, squeeze=False, height_ratios=HEIGHTS * rows)
    for place, kind in enumerate(kinds):
        row, column = divmod(place, across)
        top, bottom = grid[2 * row, column], grid[2 * row + 1, column]
        part = table[table["kind"] == kind]
        _draw_events(top, part, described)
        _draw_fractions(bottom, part)
        first = part[part["class"] == part["class"].iloc[0]]
        heading(top, kind, f"{grouped(first['selected'].sum())} selected events")
        top.tick_params(labelbottom=False)
        bottom.set_xlabel(label)
    for place in range(len(kinds), rows * across):
        row, column = divmod(place, across)
        grid[2 * row, column].remove()
        grid[2 * row + 1, column].remove()
    headline(figure, described, cut, grid[0, 0])
    return figure


def _draw_events(axes: Axes, table: pd.DataFrame, described: Described) -> None:
    timed = bool(table["rate_selected"].notna().any())
    before = table[table["class"] == table["class"].iloc[0]]
    edges = np.array([*before["low"], before["high"].iloc[-1]])
    selected = before["rate_selected" if timed else "selected"].to_numpy(dtype=float)
    axes.stairs(selected, edges, color=GREY, linewidth=1.6, label="selected")
    seen = [selected]
    curves = list(_curves(table, timed, described))
    for index, (part, name, title) in enumerate(curves):
        width = (part["high"] - part["low"]).to_numpy()
        axes.errorbar(
            part["low"].to_numpy() + width * (0.5 + beside(index, len(curves), 0.4)),
            part[name],
            yerr=error_bars(part, name),
            fmt=marker_of(index),
            color=colour_of(index),
            label=title,
        )
        seen += [part[name], part[f"{name}_high"]]
    values = np.concatenate([np.asarray(one, dtype=float) for one in seen])
    values = values[values > 0]  # NaN is not
    axes.set(
        yscale="log", xlim=(edges[0], edges[-1]), ylabel=_unit(table) if timed else "events per bin"
    )
    if len(values):
        axes.set_ylim(values.min() / 3, 2 * values.max())
        plain_log(axes.yaxis)
    axes.grid(axis="y")


def _curves(
    table: pd.DataFrame, timed: bool, described: Described
) -> Iterator[tuple[pd.DataFrame, str, str]]:
    """Rows, column and label of each set of points."""
    kept, corrected = ("rate_kept", "rate_corrected") if timed else ("kept_scaled", "corrected")
    classes = list(dict.fromkeys(table["class"]))
    if len(classes) == 1:
        yield table, kept, "kept"
        yield table, corrected, "kept, corrected for the efficiency"
        return
    for name in classes:
        yield table[table["class"] == name], corrected, f"{described.of(name)}, corrected"


def _unit(table: pd.DataFrame) -> str:
    unit = table["unit"].iloc[0] or f"unit of {table['variable'].iloc[0]}"
    return f"events per day{', kg' if table['mass_kg'].notna().all() else ''} and {unit}"


def _draw_fractions(axes: Axes, table: pd.DataFrame) -> None:
    classes = list(dict.fromkeys(table["class"]))
    for index, name in enumerate(classes):
        part = table[table["class"] == name]
        width = (part["high"] - part["low"]).to_numpy()
        axes.errorbar(
            part["low"].to_numpy() + width * (0.5 + beside(index, len(classes), 0.4)),
            part["fraction"],
            yerr=error_bars(part, "fraction"),
            fmt=marker_of(index),
            color=colour_of(index),
        )
    highest = np.nan_to_num(table["fraction_high"]).max()
    axes.set(xlim=(table["low"].min(), table["high"].max()), ylabel="fraction kept")
    axes.set_ylim(0, 1.08 * highest if highest > 0 else 1)
    axes.grid(axis="y")


def _draw_rows(table: pd.DataFrame, cut: str, described: Described) -> Figure:
    """Without a variable: the fraction kept of each kind of run, a row for each class."""
    figure = new_figure((FULL, 1.0 + 0.32 * len(table)))
    axes = figure.subplots()
    classes = list(dict.fromkeys(table["class"]))
    for row in range(len(table)):
        one = table.iloc[[row]]
        index = classes.index(one["class"].iloc[0])
        style = {"fmt": marker_of(index), "color": colour_of(index)}
        axes.errorbar(one["fraction"], [row], xerr=error_bars(one, "fraction"), **style)
    several = len(classes) > 1
    names = [
        f"{kind}, {described.of(name)}" if several else kind
        for kind, name in zip(table["kind"], table["class"], strict=True)
    ]
    notes = [
        "" if pd.isna(one["kept"]) else f"{one['kept']} of {one['selected'] - one['left_out']}"
        for one in table.to_dict("records")
    ]
    name_rows(axes, names, notes)
    axes.set_xlabel("fraction kept")
    headline(figure, described, cut)
    return figure
