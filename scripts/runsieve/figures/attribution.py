"""Figure of mean attributions of each class, beside the mean of what is there."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.config.inputs import Input
from runsieve.figures.described import Described
from runsieve.figures.style import (
    FULL,
    GREY,
    INK,
    MAP,
    colour_of,
    heading,
    headline,
    new_figure,
)

BINS = 120  # at most, in which attributions over time are added up
DIVERGING = "RdBu_r"
WAVEFORM, PICTURE, BAR, LINE = 1.7, 2.6, 0.3, 0.16  # heights in inches
LETTERS = 165  # of a line below the panels


def draw_attribution(
    table: pd.DataFrame,
    facts: Mapping[str, Any],
    classes: Sequence[str],
    inputs: Mapping[str, Input],
    described: Described,
) -> Figure:
    """A column for each class; for each input what is there, and the attribution below it.

    table: see `attribution_table`; facts: of an explanation, whose findings are written below
    """
    notes = notes_of(facts)
    kinds = {name: _kind(table[table["input"] == name]) for name in inputs}
    heights = [height for name in inputs for height in _heights(kinds[name], table, name)]
    text = LINE * len(notes) + 0.1
    figure = new_figure((FULL, 1.0 + sum(heights) + 0.15 * len(heights) + text))
    grid = figure.add_gridspec(len(heights) + 1, len(classes), height_ratios=[*heights, text])
    row = 0
    for name, one in inputs.items():
        for column, label in enumerate(classes):
            part = table[(table["input"] == name) & (table["class"] == label)]
            panels = [figure.add_subplot(grid[row, column])]
            if kinds[name] != "column":
                share = panels[0] if kinds[name] == "sample" else None
                panels.append(figure.add_subplot(grid[row + 1, column], sharex=share))
            _DRAWN[kinds[name]](panels, part, one)
            title = described.of(label) + (f": {name}" if len(inputs) > 1 else "")
            heading(panels[0], title)
        row += 1 if kinds[name] == "column" else 2
    below = figure.add_subplot(grid[-1, :])
    below.set_axis_off()
    below.text(0, 1, "\n".join(notes), va="top", fontsize=9.5, transform=below.transAxes)
    numbers = sorted(set(facts["events"].values()))
    events = " to ".join(str(number) for number in dict.fromkeys((numbers[0], numbers[-1])))
    headline(figure, described, f"log odds of the class, means over {events} test events each")
    return figure


def notes_of(facts: Mapping[str, Any]) -> list[str]:
    """Findings, or where most of the attribution is, and which methods are not faithful."""
    sentences = [f"Finding: {one[0].upper()}{one[1:]}" for one in facts["findings"]] or [
        "No finding. " + " ".join(one[0].upper() + one[1:] for one in facts["says"])
    ]
    unchanged = [
        f"{facts['methods'][method]} ({one['correlation']:.2f})"
        for method, one in facts["faithfulness"].items()
        if one["faithful"] is False
    ]
    if unchanged:
        sentences.append(
            f"Not faithful: {', '.join(unchanged)}. Their maps hardly change (rank correlation) "
            "when the upper half of the layers has new weights."
        )
    return [line for one in sentences for line in wrap(one, LETTERS)]


def _kind(part: pd.DataFrame) -> str:
    kinds = ("sample", "row")
    return next((one for one in kinds if part[one].notna().any()), "column")


def _heights(kind: str, table: pd.DataFrame, name: str) -> list[float]:
    if kind == "column":
        count = table.loc[table["input"] == name, "name"].nunique()
        return [0.5 + BAR * count]
    return [WAVEFORM, WAVEFORM] if kind == "sample" else [PICTURE, PICTURE]


def _draw_waveforms(panels: list[Axes], part: pd.DataFrame, one: Input) -> None:
    above, below = panels
    for index, (name, mine) in enumerate(part.groupby("name", sort=False)):
        at = mine["sample"].to_numpy(float) * one.axes.step
        above.plot(at, mine["value"], color=colour_of(index), linewidth=0.9, label=name)
        edges = np.unique(np.linspace(0, len(mine), min(BINS, len(mine)) + 1).astype(int))
        starts = edges[:-1]
        share = 100 * np.add.reduceat(mine["fraction"].to_numpy(), starts)
        total = max(mine["absolute"].sum(), np.finfo(float).tiny)
        whole = 100 * mine["fraction"].sum() / total
        signed = whole * np.add.reduceat(mine["attribution"].to_numpy(), starts)
        places = edges * one.axes.step
        below.stairs(share, places, fill=True, color=colour_of(index), alpha=0.3, linewidth=0)
        below.stairs(signed, places, color=colour_of(index), linewidth=1.1)
    below.axhline(0, color=GREY, linewidth=0.7)
    above.set_ylabel("mean" + (f" [{one.axes.unit}]" if one.axes.unit else ""))
    above.tick_params(labelbottom=False)
    below.set(xlabel=one.time_axis, ylabel="attribution [%]", xlim=(0, at[-1] + one.axes.step))
    if part["name"].nunique() > 1:
        above.legend(loc="upper right")
    below.annotate(
        "filled: absolute, line: signed",
        (0.99, 0.95),
        xycoords="axes fraction",
        ha="right",
        va="top",
        fontsize=9,
        color=GREY,
    )


def _draw_pictures(panels: list[Axes], part: pd.DataFrame, one: Input) -> None:
    shape = int(part["row"].max()) + 1, int(part["column"].max()) + 1
    above, below = panels
    values = part["value"].to_numpy().reshape(shape)
    signed = part["attribution"].to_numpy().reshape(shape)
    most = max(np.abs(signed).max(), np.finfo(float).tiny)
    shown = above.imshow(values, cmap=MAP, interpolation="none")
    above.figure.colorbar(
        shown, ax=above, label="mean" + (f" [{one.axes.unit}]" if one.axes.unit else "")
    )
    shown = below.imshow(signed, cmap=DIVERGING, vmin=-most, vmax=most, interpolation="none")
    below.figure.colorbar(shown, ax=below, label="attribution")
    for axes in panels:
        bare(axes)


def _draw_columns(panels: list[Axes], part: pd.DataFrame, one: Input) -> None:
    (axes,) = panels
    places = np.arange(len(part))
    signed = part["attribution"].to_numpy()
    axes.barh(places, signed, color=[colour_of(int(value >= 0)) for value in signed])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set(yticks=places, yticklabels=part["name"], xlabel="attribution [log odds]")
    axes.tick_params(axis="y", which="both", length=0)
    axes.margins(x=0.05)
    axes.invert_yaxis()


def bare(axes: Axes) -> None:
    """Axes of a picture, without ticks and labels."""
    axes.minorticks_off()
    axes.tick_params(which="both", length=0, labelbottom=False, labelleft=False)


_DRAWN = {"sample": _draw_waveforms, "row": _draw_pictures, "column": _draw_columns}
