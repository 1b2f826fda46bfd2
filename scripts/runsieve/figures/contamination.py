"""Figure of the contamination of the background class."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import GREY, HALF, colour_of, headline, new_figure


def draw_contamination(table: pd.DataFrame, label: str, described: Described = PLAIN) -> Figure:
    """Estimated contamination of each bin with its interval; the truth as steps where it is known.

    table: that of `evaluation.contamination`. The dashed line is the estimate for all bins, the
    short dashes are the estimates with the stricter cut. Without bins, there is one point.
    """
    figure = new_figure((HALF, 4.0))
    axes = figure.subplots()
    bins, whole = table.iloc[:-1], table.iloc[-1]
    low, high = bins["low"].to_numpy(), bins["high"].to_numpy()
    if np.isnan(low).all():
        low, high = np.array([0.0]), np.array([1.0])
        axes.tick_params(axis="x", which="both", length=0, labelbottom=False)
    else:
        axes.set_xlabel(label)
    centre = (low + high) / 2
    value = bins["contamination_estimated"].to_numpy()
    ends = [bins[f"contamination_estimated_{end}"].to_numpy() for end in ("low", "high")]
    edges = [*low, high[-1]]
    if "contamination_true" in table:
        truth = bins["contamination_true"].to_numpy()
        axes.stairs(truth, edges, baseline=None, color=colour_of(1), linewidth=2, label="truth")
    axes.errorbar(
        centre,
        value,
        yerr=np.maximum([value - ends[0], ends[1] - value], 0),
        fmt="o",
        color=colour_of(0),
        capsize=0,
        label="estimate",
    )
    changed = np.clip(value + bins["contamination_change"].to_numpy(), 0, 1)
    axes.plot(
        centre + 0.15 * (high - low),
        changed,
        "_",
        color=GREY,
        markersize=8,
        label="estimate with the stricter cut",
    )
    if np.isfinite(whole["contamination_estimated"]):
        axes.axhline(
            whole["contamination_estimated"],
            color=colour_of(0),
            linestyle="--",
            linewidth=1.2,
            label="estimate, all bins",
        )
    axes.set(
        ylim=(-0.04, 1.05),
        xlim=(edges[0], edges[-1]),
        ylabel="signal-like fraction of the background",
    )
    axes.grid(axis="y")
    headline(figure, described, legend=axes)
    return figure
