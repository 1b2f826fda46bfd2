"""Figure of null tests."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.figures.style import GREY, colour_of, heading, new_figure

CHANCE = 0.5


def draw_null_tests(table: pd.DataFrame) -> Figure:
    """AUC of each null test with its interval, and where it is expected.

    table: `null_test_table`. Tests that have failed are in another colour and marker.
    """
    figure = new_figure((10, 1.4 + 0.75 * len(table)))
    axes = figure.subplots()
    axes.axvline(CHANCE, color=GREY, linestyle="--", linewidth=1.2)
    rows = np.arange(len(table))
    for passed, marker, label in ((True, "o", "passed"), (False, "s", "failed")):
        chosen = table["passed"].to_numpy(dtype=bool) == passed
        part = table[chosen]
        if len(part):
            errors = part["auc"] - part["auc_low"], part["auc_high"] - part["auc"]
            style = {"fmt": marker, "color": colour_of(0 if passed else 1), "capsize": 3}
            axes.errorbar(part["auc"], rows[chosen], xerr=errors, label=label, **style)
    for row, one in zip(rows, table.to_dict("records"), strict=True):
        axes.annotate(
            f"p = {one['p_holm']:.2g}",
            (1.02, row),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=12,
        )
    names = [f"{one['model']}, {one['sample']}\n{one['what']}" for one in table.to_dict("records")]
    axes.set(yticks=rows, yticklabels=names, ylim=(len(table) - 0.4, -0.6), xlabel="AUC")
    axes.tick_params(axis="y", which="both", length=0, labelsize=11)
    axes.grid(axis="x")
    axes.legend(loc="best")
    heading(axes, "Null tests", f"expected: {CHANCE}")
    return figure
