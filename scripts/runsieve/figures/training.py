"""Figure of a training: what happened at each epoch."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    GREY,
    HALF,
    INK,
    colour_of,
    headline,
    marker_of,
    new_figure,
    plain_log,
)


def draw_training(
    history: pd.DataFrame, kept_epoch: int | None = None, described: Described = PLAIN
) -> Figure:
    """Loss, and accuracy of each class: training dashed, validation solid with markers.

    history: epoch, loss, accuracy, accuracy_CLASS, and the same with the prefix `val_`. The epoch
    whose weights were kept is marked.
    """
    figure = new_figure((HALF, 4.8))
    loss, accuracy = figure.subplots(2, 1, sharex=True)
    if kept_epoch is not None:
        for axes, label in ((loss, f"kept: epoch {kept_epoch}"), (accuracy, None)):
            axes.axvline(kept_epoch, color=GREY, linestyle=":", linewidth=1.5, label=label)
    _draw_pair(loss, history, "loss", INK, "all classes", "o")
    both = history[["loss", "val_loss"]].to_numpy()
    # A collapse raises the loss by orders of magnitude, and a linear axis would hide the rest.
    if np.nanmin(both) > 0 and np.nanmax(both) > 20 * np.nanmin(both):
        loss.set_yscale("log")
        plain_log(loss.yaxis)
    _draw_pair(accuracy, history, "accuracy", INK, None, "o")
    names = [column.removeprefix("accuracy_") for column in history]
    names = [item for item in names if f"val_accuracy_{item}" in history]
    for index, item in enumerate(names):
        style = colour_of(index), described.of(item), marker_of(index + 1)
        _draw_pair(accuracy, history, f"accuracy_{item}", *style)
    loss.set_ylabel("loss")
    accuracy.set(xlabel="epoch", ylabel="accuracy")
    accuracy.xaxis.set_major_locator(MaxNLocator(integer=True))
    accuracy.xaxis.set_minor_locator(MaxNLocator(integer=True, nbins=20))
    for axes in (loss, accuracy):
        axes.grid()
    note = "dashed: training, solid: validation"
    headline(figure, described, note, [loss, accuracy])
    return figure


def _draw_pair(
    axes: Axes, history: pd.DataFrame, column: str, colour: str, title: str | None, marker: str
) -> None:
    axes.plot(history["epoch"], history[column], "--", color=colour, linewidth=1.2)
    style = {"color": colour, "marker": marker, "label": title}
    axes.plot(history["epoch"], history[f"val_{column}"], "-", **style)
