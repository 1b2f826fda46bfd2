"""Precision, recall, F1 and support of each class."""

import pandas as pd

from runsieve.config.report import Report
from runsieve.evaluation.confusion import class_report, confusion_matrix
from runsieve.evaluation.predictions import Predictions


def make(test: Predictions, settings: Report) -> pd.DataFrame:
    """One row per class, and their weighted average; see `class_report`."""
    return class_report(confusion_matrix(test))
