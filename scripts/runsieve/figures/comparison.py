"""Figure of all models side by side."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.figures.style import colour_of, heading, new_figure


def draw_comparison(
    table: pd.DataFrame, seeds: pd.DataFrame, metric: str = "auc", label: str = "AUC"
) -> Figure:
    """One metric of every model with its interval, best first, one panel per sample.

    table: `compare`, of which the mean over the seeds and its total interval are drawn; seeds:
    `seed_values`, drawn as faint points if a model has several. Names tell which model is chosen
    on validation, and which are compatible with it.
    """
    samples = list(dict.fromkeys(table["sample"]))
    heights = [int((table["sample"] == sample).sum()) for sample in samples]
    figure = new_figure((10, 1.2 + sum(0.38 * count + 0.45 for count in heights)))
    grid = figure.subplots(len(samples), 1, sharex=True, squeeze=False, height_ratios=heights)
    for axes, sample in zip(grid.flat, samples, strict=True):
        part = table[table["sample"] == sample].sort_values(
            f"{metric}_mean", ascending=False, kind="stable"
        )
        rows = np.arange(len(part))
        value = part[f"{metric}_mean"].to_numpy()
        low, high = part[f"{metric}_total_low"], part[f"{metric}_total_high"]
        errors = np.array([value - low, high - value])
        names = [_named(row) for row in part.to_dict("records")]
        for row, model in enumerate(part["model"]):
            mine = seeds[(seeds["sample"] == sample) & (seeds["model"] == model)]
            if len(mine) > 1:
                spread = np.full(len(mine), row + 0.22)
                axes.plot(mine["value"], spread, "o", color=colour_of(4), markersize=4)
        axes.errorbar(value, rows, xerr=errors, fmt="o", color=colour_of(0), capsize=3)
        for row, number in zip(rows, value, strict=True):
            axes.annotate(
                f"{number:.4f}",
                (1.02, row),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=12,
            )
        axes.set(yticks=rows, yticklabels=names, ylim=(len(part) - 0.4, -0.6))
        axes.tick_params(axis="y", which="both", length=0)
        axes.grid(axis="x")
        heading(axes, sample)
    grid[-1, 0].set_xlabel(label)
    return figure


def _named(row: Mapping[str, Any]) -> str:
    if row["chosen"]:
        return f"{row['model']} (chosen)"
    return f"{row['model']} (compatible)" if row["compatible"] else row["model"]
