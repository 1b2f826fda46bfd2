"""Signal efficiency against background rejection."""

from matplotlib.figure import Figure

from runsieve.figures.roc import draw_roc
from runsieve.reports.model_report import ModelReport

TITLE = "Signal efficiency against background rejection"
PLACE = 3


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    return draw_roc(
        report.table("roc"),
        report.table("working_points"),
        report.titles,
        report.first.metrics["metrics"]["auc"],
        report.title,
    )
