"""Confusion matrix: counts of predicted classes for each true class."""

import pandas as pd

from runsieve.config.report import Report
from runsieve.evaluation.confusion import confusion_matrix
from runsieve.evaluation.predictions import Predictions


def make(test: Predictions, settings: Report) -> pd.DataFrame:
    """One row per true class; column `true_class`, then one per predicted class."""
    return confusion_matrix(test).reset_index()
