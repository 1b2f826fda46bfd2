"""Figure of null tests."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    FULL,
    GREY,
    colour_of,
    error_bars,
    grouped,
    headline,
    name_rows,
    new_figure,
)

CHANCE = 0.5


def draw_null_tests(table: pd.DataFrame, described: Described = PLAIN) -> Figure:
    """AUC of each null test with its interval, where it is expected, and what is not noticed.

    table: `null_test_table`. Tests that have failed are in another colour and marker; a grey bar
    covers the areas that are too near to 0.5 to be noticed.
    """
    figure = new_figure((FULL, 1.1 + 0.5 * len(table)))
    axes = figure.subplots()
    axes.axvline(CHANCE, color=GREY, linestyle="--", linewidth=1.2, label="expected")
    rows, unseen = np.arange(len(table)), table["auc_noticed"].to_numpy() - CHANCE
    bar = {"color": GREY, "alpha": 0.2, "height": 0.5, "label": "too small to be noticed"}
    axes.barh(rows, 2 * unseen, left=CHANCE - unseen, **bar)
    for passed, marker, label in ((True, "o", "passed"), (False, "s", "failed")):
        chosen = table["passed"].to_numpy(dtype=bool) == passed
        part = table[chosen]
        if len(part):
            style = {"fmt": marker, "color": colour_of(0 if passed else 1), "capsize": 3}
            axes.errorbar(
                part["auc"], rows[chosen], xerr=error_bars(part, "auc"), label=label, **style
            )
    records = table.to_dict("records")
    names = [f"{one['what']}\n{one['model']} on {one['sample']}" for one in records]
    notes = [f"p = {one['p_holm']:.2g}\n{grouped(one['events'])} events" for one in records]
    name_rows(axes, names, notes)
    # The same distance to both sides, so that a deviation is seen as one.
    ends = (CHANCE - table["auc_low"].min(), table["auc_high"].max() - CHANCE, unseen.max(), 0.01)
    furthest = 1.15 * max(ends)
    axes.set(xlabel="AUC", xlim=(CHANCE - furthest, CHANCE + furthest))
    headline(figure, described, legend=axes)
    return figure
