"""Figure of the shift study."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
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
    signed,
)

# Columns of the table, what they are, by what they are multiplied, and their decimals.
CHANGES = (
    ("auc_difference", "change of AUC", 1, 4),
    ("efficiency_difference", "change of signal efficiency\nin percentage points", 100, 1),
    ("rejection_difference", "change of background rejection\nin percentage points", 100, 1),
)


def draw_shifts(table: pd.DataFrame, described: Described = PLAIN) -> Figure:
    """Change of AUC, and of two classes of efficiency and rejection at a fixed cut, by each shift.

    table: `shift_table`. One row of panels per sample, with a line for each model and shift, and
    the intervals of the changes.
    """
    samples = list(dict.fromkeys(table["sample"]))
    models = list(dict.fromkeys(table["model"]))
    shown = [one for one in CHANGES if table[one[0]].notna().any()]
    heights = [0.6 + 0.24 * int((table["sample"] == one).sum()) for one in samples]
    figure = new_figure((FULL, 0.8 + sum(heights)))
    grid = figure.subplots(
        len(samples), len(shown), sharex="col", squeeze=False, height_ratios=heights
    )
    for axes, (_, title, _, _) in zip(grid[-1], shown, strict=True):
        axes.set_xlabel(title)
    for row, sample in zip(grid, samples, strict=True):
        part = table[table["sample"] == sample].sort_values(
            "model", key=lambda names: names.map(models.index), kind="stable"
        )
        for axes, (name, _, factor, decimals) in zip(row, shown, strict=True):
            values = [f"{name}{end}" for end in ("", "_low", "_high")]
            scaled = part.assign(**{one: factor * part[one] for one in values})
            _draw_changes(axes, scaled, name, models, described)
            names = part["change"] if axes is row[0] else [""] * len(part)
            name_rows(axes, names, [signed(one, decimals) for one in scaled[name]])
        heading(row[0], sample)
    headline(figure, described, legend=grid[0, 0])
    return figure


def _draw_changes(
    axes: Axes, part: pd.DataFrame, name: str, models: list[str], described: Described
) -> None:
    axes.axvline(0, color=GREY, linestyle="--", linewidth=1.2)
    for index, model in enumerate(models):
        mine = (part["model"] == model).to_numpy()
        if not mine.any():
            continue
        axes.errorbar(
            part[name][mine],
            np.flatnonzero(mine),
            xerr=error_bars(part[mine], name),
            label=model,
            fmt=marker_of(described.place_of(model, index)),
            color=colour_of(described.place_of(model, index)),
            capsize=3,
        )
        if not mine[-1]:
            axes.axhline(np.flatnonzero(mine)[-1] + 0.5, color=GREY, linewidth=0.6)
