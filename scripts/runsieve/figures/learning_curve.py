"""Figure of a learning curve."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    colour_of,
    error_bars,
    grouped,
    headline,
    line_of,
    marker_of,
    new_figure,
)

METRICS = {"auc": "AUC", "accuracy": "accuracy"}


def draw_learning_curve(table: pd.DataFrame, described: Described = PLAIN) -> Figure:
    """AUC and accuracy on the same test events against the number of training events.

    table: see `learning_curve`. Markers have the interval of the test events, which are the same at
    all points.
    """
    figure = new_figure((FULL, 3.6))
    panels = figure.subplots(1, len(METRICS))
    for axes, (name, title) in zip(panels, METRICS.items(), strict=True):
        for number, model in enumerate(table["model"].unique()):
            place = described.place_of(model, number)
            _draw_model(axes, table[table["model"] == model], name, place, model)
        axes.set(xscale="log", xlabel="training events", ylabel=title)
        numbers = sorted(table["train"].unique())
        axes.set_xticks(numbers, [grouped(number) for number in numbers], rotation=45, ha="right")
        axes.minorticks_off()
        axes.grid()
    note = f"{grouped(table['test'].iloc[0])} test events"
    headline(figure, described, note, [panels[0]])
    return figure


def _draw_model(axes: Axes, rows: pd.DataFrame, name: str, place: int, model: str) -> None:
    axes.errorbar(
        rows["train"],
        rows[name],
        error_bars(rows, name),
        color=colour_of(place),
        marker=marker_of(place),
        linestyle=line_of(place),
        label=model,
        capsize=0,
    )
