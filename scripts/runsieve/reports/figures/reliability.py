"""Predicted probability against observed fraction."""

from matplotlib.figure import Figure

from runsieve.figures.reliability import draw_reliability
from runsieve.reports.model_report import ModelReport

TITLE = "Predicted probability against observed fraction"
PLACE = 6


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    return draw_reliability(
        report.table("reliability"),
        report.evaluated.test,
        report.titles,
        report.first.metrics["metrics"]["calibration_error"],
        report.title,
    )
