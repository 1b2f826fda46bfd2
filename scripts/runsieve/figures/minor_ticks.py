"""Minor ticks as one line of markers per side: matplotlib makes five artists of each tick."""

from collections.abc import Iterator
from dataclasses import dataclass

import matplotlib
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import TICKDOWN, TICKLEFT, TICKRIGHT, TICKUP, Line2D
from matplotlib.ticker import Locator, NullFormatter, NullLocator

# Of each axis its sides: where they are on the other axis, and a mark that points inside.
SIDES = {
    "x": {"bottom": (0, TICKUP), "top": (1, TICKDOWN)},
    "y": {"left": (0, TICKRIGHT), "right": (1, TICKLEFT)},
}


@dataclass(frozen=True)
class MinorTicks:
    """The minor ticks that were taken from an axis; sides: where they were; length in points."""

    axis: Axis
    locator: Locator
    sides: list[str]
    length: float

    def draw(self) -> None:
        """Put them back, at the places of the present limits and major ticks."""
        axes, name = self.axis.axes, self.axis.axis_name
        self.locator.set_axis(self.axis)
        low, high = sorted(self.axis.get_view_interval())
        major = set(self.axis.get_majorticklocs().tolist())
        places = [at for at in self.locator() if low <= at <= high and at not in major]
        across = axes.get_xaxis_transform() if name == "x" else axes.get_yaxis_transform()
        for side in self.sides:
            place, mark = SIDES[name][side]
            ends = [places, [place] * len(places)]
            axes.add_artist(
                Line2D(
                    *(ends if name == "x" else reversed(ends)),
                    transform=across,
                    linestyle="none",
                    marker=mark,
                    markersize=self.length,
                    markeredgewidth=matplotlib.rcParams[f"{name}tick.minor.width"],
                    color=matplotlib.rcParams[f"{name}tick.color"],
                    clip_on=False,
                    zorder=self.axis.get_zorder(),
                )
            )


def taken(figure: Figure) -> list[MinorTicks]:
    """Take the minor ticks from all axes of a figure, but for those with a label or a grid."""
    found = [one for axes in figure.axes if axes.axison for one in _of(axes)]
    for one in found:
        one.axis.set_minor_locator(NullLocator())
    return found


def _of(axes: Axes) -> Iterator[MinorTicks]:
    for axis in (axes.xaxis, axes.yaxis):
        shown, locator = axis.get_tick_params(which="minor"), axis.get_minor_locator()
        bare = isinstance(axis.get_minor_formatter(), NullFormatter) and not shown.get("gridOn")
        length = shown.get("length", matplotlib.rcParams[f"{axis.axis_name}tick.minor.size"])
        sides = [side for side in SIDES[axis.axis_name] if length and shown.get(side)]
        hidden = isinstance(locator, NullLocator) or not axis.get_visible()
        if sides and bare and not hidden:
            yield MinorTicks(axis, locator, sides, length)
