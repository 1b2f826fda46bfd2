"""Texts of the configuration in figures: with mathematics between dollar signs, or as they are."""

from matplotlib import cbook
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text

PARSER = MathTextParser("path")


def show_broken_math_as_text(figure: Figure) -> None:
    """Show texts as they are where matplotlib cannot read what is between their dollar signs."""
    for axes in figure.findobj(Axes):
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_ticklabels(which="both")  # makes the labels that are only drawn otherwise
    for text in figure.findobj(Text):
        if cbook.is_math_text(text.get_text()) and not _is_readable(text):
            text.set_parse_math(False)


def _is_readable(text: Text) -> bool:
    # Each line is read on its own.
    for line in text.get_text().split("\n"):
        if cbook.is_math_text(line):
            try:
                PARSER.parse(line, prop=text.get_fontproperties())
            except ValueError:
                return False
    return True
