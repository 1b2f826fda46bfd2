"""Scores, training against test."""

from matplotlib.figure import Figure

from runsieve.figures.scores import draw_scores
from runsieve.reports.model_report import ModelReport

TITLE = "Scores, training against test"
PLACE = 2


def draw(report: ModelReport) -> Figure:
    """Draw the figure of one model."""
    evaluated = report.evaluated
    bins = evaluated.settings.score_bins
    return draw_scores(evaluated.predictions, evaluated.defined, bins, report.described)
