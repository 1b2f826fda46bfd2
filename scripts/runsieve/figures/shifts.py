"""Figure of the shift study."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.figures.style import GREY, MARKERS, colour_of, heading, legend_above, new_figure


def draw_shifts(table: pd.DataFrame) -> Figure:
    """Change of the AUC of each model by each shift, with its interval; one panel per sample.

    table: `shift_table`
    """
    samples = list(dict.fromkeys(table["sample"]))
    shifts = list(dict.fromkeys(table["shift"]))
    models = [list(dict.fromkeys(table["model"][table["sample"] == one])) for one in samples]
    heights = [len(some) for some in models]
    figure = new_figure((10, 1.6 + 0.2 * len(shifts) * sum(heights) + 0.6 * len(samples)))
    grid = figure.subplots(len(samples), 1, sharex=True, squeeze=False, height_ratios=heights)
    offsets = (np.arange(len(shifts)) - (len(shifts) - 1) / 2) * 0.8 / len(shifts)
    for axes, sample, names in zip(grid.flat, samples, models, strict=True):
        axes.axvline(0, color=GREY, linestyle="--", linewidth=1.2)
        for index, shift in enumerate(shifts):
            part = table[(table["sample"] == sample) & (table["shift"] == shift)]
            rows = np.array([names.index(name) for name in part["model"]]) + offsets[index]
            value = part["auc_difference"].to_numpy()
            low, high = part["auc_difference_low"], part["auc_difference_high"]
            errors = np.array([value - low, high - value])
            marker = MARKERS[index % len(MARKERS)]
            style = {"fmt": marker, "color": colour_of(index), "capsize": 3}
            axes.errorbar(value, rows, xerr=errors, label=shift, **style)
        axes.set(yticks=np.arange(len(names)), yticklabels=names, ylim=(len(names) - 0.5, -0.5))
        axes.tick_params(axis="y", which="both", length=0)
        axes.grid(axis="x")
        heading(axes, sample)
    legend_above(figure, grid[0, 0])
    grid[-1, 0].set_xlabel("AUC with the shift minus AUC without it")
    return figure
