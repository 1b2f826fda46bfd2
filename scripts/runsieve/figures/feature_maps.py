"""Figure of feature maps: what each convolution of a network makes of an event of each class."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.attribution import bare
from runsieve.figures.described import Described
from runsieve.figures.gallery import outline
from runsieve.figures.style import FULL, HALF, MAP, colour_of, headline, new_figure

LINE, PICTURE = 0.8, 1.5  # heights in inches
FILTERS = 8  # across


def draw_feature_maps(
    arrays: Mapping[str, np.ndarray],
    facts: Mapping[str, Any],
    classes: Sequence[str],
    described: Described,
) -> Figure:
    """The strongest filters of each convolution, a row for each, of one event of each class.

    Maps along time are lines, those of pictures a row for each class. arrays: `maps/INPUT/LAYER`,
    see `ExplanationReport`, of the events in facts["shown"]
    """
    found = {name: one for name, one in arrays.items() if name.startswith("maps/")}
    of_class = [one["class"] for one in facts["shown"]]
    places = {name: of_class.index(name) for name in classes if name in of_class}
    rows = [
        (key, some)
        for key, maps in found.items()
        for some in ([places] if maps.ndim == 3 else [{name: at} for name, at in places.items()])
    ]
    if not rows:
        return _without(described)
    heights = [LINE if found[key].ndim == 3 else PICTURE for key, _ in rows]
    figure = new_figure((FULL, 0.9 + sum(heights) + 0.12 * len(rows)))
    grid = figure.subplots(len(rows), FILTERS, squeeze=False, height_ratios=heights)
    for (key, some), axes in zip(rows, grid, strict=True):
        label = key.split("/", 2)[2].removesuffix("_convolution").replace("_", " ")
        if found[key].ndim == 4:
            label += "\n" + described.of(next(iter(some)))
        axes[0].set_ylabel(label, rotation=0, ha="right", va="center", loc=None, y=0.5, fontsize=9)
        _draw_row(axes, found[key], some, described)
    lines = [axes[0] for (key, _), axes in zip(rows, grid, strict=True) if found[key].ndim == 3]
    headline(figure, described, "the filters that vary most", legend=lines[:1])
    return figure


def _draw_row(
    axes: Sequence[Axes], maps: np.ndarray, some: Mapping[str, int], described: Described
) -> None:
    for number, panel in enumerate(axes):
        bare(panel)
        if number >= maps.shape[-1]:
            panel.set_axis_off()
            continue
        for index, (name, place) in enumerate(some.items()):
            one = maps[place, ..., number]
            if one.ndim == 1:
                style = {"color": colour_of(index), "linewidth": 0.7, "label": described.of(name)}
                panel.plot(*outline(one), **style)
                panel.set_xlim(0, len(one) - 1)
            else:
                panel.imshow(one, cmap=MAP, interpolation="none")


def _without(described: Described) -> Figure:
    figure = new_figure((HALF, 1.2))
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.text(0, 0.5, "No convolution: the network has no feature maps.", va="center")
    headline(figure, described)
    return figure
