"""Figure of single events, with what each method attributes to their values."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.config.inputs import Input
from runsieve.evaluation.attribution_table import is_picture, segments_of
from runsieve.figures.attribution import DIVERGING, bare
from runsieve.figures.described import Described
from runsieve.figures.gallery import outline
from runsieve.figures.style import FULL, GREY, INK, MAP, colour_of, headline, new_figure

WAVEFORM, PICTURE, BAR = 0.8, 1.75, 0.25  # heights in inches
OVERLAID = "grad_cam"  # drawn over the picture, because it has few positions
ACROSS = 6  # events


def draw_explained_events(
    arrays: Mapping[str, np.ndarray],
    facts: Mapping[str, Any],
    inputs: Mapping[str, Input],
    described: Described,
) -> Figure:
    """A column for each event; for each input a row with its values and one for each method.

    arrays: `values/INPUT` and `METHOD/INPUT`, see `ExplanationReport`; facts: of an explanation
    """
    shown = facts["shown"][:ACROSS]
    rows = [
        (name, method)
        for name in inputs
        for method in ("values", *_ordered(facts))
        if f"{method}/{name}" in arrays
    ]
    heights = [_height(inputs[name]) for name, _ in rows]
    figure = new_figure((FULL, 1.2 + sum(heights) + 0.08 * len(rows)))
    grid = figure.subplots(len(rows), len(shown), squeeze=False, height_ratios=heights)
    titles = {method: _title(title, facts, method) for method, title in facts["methods"].items()}
    for (name, method), axes in zip(rows, grid, strict=True):
        one = inputs[name]
        label = name if method == "values" else titles[method]
        axes[0].set_ylabel(label, rotation=0, ha="right", va="center", loc=None, y=0.5, fontsize=9)
        for place, panel in enumerate(axes):
            values, back = (arrays[f"{key}/{name}"][place] for key in (method, "values"))
            if one.columns:
                _draw_columns(panel, values, one.columns, place == 0)
            elif is_picture(one):
                _draw_picture(panel, values, back, method)
            else:
                _draw_waveform(panel, values, one, method == "values")
    for event, panel in zip(shown, grid[0], strict=True):
        kind, of = event["kind"], described.of(event["class"])
        panel.set_title(f"{kind}: {of}\n{event['run']}/{event['event']}", loc="left", fontsize=8.5)
    for column, panels in enumerate(grid.T):
        _label_times(rows, panels, inputs, column == len(shown) - 1)
    first = inputs[rows[0][0]]
    if grid[0, 0].lines:
        for line, name in zip(grid[0, 0].lines, first.axes.names, strict=False):
            line.set_label(name)
    note = "red: for the class of the event, blue: against it" if _has_pictures(inputs) else ""
    headline(figure, described, note, legend=grid[0, 0] if first.axes.names else ())
    return figure


def _ordered(facts: Mapping[str, Any]) -> list[str]:
    """Methods: those that are complete first, those that are not faithful last."""
    faithful = {method: one["faithful"] for method, one in facts["faithfulness"].items()}
    return sorted(
        facts["methods"],
        key=lambda one: (faithful.get(one) is False, one not in facts["completeness"]),
    )


def _label_times(
    rows: Sequence[tuple[str, str]],
    panels: Sequence[Axes],
    inputs: Mapping[str, Input],
    named: bool,
) -> None:
    """Show the times below the last row of each input that is waveforms."""
    for place, (name, _) in enumerate(rows):
        last = place == len(rows) - 1 or rows[place + 1][0] != name
        if last and not inputs[name].columns and not is_picture(inputs[name]):
            panels[place].tick_params(labelbottom=True)
            if named:
                panels[place].set_xlabel(inputs[name].time_axis, fontsize=9)


def _title(title: str, facts: Mapping[str, Any], method: str) -> str:
    """The name of a method in two lines, with a remark where it is not faithful."""
    words = title.replace(" ", "\n", 1)
    known = facts["faithfulness"].get(method, {"faithful": None})
    return f"{words}\n(not faithful)" if known["faithful"] is False else words


def _has_pictures(inputs: Mapping[str, Input]) -> bool:
    return any(map(is_picture, inputs.values()))


def _height(one: Input) -> float:
    if one.columns:
        return 0.3 + BAR * len(one.columns)
    return PICTURE if is_picture(one) else WAVEFORM


def _draw_waveform(axes: Axes, values: np.ndarray, one: Input, raw: bool) -> None:
    for index, segment in enumerate(values.reshape(segments_of(one), -1)):
        at, drawn = outline(segment)
        axes.plot(one.axes.step * at, drawn, linewidth=0.7, color=colour_of(index))
    axes.set_xlim(0, one.axes.step * (len(segment) - 1))
    if not values.any():
        axes.set_ylim(-1, 1)
    if not raw:
        axes.axhline(0, color=GREY, linewidth=0.5)
    axes.minorticks_off()
    axes.locator_params(nbins=3)
    axes.tick_params(labelsize=7.5, labelbottom=False, labelleft=raw)


def _draw_picture(axes: Axes, values: np.ndarray, back: np.ndarray, method: str) -> None:
    """The picture itself, attributions in red and blue, or a map over the picture."""
    if method in ("values", OVERLAID):
        image = back if back.ndim == 2 or back.shape[-1] == 3 else back.sum(axis=-1)
        if image.ndim == 3:
            image = np.clip(image / max(image.max(), 1e-12), 0, 1)
        axes.imshow(image, cmap="gray" if method == OVERLAID else MAP, interpolation="none")
    if method != "values":
        signed = values if values.ndim == 2 else values.sum(axis=-1)
        if method == OVERLAID:
            axes.imshow(signed, cmap="inferno", alpha=0.55, interpolation="none")
        else:
            most = max(float(np.quantile(np.abs(signed), 0.999)), 1e-30)
            axes.imshow(signed, cmap=DIVERGING, vmin=-most, vmax=most, interpolation="none")
    bare(axes)


def _draw_columns(axes: Axes, values: np.ndarray, names: Sequence[str], named: bool) -> None:
    places = np.arange(len(names))
    axes.barh(places, values, color=[colour_of(int(value >= 0)) for value in values])
    axes.axvline(0, color=INK, linewidth=0.7)
    axes.set(yticks=places, yticklabels=names if named else [""] * len(names))
    axes.minorticks_off()
    axes.locator_params(axis="x", nbins=3)
    axes.tick_params(labelsize=7.5)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
