"""Figure of the shift study."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    colour_of,
    error_bars,
    heading,
    headline,
    marker_of,
    name_rows,
    new_figure,
)


def draw_shifts(table: pd.DataFrame, described: Described = PLAIN) -> Figure:
    """Change of the AUC of each model by each shift, with its interval; one panel per sample.

    table: `shift_table`
    """
    samples = list(dict.fromkeys(table["sample"]))
    models = list(dict.fromkeys(table["model"]))
    heights = [0.6 + 0.24 * int((table["sample"] == one).sum()) for one in samples]
    figure = new_figure((FULL, 0.8 + sum(heights)))
    grid = figure.subplots(len(samples), 1, sharex=True, squeeze=False, height_ratios=heights)
    for axes, sample in zip(grid[:, 0], samples, strict=True):
        part = table[table["sample"] == sample].sort_values(
            "model", key=lambda names: names.map(models.index), kind="stable"
        )
        axes.axvline(0, color=GREY, linestyle="--", linewidth=1.2)
        for index, model in enumerate(models):
            mine = (part["model"] == model).to_numpy()
            if not mine.any():
                continue
            axes.errorbar(
                part["auc_difference"][mine],
                np.flatnonzero(mine),
                xerr=error_bars(part[mine], "auc_difference"),
                label=model,
                fmt=marker_of(index),
                color=colour_of(index),
                capsize=3,
            )
            if not mine[-1]:
                axes.axhline(np.flatnonzero(mine)[-1] + 0.5, color=GREY, linewidth=0.6)
        name_rows(axes, part["shift"], [f"{one:+.5f}" for one in part["auc_difference"]])
        heading(axes, sample)
    grid[-1, 0].set_xlabel("AUC with the shift minus AUC without it")
    headline(figure, described, legend=grid[0, 0])
    return figure
