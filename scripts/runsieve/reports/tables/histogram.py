"""Histogram of the score of each class, in bins of the report's variable."""

import pandas as pd

from runsieve.evaluation.efficiency import score_histogram
from runsieve.evaluation.evaluated import Evaluated


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per class and bin; see `score_histogram`."""
    settings = evaluated.settings
    return score_histogram(evaluated.test, settings.binned, settings.bin_edges, settings.score_bins)
