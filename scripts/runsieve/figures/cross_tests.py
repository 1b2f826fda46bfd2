"""Figure of cross tests: a matrix per model; rows: sample trained on, columns: tested on."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.figure import Figure

from runsieve.figures.style import GREY, MAP, grid_of, heading, new_figure, plain_frame, text_colour

CELL = 1.15  # inches


def draw_cross_tests(table: pd.DataFrame) -> Figure:
    """AUC with its error; table: `cross_test_table`. Untested cells are empty."""
    models = list(dict.fromkeys(table["model"]))
    rows = list(dict.fromkeys(table["trained_on"]))
    columns = list(dict.fromkeys([*rows, *table["tested_on"]]))
    down, across = grid_of(len(models), 3)
    size = (across * (2.2 + CELL * len(columns)), down * (1.5 + CELL * len(rows)))
    figure = new_figure(size)
    figure.suptitle("Area under the ROC curve", fontsize=13, color=GREY)
    low, high = table["auc"].min(), table["auc"].max()
    span = max(high - low, 0.01)
    colours = colormaps[MAP]
    for axes, model in zip(np.ravel(figure.subplots(down, across)), models, strict=False):
        part = table[table["model"] == model].set_index(["trained_on", "tested_on"])
        values = np.full((len(rows), len(columns)), np.nan)
        for (row, column), found in part.iterrows():
            place = rows.index(row), columns.index(column)
            values[place] = found["auc"]
            error = (found["auc_high"] - found["auc_low"]) / 2
            colour = text_colour(colours((found["auc"] - low) / span))
            text = f"{found['auc']:.4f}\n± {error:.4f}"
            axes.text(*place[::-1], text, ha="center", va="center", color=colour, fontsize=11)
        axes.imshow(values, cmap=MAP, vmin=low, vmax=low + span)
        axes.set_xticks(np.arange(len(columns)), columns, rotation=30, ha="right")
        axes.set_yticks(np.arange(len(rows)), rows)
        plain_frame(axes)
        axes.set_xlabel("tested on", loc="center")
        axes.set_ylabel("trained on", loc="center")
        heading(axes, model)
    for axes in figure.axes[len(models) :]:
        axes.remove()
    return figure
