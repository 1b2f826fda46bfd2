"""Events by score."""

from matplotlib.figure import Figure

from runsieve.figures.efficiency import draw_table
from runsieve.reports.model_report import ModelReport

TITLE = "Events by score"
PLACE = 5


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    return draw_table(
        report.table("histogram"),
        report.table("efficiency"),
        report.evaluated.defined,
        report.titles,
        report.label,
        report.title,
    )
