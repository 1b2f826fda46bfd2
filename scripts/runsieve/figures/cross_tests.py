"""Figure of cross tests: a panel per sample trained on, a row per sample tested on."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    beside,
    colour_of,
    error_bars,
    grouped,
    heading,
    headline,
    marker_of,
    name_rows,
    new_figure,
)

CHANCE = 0.5


def draw_cross_tests(table: pd.DataFrame, described: Described = PLAIN) -> Figure:
    """AUC of each model with its interval on every sample that it was tested on.

    table: `cross_test_table`
    """
    models = list(dict.fromkeys(table["model"]))
    trained = list(dict.fromkeys(table["trained_on"]))
    of_sample = {one: table[table["trained_on"] == one] for one in trained}
    row_height = 0.25 + 0.13 * len(models)
    heights = [0.5 + row_height * part["tested_on"].nunique() for part in of_sample.values()]
    figure = new_figure((FULL, 1.1 + sum(heights)))
    grid = figure.subplots(len(trained), 1, sharex=True, squeeze=False, height_ratios=heights)
    for axes, (sample, part) in zip(grid[:, 0], of_sample.items(), strict=True):
        tested = list(dict.fromkeys(part["tested_on"]))
        for index, model in enumerate(models):
            mine = part[part["model"] == model]
            place = np.array([tested.index(one) for one in mine["tested_on"]])
            axes.errorbar(
                mine["auc"],
                place + beside(index, len(models)),
                xerr=error_bars(mine, "auc"),
                fmt=marker_of(described.place_of(model, index)),
                color=colour_of(described.place_of(model, index)),
                capsize=2,
                label=model,
            )
        events = part.groupby("tested_on")["events"].first()
        name_rows(
            axes, [f"tested on {one}" for one in tested], [grouped(events[one]) for one in tested]
        )
        for edge in np.arange(1, len(tested)) - 0.5:
            axes.axhline(edge, color=GREY, linewidth=0.6)
        heading(axes, f"trained on {sample}", "test events")
    low, high = table["auc_low"].min(), table["auc_high"].max()
    margin = 0.03 * (high - low)
    grid[-1, 0].set(xlabel="AUC", xlim=(low - margin, high + margin))
    if low < CHANCE < high:
        for axes in grid[:, 0]:
            axes.axvline(CHANCE, color=GREY, linestyle="--", linewidth=1)
    headline(figure, described, legend=grid[0, 0])
    return figure
