"""Signal efficiency against background rejection."""

from matplotlib.figure import Figure

from runsieve.figures.roc import draw_roc
from runsieve.reports.model_report import ModelReport

TITLE = "Signal efficiency against background rejection"
PLACE = 3


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    area = report.first.metrics["metrics"]["auc"]
    points = report.table("working_points")
    return draw_roc(report.table("roc"), points, area, report.described)
