"""Efficiency."""

from matplotlib.figure import Figure

from runsieve.figures.efficiency import draw_efficiency
from runsieve.reports.model_report import ModelReport

TITLE = "Efficiency"
PLACE = 1


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    decisions = report.evaluated.defined
    return draw_efficiency(report.table("efficiency"), decisions, report.label, report.described)
