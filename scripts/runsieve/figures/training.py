"""Figure of a training: what happened at each epoch."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from runsieve.figures.style import WIDE_SLIDE, colour_of, heading, new_figure


def draw_training(history: pd.DataFrame, titles: Mapping[str, str], name: str = "") -> Figure:
    """Loss, accuracy and accuracy of each class: training dashed, validation solid with dots.

    history: epoch, loss, accuracy, accuracy_CLASS, and the same with the prefix `val_`.
    """
    figure = new_figure((WIDE_SLIDE[0], 5.0))
    loss, accuracy, classes = figure.subplots(1, 3)
    _draw_pair(loss, history, "loss", "black")
    both = history[["loss", "val_loss"]].to_numpy()
    # A collapse raises the loss by orders of magnitude, and a linear axis would hide the rest.
    if np.nanmin(both) > 0 and np.nanmax(both) > 20 * np.nanmin(both):
        loss.set_yscale("log")
    _draw_pair(accuracy, history, "accuracy", "black")
    names = [column.removeprefix("accuracy_") for column in history]
    names = [item for item in names if f"val_accuracy_{item}" in history]
    for index, item in enumerate(names):
        title = titles.get(item, item)
        _draw_pair(classes, history, f"accuracy_{item}", colour_of(index), title)
    for axes, label in ((loss, "loss"), (accuracy, "accuracy"), (classes, "accuracy of the class")):
        axes.set(xlabel="epoch", ylabel=label)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.xaxis.set_minor_locator(MaxNLocator(integer=True, nbins=20))
        axes.grid()
    for axes in (accuracy, classes):
        axes.set_ylim(top=1.01)
    handles, labels = loss.get_legend_handles_labels()
    more, more_labels = classes.get_legend_handles_labels()
    figure.legend(
        handles + more, labels + more_labels, loc="outside upper left", ncols=min(8, 2 + len(more))
    )
    heading(classes, "", name)
    return figure


def _draw_pair(
    axes: Axes, history: pd.DataFrame, column: str, colour: str, title: str | None = None
) -> None:
    train, validation = (None, title) if title else ("training", "validation")
    axes.plot(history["epoch"], history[column], "--", color=colour, label=train)
    axes.plot(history["epoch"], history[f"val_{column}"], "-o", color=colour, label=validation)
