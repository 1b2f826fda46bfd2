"""Predicted and observed fraction of a class in bins of its predicted probability."""

import pandas as pd

from runsieve.evaluation.calibration import reliability_table
from runsieve.evaluation.evaluated import Evaluated


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per signal class and bin; see `reliability_table`."""
    return reliability_table(evaluated.test)
