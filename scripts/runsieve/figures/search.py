"""Figure of a search for hyper-parameters: its trials, their sizes, and what matters."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    INK,
    colour_of,
    heading,
    headline,
    name_rows,
    new_figure,
    plain_log,
)

# State: colour, marker and label of its trials.
STATES = {
    "complete": (colour_of(0), "o", "complete"),
    "pruned": (colour_of(2), "v", "ended early"),
}


def draw_search(
    history: pd.DataFrame,
    importances: pd.DataFrame,
    chosen: int,
    tolerance: float,
    described: Described = PLAIN,
) -> Figure:
    """Validation AUC by trial and by number of parameters, and the importance of each setting.

    history: number, state, value, parameters; of trials that are not complete or pruned nothing is
    drawn. importances: parameter, importance. chosen: number of the trial that is taken, of those
    within `tolerance` of the highest AUC. Without numbers of parameters, or without importances,
    there is a panel less.
    """
    sized = history["parameters"].notna().any()
    panels = [True, sized, len(importances) > 0]
    widths = [width for width, there in zip((1.2, 1, 1), panels, strict=True) if there]
    figure = new_figure((FULL, 3.9))
    axes = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
    _draw_history(axes[0], history, chosen)
    values = history.loc[history["state"] == "complete", "value"]
    low = min(history.loc[history["state"] == "complete", "value"].quantile(0.1), values.max())
    span = max(values.max() - low, tolerance, 1e-4)
    if sized:
        _draw_sizes(axes[1], history, chosen, tolerance)
    for one in axes[: 1 + sized]:
        one.set_ylim(low - 0.4 * span, values.max() + 0.15 * span)
        _mark_below(one, history)
    if len(importances):
        _draw_importances(axes[-1], importances)
    best = history.set_index("number").loc[chosen, "value"]
    headline(figure, described, f"chosen: trial {chosen}, AUC {best:.4f}", axes[0])
    return figure


def _draw_history(axes: Axes, history: pd.DataFrame, chosen: int) -> None:
    for state, (colour, marker, label) in STATES.items():
        part = history[history["state"] == state]
        if len(part):
            style = {"color": colour, "marker": marker, "label": label}
            axes.plot(part["number"], part["value"], linestyle="none", **style)
    complete = history[history["state"] == "complete"]
    highest = np.maximum.accumulate(complete["value"])
    axes.step(complete["number"], highest, where="post", color=GREY, label="highest so far")
    _mark(axes, history, chosen, "number", "chosen")
    axes.set(xlabel="trial", ylabel="validation AUC")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_minor_locator(MaxNLocator(integer=True, nbins=20))
    axes.grid()
    heading(axes, "history")


def _draw_sizes(axes: Axes, history: pd.DataFrame, chosen: int, tolerance: float) -> None:
    for state, (colour, marker, _) in STATES.items():
        part = history[history["state"] == state]
        sizes = part["parameters"].astype(float)
        axes.plot(sizes, part["value"], linestyle="none", color=colour, marker=marker)
    highest = history.loc[history["state"] == "complete", "value"].max()
    if tolerance > 0:
        axes.axhspan(highest - tolerance, highest, color=GREY, alpha=0.2, linewidth=0)
    _mark(axes, history, chosen, "parameters")
    axes.set_xscale("log")
    axes.set(xlabel="parameters of the network")
    plain_log(axes.xaxis)
    axes.tick_params(labelleft=False)
    axes.grid()
    heading(axes, "size", f"grey: within {tolerance:g}" if tolerance > 0 else "")


def _mark(
    axes: Axes, history: pd.DataFrame, chosen: int, column: str, label: str | None = None
) -> None:
    row = history.set_index("number", drop=False).loc[chosen]
    ring = {"markersize": 11, "markerfacecolor": "none", "markeredgewidth": 1.8, "marker": "o"}
    axes.plot(
        [float(row[column])], [row["value"]], linestyle="none", color=INK, label=label, **ring
    )


def _mark_below(axes: Axes, history: pd.DataFrame) -> None:
    """Say how many trials lie below the axes."""
    below = int((history["value"] < axes.get_ylim()[0]).sum())
    if below:
        axes.annotate(
            f"{below} below", (0.02, 0.03), xycoords="axes fraction", fontsize=9.5, color=GREY
        )


def _draw_importances(axes: Axes, importances: pd.DataFrame) -> None:
    rows = np.arange(len(importances))
    axes.barh(rows, importances["importance"], height=0.6, color=colour_of(0))
    names = [name.replace("training.", "") for name in importances["parameter"]]
    name_rows(axes, names)
    axes.set(xlabel="fraction of the variance", xlim=(0, None))
    heading(axes, "importance")
