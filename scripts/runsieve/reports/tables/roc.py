"""Signal efficiency and background rejection at each threshold."""

import pandas as pd

from runsieve.config.report import Report
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.roc import roc_table


def make(test: Predictions, settings: Report) -> pd.DataFrame:
    """One row per class and threshold; see `roc_table`."""
    return roc_table(test)
