"""Figure of one event: for each channel its columns, cuts and scores, and its inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes as Panel
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec

from runsieve.config.axes import Axes
from runsieve.figures.style import COLOURS, GREY, MAP, colour_of, new_figure
from runsieve.selection.displays import Channel, Event

WIDTH = 13.3  # inches
SEGMENT, IMAGE, EMPTY = 1.5, 4.2, 0.8  # heights of panels in inches
LINE = 0.16  # inches of a line of text
SEGMENTS = 4  # arrays with at most this number of rows are waveforms, others are pictures
PASSED, FAILED = COLOURS[0], COLOURS[1]


@dataclass(frozen=True)
class Shown:
    """What a display says besides what was recorded.

    title: of the analysis; channel_name: what its channels are called
    simulated: True if no detector recorded the event
    axes: how each input is drawn
    titles: display name by class
    reasons: why the event is shown, in words
    scores: what models say of it, in words, by channel
    """

    title: str
    channel_name: str
    simulated: bool = False
    axes: Mapping[str, Axes] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[str] = ()
    scores: Mapping[int, Sequence[str]] = field(default_factory=dict)


def draw_event(event: Event, shown: Shown) -> Figure:
    """One row per channel that was hit, one panel per input and segment."""
    inputs = list(next(iter(event.channels.values())).inputs)
    texts = {number: _texts(event, number, shown) for number in event.channels}
    heights = [
        max(_height(channel), 0.4 + LINE * len(texts[number]))
        for number, channel in event.channels.items()
    ]
    number = f"run {event.run}, event {event.number} (entry {event.entry})"
    heading = [f"{shown.title}: {number}{', simulated' if shown.simulated else ''}"]
    heading += shown.reasons or ["asked for by run and event number"]
    if event.silent:
        silent = ", ".join(map(str, event.silent))
        heading.append(f"not hit: {shown.channel_name} {silent}")
    figure = new_figure((WIDTH, 0.3 + 0.22 * len(heading) + sum(heights)))
    grid = figure.add_gridspec(
        len(heights),
        1 + len(inputs),
        width_ratios=[1.15, *[2.45 / max(1, len(inputs))] * len(inputs)],
        height_ratios=heights,
    )
    figure.suptitle("\n".join(heading), x=0.01, ha="left", fontsize=11)
    for row, (number, channel) in enumerate(event.channels.items()):
        _write(figure.add_subplot(grid[row, 0]), texts[number])
        for column, name in enumerate(inputs, start=1):
            axes = shown.axes.get(name, Axes())
            start = channel.starts.get(name, 0)
            first = draw_array(figure, grid[row, column], channel.inputs[name], axes, start)
            first.set_title(name, loc="left", fontsize=10, color=GREY)
    return figure


def draw_array(
    figure: Figure, cell: SubplotSpec, array: np.ndarray, axes: Axes, start: int = 0
) -> Panel:
    """Draw an input of one event into a cell of a grid; returns the uppermost panel.

    A waveform has a panel for each segment, with the same time axis; others are pictures, grey or
    in colour. An empty array says that nothing was recorded.

    start: sample of the record that the values begin with
    """
    if array.size and _is_waveform(array):
        parts = np.atleast_2d(array)
        grid = cell.subgridspec(len(parts), 1, hspace=0)
        panels = [figure.add_subplot(grid[row]) for row in range(len(parts))]
        for row, (panel, values) in enumerate(zip(panels, parts, strict=True)):
            times = axes.step * np.arange(len(values))
            panel.plot(times, values, lw=0.8, drawstyle="steps-mid", color=colour_of(row))
            panel.margins(x=0)
            if row < len(axes.names):
                place = {"xycoords": "axes fraction", "ha": "right", "va": "top"}
                panel.annotate(axes.names[row], (0.985, 0.94), fontsize=9, color=GREY, **place)
            panel.locator_params(axis="y", nbins=4)
            panel.tick_params(labelsize=9, labelbottom=panel is panels[-1])
        panels[-1].set_xlabel(axes.time_from(start), fontsize=10)
        panels[0].set_ylabel(axes.unit, fontsize=10)
        return panels[0]
    panel = figure.add_subplot(cell)
    if not array.size:
        panel.set_axis_off()
        panel.text(0.5, 0.5, "nothing recorded", ha="center", va="center", color=GREY)
        return panel
    image = np.squeeze(array)
    if image.ndim == 3 and image.shape[-1] not in (3, 4):
        image = image.sum(axis=-1)
    panel.imshow(image, cmap=MAP, interpolation="none")
    panel.minorticks_off()
    panel.tick_params(labelsize=9)
    return panel


def _is_waveform(array: np.ndarray) -> bool:
    return array.ndim == 1 or (array.ndim == 2 and len(array) <= SEGMENTS)


def _height(channel: Channel) -> float:
    """Height of a channel's row in inches: of its highest panel."""
    heights = [EMPTY]
    for array in channel.inputs.values():
        if array.size and _is_waveform(array):
            heights.append(0.8 + SEGMENT * len(np.atleast_2d(array)))
        elif array.size:
            heights.append(IMAGE)
    return max(heights)


Text = tuple[str, str, str]  # words, colour, weight


def _texts(event: Event, number: int, shown: Shown) -> list[Text]:
    """What stands beside the inputs of a channel, line by line."""
    channel = event.channels[number]
    lines: list[Text] = [(f"{shown.channel_name} {number}", "black", "bold")]
    for name, value in channel.columns.items():
        if name not in ("run", "event"):
            lines.append((f"{name} {_short(value)}", GREY, "normal"))
    for label, steps in channel.passed.items():
        everything = all(steps.values())
        verdict = (
            f"{shown.titles.get(label, label)}: {'selected' if everything else 'not selected'}"
        )
        lines.append((verdict, PASSED if everything else FAILED, "bold"))
        for step, passed in steps.items():
            mark = "✓" if passed else "✗"
            lines.append((f"   {mark} {step}", PASSED if passed else FAILED, "normal"))
    if shown.scores.get(number):
        lines.append(("scores", "black", "bold"))
        lines += [(f"   {line}", GREY, "normal") for line in shown.scores[number]]
    return lines


def _write(panel: Panel, lines: Sequence[Text]) -> None:
    panel.set_axis_off()
    for index, (text, colour, weight) in enumerate(lines):
        panel.annotate(
            text,
            (0, 1),
            (0, -72 * LINE * index),
            textcoords="offset points",
            va="top",
            fontsize=8.5,
            color=colour,
            fontweight=weight,
            annotation_clip=False,
        )


def _short(value: float) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
