"""Confusion matrix."""

from matplotlib.figure import Figure

from runsieve.figures.confusion import draw_confusion
from runsieve.reports.model_report import ModelReport

TITLE = "Confusion matrix"
PLACE = 4


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    return draw_confusion(report.table("confusion"), report.evaluated.assigning, report.described)
