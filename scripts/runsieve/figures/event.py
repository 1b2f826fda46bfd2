"""Figure of one event: for each channel its columns, the cuts it passes, and its inputs."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.style import COLOURS, GREY, MAP, new_figure
from runsieve.selection.displays import Channel, Event

WIDTH = 13.3  # inches
ROW, IMAGE_ROW, EMPTY_ROW = 2.3, 4.6, 1.3
LINES = 4  # arrays with at most this number of rows are drawn as lines, others as an image
PASSED, FAILED = COLOURS[0], COLOURS[1]


def draw_event(event: Event, channel_name: str, title: str, titles: Mapping[str, str]) -> Figure:
    """One row per channel, one panel per input; titles: display name by class."""
    inputs = list(next(iter(event.channels.values())).inputs)
    heights = [_height(channel) for channel in event.channels.values()]
    figure = new_figure((WIDTH, 0.6 + sum(heights)))
    grid = figure.add_gridspec(
        len(heights),
        1 + len(inputs),
        width_ratios=[1.0, *[2.6 / len(inputs)] * len(inputs)],
        height_ratios=heights,
    )
    figure.suptitle(f"{title}: run {event.run}, event {event.number} (entry {event.entry})")
    for row, (number, channel) in enumerate(event.channels.items()):
        heading = f"{channel_name} {number}"
        _draw_numbers(figure.add_subplot(grid[row, 0]), heading, channel, titles)
        for column, name in enumerate(inputs, start=1):
            axes = figure.add_subplot(grid[row, column])
            draw_array(axes, channel.inputs[name], channel.starts.get(name))
            if row == 0:
                axes.set_title(name, loc="left", fontsize=12, color=GREY)
    return figure


def draw_array(axes: Axes, array: np.ndarray, start: int | None = None) -> None:
    """Draw an input of one event as lines, a grey image or a colour image, or mark it as empty.

    start: sample of the waveform that the input starts at, if it has a window
    """
    if array.size == 0:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "nothing recorded", ha="center", va="center", color=GREY)
    elif _is_lines(array):
        for index, values in enumerate(np.atleast_2d(array)):
            axes.plot(values, lw=0.8, drawstyle="steps-mid", color=COLOURS[index])
        axes.margins(x=0)
        axes.set_xlabel("sample" if start is None else _counted_from(start))
        axes.locator_params(axis="y", nbins=5)
    else:
        image = np.squeeze(array)
        if image.ndim == 3 and image.shape[-1] not in (3, 4):
            image = image.sum(axis=-1)
        axes.imshow(image, cmap=MAP, interpolation="none")
        axes.minorticks_off()


def _is_lines(array: np.ndarray) -> bool:
    return array.ndim == 1 or (array.ndim == 2 and len(array) <= LINES)


def _counted_from(start: int) -> str:
    return f"sample - {start}" if start >= 0 else f"sample + {-start}"


def _height(channel: Channel) -> float:
    """Height of a channel's row in inches: images need more than lines."""
    seen = [array for array in channel.inputs.values() if array.size]
    if not seen:
        return EMPTY_ROW
    return ROW if all(map(_is_lines, seen)) else IMAGE_ROW


def _draw_numbers(axes: Axes, name: str, channel: Channel, titles: Mapping[str, str]) -> None:
    axes.set_axis_off()
    values = [f"{key} {_short(value)}" for key, value in channel.columns.items()]
    numbers = [key for key in values if key.split()[0] not in ("run", "event")]
    lines = [(name, "black", "bold"), *((text, GREY, "normal") for text in numbers)]
    for label, steps in channel.passed.items():
        failed = [step for step, passed in steps.items() if not passed]
        name = titles.get(label, label)
        verdict = f"✗ {name}: fails {', '.join(failed)}" if failed else f"✓ {name}: passes all"
        lines.append((verdict, FAILED if failed else PASSED, "bold"))
    for index, (text, colour, weight) in enumerate(lines):
        axes.annotate(
            text,
            (0, 1),
            (0, -11.5 * index),
            textcoords="offset points",
            va="top",
            fontsize=8.5,
            color=colour,
            fontweight=weight,
        )


def _short(value: float) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
