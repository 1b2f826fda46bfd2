"""The common style of all figures, and saving them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from runsieve.figures.described import Described
from runsieve.figures.letters import FONT, as_written, unwarned
from runsieve.figures.minor_ticks import taken
from runsieve.figures.svg import compact
from runsieve.files import written

matplotlib.use("Agg")

# All that a page has to replace in an SVG to show it on another background. Matplotlib leaves the
# fill of black text and areas to the element around them, so that one needs a `fill`, too.
INK = "#000000"  # frames, ticks, text
PAPER = "#ffffff"
GRID = "#d9dde3"
GREY = "#4a5260"  # references and notes
# Text on filled cells, which keep their colours on any background.
ON_LIGHT, ON_DARK = "#0b0f14", "#fdfdfd"

# Contrast of at least 3 to white and to dark pages, which leaves a narrow range of luminance. The
# first six differ for people with colour blindness, too; all differ by marker and line.
COLOURS = (
    "#1e78c3",
    "#d24b1e",
    "#b8892c",
    "#b648d8",
    "#7f8f8a",
    "#a05566",
    "#0a96e6",
    "#7a62a8",
)
MARKERS = "osD^vPX<>p"
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
MAP = "viridis"

THIN = "\u2009"  # between thousands
MINUS = "\u2212"

# Inches. A page shows a figure of half its width at 560 pixels and one of its full width at 1100:
# in both, a point is 1.2 pixels, and the smallest text has 10.
HALF, FULL = 6.4, 12.8
POINTS = 72  # in an inch
# By suffix of the file. A date would make the files of identical figures differ; PNG takes a third
# of the time of the usual level 6 for a few more bytes.
SAVED = {
    ".svg": {"metadata": {"Date": None}},
    ".pdf": {"metadata": {"CreationDate": None}},
    ".png": {"pil_kwargs": {"compress_level": 2}},
}
DOTS_PER_INCH, WIDEST = 200, 1920  # and pixels of a screen, which no figure exceeds

# Ticks inside and on all sides and labels at the far end, as is customary in the field. Text in an
# SVG stays text; Verdana has the widths of DejaVu Sans, by which figures are laid out.
STYLE = {
    "svg.fonttype": "none",
    "pdf.fonttype": 42,  # TrueType, as journals ask for
    "svg.hashsalt": "runsieve",
    "text.parse_math": False,  # titles are drawn as they are written, with any `$` in them
    "font.family": "sans-serif",
    "font.sans-serif": [FONT, "Verdana", "sans-serif"],
    "font.size": 10,
    "text.hinting": "no_hinting",  # as wide as it is laid out at any resolution
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.labelsize": 10.5,
    "axes.titlesize": 10.5,
    "axes.titlepad": 5,
    "axes.linewidth": 0.9,
    "axes.axisbelow": True,
    "axes.prop_cycle": matplotlib.cycler(color=COLOURS),
    "xaxis.labellocation": "right",
    "yaxis.labellocation": "top",
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.minor.visible": True,
    "ytick.minor.visible": True,
    "xtick.major.pad": 5,
    "xtick.major.size": 5,
    "ytick.major.size": 5,
    "xtick.minor.size": 2.5,
    "ytick.minor.size": 2.5,
    # Minor ticks on the far sides would be a fifth of many files.
    "xtick.minor.top": False,
    "ytick.minor.right": False,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "legend.borderaxespad": 0.2,
    "legend.columnspacing": 1.4,
    "legend.handletextpad": 0.6,
    "lines.linewidth": 1.5,
    "lines.markersize": 4.5,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "figure.facecolor": PAPER,
    "path.simplify": True,
}
matplotlib.rcParams.update(STYLE)


def colour_of(index: int) -> str:
    """Colour of the class or model at this index; the colours repeat."""
    return COLOURS[index % len(COLOURS)]


def marker_of(index: int) -> str:
    """Marker of the class or model at this index; the markers repeat, but not with the colours."""
    return MARKERS[index % len(MARKERS)]


def line_of(index: int) -> str | tuple[int, tuple[int, ...]]:
    """Line style of the class or model at this index; they repeat, but not with the colours."""
    return LINES[index % len(LINES)]


def grouped(number: float) -> str:
    """A number as an integer, with thin spaces between thousands."""
    return f"{number:,.0f}".replace(",", THIN)


def signed(number: float, decimals: int) -> str:
    """A number with its sign and fixed decimals; minus as on the axes."""
    return f"{number:+.{decimals}f}".replace("-", MINUS)


def new_figure(size: tuple[float, float]) -> Figure:
    """An empty figure, size in inches."""
    return Figure(figsize=size, layout="constrained")


def headline(
    figure: Figure, described: Described, note: str = "", legend: Axes | Sequence[Axes] = ()
) -> None:
    """Write the first line of a figure, and below it the legend of the axes that are given.

    Left: "Simulation" where the data are simulated; right: of what the figure is, and a note. What
    is too wide takes a line, or a row of the legend, more. Axes lie below both.
    """
    with unwarned():
        used = _title(figure, described, note)
        used += _legend(figure, [legend] if isinstance(legend, Axes) else legend, used)
    height = figure.get_figheight() * figure.dpi
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - used / height))


def _title(figure: Figure, described: Described, note: str) -> float:
    """Write the first line; returns its height in pixels."""
    width, height = figure.get_size_inches() * figure.dpi
    margin = 4 * figure.dpi / POINTS
    simulation = "Simulation" if described.simulated else ""
    parts = [part for part in (described.title, note) if part]
    if not parts and not simulation:
        return 0.0
    style = {"y": 1 - margin / height, "fontsize": 10, "va": "top"}
    bold = {"fontweight": "bold", "fontstyle": "italic"}
    left = figure.text(margin / width, s=simulation, ha="left", **style, **bold)
    right = figure.text(1 - margin / width, s=", ".join(parts), ha="right", color=GREY, **style)
    if left.get_window_extent().width + right.get_window_extent().width > width - 4 * margin:
        right.set_text("\n".join(parts))
    extents = [text.get_window_extent() for text in (left, right) if text.get_text()]
    return max(extent.height for extent in extents) + 2 * margin


def _legend(figure: Figure, axes: Sequence[Axes], used: float) -> float:
    """Draw one legend of several axes, `used` pixels below the top; returns its height."""
    width, height = figure.get_size_inches() * figure.dpi
    found = [one.get_legend_handles_labels() for one in axes]
    handles = [handle for some, _ in found for handle in some]
    labels = [label for _, some in found for label in some]
    for columns in range(len(labels), 0, -1):
        place = {"loc": "upper left", "bbox_to_anchor": (0, 1 - used / height)}
        drawn = figure.legend(handles, labels, ncols=columns, **place)
        extent = drawn.get_window_extent()
        if extent.width <= width or columns == 1:
            return extent.height
        drawn.remove()
    return 0.0


def heading(axes: Axes, left: str, right: str = "") -> None:
    """Write above the axes: on the left what is shown, on the right a note."""
    axes.set_title(left, loc="left", fontweight="bold")
    axes.set_title(right, loc="right", fontsize=9.5, color=GREY)


def error_bars(table: pd.DataFrame, name: str) -> np.ndarray:
    """Lengths of the error bars of a column below and above, shape (2, rows).

    The ends of the interval are the columns NAME_low and NAME_high.
    """
    value, low, high = (table[f"{name}{end}"].to_numpy() for end in ("", "_low", "_high"))
    return np.clip([value - low, high - value], 0, None)


def beside(index: int, count: int, width: float = 0.6) -> float:
    """Place of one of `count` points that share a bin of width 1, from its middle."""
    return width * ((index + 0.5) / count - 0.5)


def name_rows(axes: Axes, names: Sequence[str], notes: Sequence[str] = ()) -> None:
    """Rows from top to bottom, at 0, 1, ...: their names left of the axes, notes right of them."""
    axes.set(yticks=np.arange(len(names)), yticklabels=names, ylim=(len(names) - 0.5, -0.5))
    axes.tick_params(axis="y", which="both", length=0)
    axes.grid(axis="x")
    for row, note in enumerate(notes):
        place = {"xycoords": ("axes fraction", "data"), "va": "center"}
        axes.annotate(note, (1.015, row), fontsize=9.5, **place)


def name_columns(axes: Axes, names: Sequence[str], most: int | None = None) -> None:
    """Columns from left to right, at 0, 1, ..., with their names; many names are turned.

    most: names at most; of more columns every second one has a name, or every third, ...
    """
    step = 1 if most is None else -(-len(names) // most)
    shown = names[::step]
    turn = 90 if sum(map(len, shown)) > 45 else 0
    axes.set(xlim=(-0.6, len(names) - 0.4))
    axes.set_xticks(np.arange(0, len(names), step), shown)
    if step > 1:
        axes.set_xticks([], minor=True)
    axes.tick_params(axis="x", which="both", length=0 if step == 1 else 4, rotation=turn)
    axes.grid(axis="y")


def plain_log(axis: Axis) -> None:
    """Label a logarithmic axis with whole numbers; its limits must be set.

    Where it spans less than two decades, 2 and 5 of each decade are labelled, too.
    """
    low, high = axis.get_view_interval()
    narrow = high / low < 100
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if narrow else (1,)))
    axis.set_major_formatter(lambda value, _: grouped(value) if value >= 1 else f"{value:g}")
    axis.set_minor_formatter(NullFormatter())


def grid_of(count: int, most: int) -> tuple[int, int]:
    """Rows and columns of a grid with `count` panels, at most `most` side by side, in full rows."""
    down = -(-count // most)
    return down, -(-count // down)


def text_colour(rgba: Sequence[float]) -> str:
    """Black or white, whichever is more legible on a colour (relative luminance of sRGB)."""
    red, green, blue = rgba[:3]
    return ON_LIGHT if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 else ON_DARK


def files_by_name(paths: Iterable[str | Path]) -> dict[str, list[Path]]:
    """Files grouped by the figure that they are named after, as in roc.svg and roc.pdf."""
    groups: dict[str, list[Path]] = {}
    for path in map(Path, paths):
        groups.setdefault(path.stem, []).append(path)
    return groups


def save(figure: Figure, paths: str | Path | Iterable[str | Path]) -> None:
    """Write a figure to files (svg, pdf, png); the same figure gives the same bytes."""
    minor = taken(figure)
    with as_written(figure):
        # The layout is found once, not before each file.
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine(None)
        # Its solver adds up in any order; without the last digits the same figure is the same.
        for axes in figure.axes:
            axes.set_position(np.round(axes.get_position(original=True).bounds, 9))
        for ticks in minor:
            ticks.draw()
        dots = min(DOTS_PER_INCH, WIDEST / figure.get_figwidth())
        for path in [paths] if isinstance(paths, str | Path) else paths:
            suffix = Path(path).suffix
            with written(path) as place:
                figure.savefig(place, dpi=dots, **SAVED[suffix])
                if suffix == ".svg":
                    place.write_text(compact(place.read_text(encoding="utf-8")), encoding="utf-8")
