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
    """AUC of each null test with its interval, and where it is expected.

    table: `null_test_table`. Tests that have failed are in another colour and marker.
    """
    figure = new_figure((FULL, 1.1 + 0.5 * len(table)))
    axes = figure.subplots()
    axes.axvline(CHANCE, color=GREY, linestyle="--", linewidth=1.2, label="expected")
    rows = np.arange(len(table))
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
    furthest = 1.15 * max(CHANCE - table["auc_low"].min(), table["auc_high"].max() - CHANCE, 0.01)
    axes.set(xlabel="AUC", xlim=(CHANCE - furthest, CHANCE + furthest))
    headline(figure, described, legend=axes)
    return figure
