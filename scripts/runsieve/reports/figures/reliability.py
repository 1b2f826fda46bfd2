"""Predicted probability against observed fraction."""

from matplotlib.figure import Figure

from runsieve.figures.reliability import draw_reliability
from runsieve.reports.model_report import ModelReport

TITLE = "Predicted probability against observed fraction"
PLACE = 5


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    error = report.first.metrics["metrics"]["calibration_error"]
    return draw_reliability(report.table("reliability"), error, report.described)
