"""Figure of all models side by side."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    COLOURS,
    FULL,
    GREY,
    error_bars,
    grouped,
    heading,
    headline,
    name_rows,
    new_figure,
    signed,
)

MODEL, ORACLE, BASELINE = COLOURS[0], COLOURS[3], COLOURS[1]


def draw_comparison(
    table: pd.DataFrame,
    seeds: pd.DataFrame,
    described: Described = PLAIN,
    oracle: str | None = None,
    baseline: str | None = None,
) -> Figure:
    """AUC of every model with its interval, best first, one row of panels per sample.

    table: `compare`, of which the mean over the seeds and its total interval are drawn; seeds:
    `seed_values`, drawn as faint points if a model has several. Names tell which model is chosen
    on validation, and which are compatible with it. Each axis covers the models of its sample; a
    baseline far below them is an arrow. A band is the interval of the oracle. On the right stands
    the paired difference to the chosen model, which is known better than both areas.
    """
    samples = list(dict.fromkeys(table["sample"]))
    heights = [0.8 + 0.32 * int((table["sample"] == sample).sum()) for sample in samples]
    figure = new_figure((FULL, 0.4 + sum(heights)))
    grid = figure.subplots(
        len(samples), 2, squeeze=False, height_ratios=heights, width_ratios=[1.5, 1]
    )
    for (axes, right), sample in zip(grid, samples, strict=True):
        part = table[table["sample"] == sample].sort_values(
            "auc_mean", ascending=False, kind="stable"
        )
        mean = part[["model"]].assign(
            auc=part["auc_mean"], auc_low=part["auc_total_low"], auc_high=part["auc_total_high"]
        )
        _draw_panel(axes, mean, oracle, baseline)
        for row, model in enumerate(part["model"]):
            mine = seeds[(seeds["sample"] == sample) & (seeds["model"] == model)]
            if len(mine) > 1:
                spread = np.full(len(mine), row + 0.28)
                axes.plot(mine["value"], spread, "|", color=GREY, markersize=6)
        names = [_named(row, oracle, baseline) for row in part.to_dict("records")]
        name_rows(axes, names, [f"{number:.4f}" for number in mean["auc"]])
        axes.set_xlabel("AUC")
        events = part["events"].max()
        heading(axes, sample, f"{grouped(events)} test events")
        _draw_differences(right, part, oracle, baseline)
    headline(figure, described)
    return figure


def _draw_differences(
    axes: Axes, part: pd.DataFrame, oracle: str | None, baseline: str | None
) -> None:
    """Differences to the chosen model, in the rows of its panel; none where no model is chosen."""
    name = "auc_against_chosen"
    ends = {f"auc{end}": part[f"{name}{end}"] for end in ("", "_low", "_high")}
    found = part[["model"]].assign(**ends)
    known = found["auc"].notna().to_numpy()
    chosen = part.loc[part["chosen"].astype(bool), "model"]
    if not known.any() or chosen.empty:
        axes.remove()
        return
    low, high = _limits(found[known], baseline)
    axes.axvline(0, color=GREY, linestyle="--", linewidth=1.2)
    for row in np.flatnonzero(known):
        one = found.iloc[[row]]
        _draw_point(axes, one, row, low, _look(one["model"].item(), oracle, baseline))
    notes = [signed(value, 4) if np.isfinite(value) else "" for value in found["auc"]]
    name_rows(axes, [""] * len(found), notes)
    axes.set_xlim(min(low, 0), max(high, 0))
    axes.set_xlabel(f"AUC minus that of {chosen.item()}")
    heading(axes, "on the same events")


def _draw_panel(axes: Axes, table: pd.DataFrame, oracle: str | None, baseline: str | None) -> None:
    """One row per model: columns model, auc, auc_low, auc_high."""
    low, high = _limits(table, baseline)
    for row, model in enumerate(table["model"]):
        one = table.iloc[[row]]
        if model == oracle:
            ends = one["auc_low"].item(), one["auc_high"].item()
            axes.axvspan(*ends, color=ORACLE, alpha=0.12, linewidth=0)
        _draw_point(axes, one, row, low, _look(model, oracle, baseline))
    axes.set_xlim(low, high)


def _look(model: str, oracle: str | None, baseline: str | None) -> tuple[str, str]:
    """Colour and marker of a model."""
    return {oracle: (ORACLE, "D"), baseline: (BASELINE, "s")}.get(model, (MODEL, "o"))


def _draw_point(axes: Axes, one: pd.DataFrame, row: int, low: float, look: tuple[str, str]) -> None:
    """A value with its interval; an arrow at `low` if it is below."""
    colour, marker = look
    if one["auc"].item() < low:
        axes.plot([low], [row], "<", color=colour, clip_on=False, markersize=7)
    else:
        style = {"fmt": marker, "color": colour, "capsize": 3, "markersize": 6}
        axes.errorbar(one["auc"], [row], xerr=error_bars(one, "auc"), **style)


def _limits(table: pd.DataFrame, baseline: str | None) -> tuple[float, float]:
    """Ends of the axis: those of all intervals, without a baseline that is far below the others."""
    others = table[table["model"] != baseline]
    others = others if len(others) else table
    low, high = others["auc_low"].min(), others["auc_high"].max()
    span = max(high - low, 1e-3)
    near = table[table["auc_low"] >= low - span]
    low, high = min(low, near["auc_low"].min()), max(high, near["auc_high"].max())
    return low - 0.08 * (high - low + 1e-3), high + 0.08 * (high - low + 1e-3)


def _named(row: Mapping[str, Any], oracle: str | None, baseline: str | None) -> str:
    roles = {oracle: "oracle", baseline: "baseline"}
    tags = [roles[row["model"]]] if row["model"] in roles else []
    tags += ["chosen"] if row["chosen"] else ["compatible"] if row["compatible"] else []
    tags = [tag for tag in tags if tag != row["model"]]
    return f"{row['model']} ({', '.join(tags)})" if tags else row["model"]
