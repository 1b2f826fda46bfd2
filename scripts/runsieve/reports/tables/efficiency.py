"""Efficiency of each class in bins of the report's variable, with the histogram of the score."""

import pandas as pd

from runsieve.config.report import Report
from runsieve.evaluation.efficiency import efficiency_table
from runsieve.evaluation.predictions import Predictions


def make(test: Predictions, settings: Report) -> pd.DataFrame:
    """One row per class and bin; see `efficiency_table`."""
    return efficiency_table(test, settings.binned, settings.bin_edges, settings.score_bins)
