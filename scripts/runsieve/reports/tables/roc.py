"""Signal efficiency and background rejection at each threshold."""

import pandas as pd

from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.roc import roc_table


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per class and threshold; see `roc_table`."""
    return roc_table(evaluated.test)
