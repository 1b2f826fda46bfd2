"""Figure of what a cut keeps of each scored run."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    beside,
    colour_of,
    error_bars,
    heading,
    headline,
    marker_of,
    name_columns,
    new_figure,
)
from runsieve.selection.statistics import ALL

NAMED = 24  # runs with their numbers at the axis; of more, every so many


def draw_stability(table: pd.DataFrame, cut: str, described: Described = PLAIN) -> Figure:
    """Rate or, without live time, fraction that is kept of each run, one panel per kind of run.

    table: `stability_table`, of which all channels together are drawn; cut: in words. The value of
    all runs of a kind together is a dashed line.
    """
    table = table[table["channel"] == ALL]
    kinds = list(dict.fromkeys(table["kind"]))
    figure = new_figure((FULL, 0.8 + 2.1 * len(kinds)))
    panels = figure.subplots(len(kinds), 1, squeeze=False)[:, 0]
    for axes, kind in zip(panels, kinds, strict=True):
        _draw_kind(axes, table[table["kind"] == kind], described)
    panels[-1].set_xlabel("run")
    several = table["class"].nunique() > 1
    headline(figure, described, cut, panels[0] if several else ())
    return figure


def _draw_kind(axes: Axes, table: pd.DataFrame, described: Described) -> None:
    classes, runs = (list(dict.fromkeys(table[name])) for name in ("class", "run"))
    runs.remove(ALL)
    timed = bool(table["rate"].notna().any())
    value, chance = ("rate", "p_rate") if timed else ("fraction", "p_fraction")
    for index, name in enumerate(classes):
        part = table[table["class"] == name]
        single, whole = part[part["run"] != ALL], part[part["run"] == ALL]
        axes.errorbar(
            np.arange(len(runs)) + beside(index, len(classes), 0.4),
            single[value],
            yerr=error_bars(single, value),
            fmt=marker_of(index),
            color=colour_of(index),
            label=described.of(name),
        )
        style = {"color": colour_of(index), "linestyle": "--", "linewidth": 1, "zorder": 1}
        axes.axhline(whole[value].iloc[0], **style)
    name_columns(axes, list(map(str, runs)), most=NAMED)
    axes.set_ylabel("kept per day" if timed else "fraction kept")
    low, high = table[f"{value}_low"].min(), table[f"{value}_high"].max()
    if high > 0:  # NaN where nothing is known of any run
        margin = 0.25 * (high - low)
        axes.set_ylim(max(-0.02 * high, low - margin), high + margin)
    smallest = table[chance].min()
    note = "" if np.isnan(smallest) else f"p = {smallest:.2g}"
    heading(axes, table["kind"].iloc[0], note)
