"""Efficiency by run and by channel."""

from matplotlib.figure import Figure

from runsieve.figures.groups import draw_groups
from runsieve.reports.model_report import ModelReport

TITLE = "By run and channel"
PLACE = 6


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    return draw_groups(report.table("groups"), report.evaluated.defined, report.described)
