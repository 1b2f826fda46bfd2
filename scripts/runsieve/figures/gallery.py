"""Figure of many events side by side."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import FULL, GREY, HALF, MAP, colour_of, headline, new_figure

SEGMENTS = 4  # arrays with at most this number of rows are waveforms, others are pictures
COLUMNS = 120  # parts of a waveform, each of which is about two pixels wide
WAVEFORM, PICTURE, EMPTY = 0.75, 1.9, 0.1  # heights in inches: of a segment, of a picture


def draw_gallery(
    arrays: Sequence[np.ndarray | None],
    captions: Sequence[str],
    columns: int = 4,
    described: Described = PLAIN,
    step: float = 1.0,
    time: str = "sample",
    amplitude: str = "ADC counts",
    names: Sequence[str] = (),
) -> Figure:
    """One small panel per event, row by row, each below its caption.

    arrays: of each event a waveform (values,), its segments (segments, values), each of which has
    axes of its own, or a picture (height, width) or (height, width, channels); None is an empty
    place. step, time: distance
    of two values of a waveform, and name and unit of the axis; amplitude: of the other axis. The
    time axis is the same in all panels; the amplitude is not, so that small pulses are seen. names:
    of the segments, for the legend.
    """
    # Of up to two columns, half a page is enough.
    down, width = -(-len(arrays) // columns), FULL if columns > 2 else HALF
    parts = [None if array is None else _segments(array) for array in arrays]
    each = [_height(array, part) for array, part in zip(arrays, parts, strict=True)]
    heights = [max(each[start : start + columns]) for start in range(0, len(each), columns)]
    figure = new_figure((width, 0.7 + 0.45 * down + sum(heights)))
    outer = figure.add_gridspec(down, columns, height_ratios=heights)
    for place, (array, part, caption) in enumerate(zip(arrays, parts, captions, strict=True)):
        cell = outer[divmod(place, columns)]
        if array is None:
            continue
        if part is None:
            first = figure.add_subplot(cell)
            _draw_picture(first, array)
        else:
            inner = cell.subgridspec(len(part), 1, hspace=0)
            panels = [figure.add_subplot(inner[row]) for row in range(len(part))]
            for row, (axes, values) in enumerate(zip(panels, part, strict=True)):
                _draw_waveform(axes, values, row, step)
                axes.tick_params(labelbottom=axes is panels[-1])
            first = panels[0]
        first.set_title(caption, loc="left", fontsize=8.5)
    waveforms = [axes for axes in figure.axes if axes.lines]
    for axes, name in zip(waveforms, names, strict=False):
        axes.lines[0].set_label(name)
    headline(figure, described, legend=waveforms[: len(names)])
    if any(part is not None for part in parts):
        figure.supxlabel(time, x=0.99, ha="right", fontsize=10)
        figure.supylabel(amplitude, y=0.9, va="top", fontsize=10)
    return figure


def outline(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places and values of a line that looks like the waveform: extremes of `COLUMNS` parts of it.

    values: shape (values,). Short waveforms are returned as they are.
    """
    if len(values) <= 4 * COLUMNS:
        return np.arange(len(values)), values
    edges = np.linspace(0, len(values), COLUMNS + 1).astype(int)
    parts = [values[start:end] for start, end in pairwise(edges)]
    places = [
        start + np.sort([part.argmin(), part.argmax()])
        for start, part in zip(edges, parts, strict=False)
    ]
    found = np.concatenate(places)
    return found, values[found]


def _segments(array: np.ndarray) -> np.ndarray | None:
    """The waveforms of an array, shape (segments, values); None for a picture."""
    is_waveform = array.ndim == 1 or (array.ndim == 2 and len(array) <= SEGMENTS)
    return np.atleast_2d(array) if is_waveform else None


def _height(array: np.ndarray | None, part: np.ndarray | None) -> float:
    if array is None:
        return EMPTY
    return PICTURE if part is None else WAVEFORM * len(part)


def _draw_waveform(axes: Axes, values: np.ndarray, row: int, step: float) -> None:
    times, values = outline(values)
    axes.plot(step * times, values, linewidth=0.8, color=colour_of(row))
    axes.set_xlim(0, step * times[-1])
    axes.margins(y=0.12)
    axes.minorticks_off()
    axes.tick_params(labelsize=8.5)
    axes.locator_params(axis="y", nbins=3)
    axes.locator_params(axis="x", nbins=5)


def _draw_picture(axes: Axes, array: np.ndarray) -> None:
    image = np.squeeze(array)
    if image.ndim == 3 and image.shape[-1] not in (3, 4):
        image = image.sum(axis=-1)
    axes.imshow(image, cmap=MAP, interpolation="none")
    axes.minorticks_off()
    axes.tick_params(which="both", length=0, labelbottom=False, labelleft=False)
    for side in axes.spines.values():
        side.set_color(GREY)
