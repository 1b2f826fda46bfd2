"""The common style of all figures, and saving them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from runsieve.figures.letters import FONT, as_written
from runsieve.files import written

matplotlib.use("Agg")

# Petroff, arXiv 2107.02270: ten colours that people with colour blindness can tell apart.
COLOURS = (
    "#3f90da",
    "#bd1f01",
    "#ffa90e",
    "#832db6",
    "#94a4a2",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
MARKERS = "osD^vPX<>p"
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
GREY = "#4a5260"
MAP = "viridis"
SLIDE = (10.0, 5.6)
WIDE_SLIDE = (13.3, 7.0)
DOTS_PER_INCH = 150
POINTS_PER_INCH = 72

# Ticks inside and on all sides and labels at the far end, as is customary in the field.
STYLE = {
    "font.family": FONT,
    "font.size": 13,
    "axes.labelsize": 14,
    "axes.titlesize": 14,
    "axes.linewidth": 1.2,
    "axes.axisbelow": True,
    "axes.prop_cycle": matplotlib.cycler(color=COLOURS),
    "xaxis.labellocation": "right",
    "yaxis.labellocation": "top",
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.minor.visible": True,
    "ytick.minor.visible": True,
    "xtick.major.pad": 6,
    "xtick.major.size": 7,
    "ytick.major.size": 7,
    "xtick.minor.size": 3.5,
    "ytick.minor.size": 3.5,
    "legend.frameon": False,
    "legend.fontsize": 12,
    "lines.linewidth": 2,
    "lines.markersize": 6,
    "grid.color": "#d9dde3",
    "figure.facecolor": "white",
    "svg.hashsalt": "runsieve",
    "path.simplify": True,
}
matplotlib.rcParams.update(STYLE)


def colour_of(index: int) -> str:
    """Colour of the class or model at this index; the colours repeat after ten."""
    return COLOURS[index % len(COLOURS)]


def new_figure(size: tuple[float, float] = SLIDE) -> Figure:
    """An empty figure, size in inches."""
    return Figure(figsize=size, layout="constrained")


def heading(axes: Axes, left: str, right: str = "") -> None:
    """Write above the axes: on the left what is shown, on the right of which model or sample."""
    axes.set_title(left, loc="left", fontweight="bold")
    axes.set_title(right, loc="right", fontsize=12, color=GREY)


def legend_above(figure: Figure, axes: Axes, columns: int = 6) -> None:
    """Draw the legend of `axes` above all axes of the figure, where it hides nothing.

    It has at most `columns`, and fewer where labels are long.
    """
    handles, labels = axes.get_legend_handles_labels()
    size = STYLE["legend.fontsize"]
    # A letter is 0.6 of the size of its font wide on average; line, marker and gaps take five.
    wide = (5 + 0.6 * max(map(len, labels), default=0)) * size / POINTS_PER_INCH
    fitting = max(1, int(figure.get_figwidth() / wide))
    figure.legend(
        handles, labels, loc="outside upper left", ncols=min(columns, fitting, len(labels))
    )


def grid_of(count: int, most: int) -> tuple[int, int]:
    """Rows and columns of a grid with `count` panels, at most `most` side by side."""
    across = min(most, count)
    return -(-count // across), across


def plain_frame(axes: Axes) -> None:
    """No ticks on any side: for tables and named rows, where ticks have no meaning."""
    axes.tick_params(which="both", length=0)
    axes.minorticks_off()


def text_colour(rgba: Sequence[float]) -> str:
    """Black or white, whichever is more legible on a colour (relative luminance of sRGB)."""
    red, green, blue = rgba[:3]
    return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 else "white"


def files_by_name(paths: Iterable[str | Path]) -> dict[str, list[Path]]:
    """Files grouped by the figure that they are named after, as in roc.svg and roc.png."""
    groups: dict[str, list[Path]] = {}
    for path in map(Path, paths):
        groups.setdefault(path.stem, []).append(path)
    return groups


def save(figure: Figure, paths: str | Path | Iterable[str | Path]) -> None:
    """Write a figure to files (svg, png); the same figure gives the same bytes."""
    with as_written(figure):
        # The layout is found once, not before each file.
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine(None)
        for path in [paths] if isinstance(paths, str | Path) else paths:
            # A date would make the files of identical figures differ.
            date = {"Date": None} if Path(path).suffix == ".svg" else None
            with written(path) as place:
                figure.savefig(place, dpi=DOTS_PER_INCH, metadata=date)
