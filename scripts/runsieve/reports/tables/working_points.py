"""Working points: thresholds, what they realise on test events, and their closure."""

import pandas as pd

from runsieve.evaluation.closure import working_point_table
from runsieve.evaluation.evaluated import Evaluated


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per working point and signal class; see `working_point_table`."""
    return working_point_table(evaluated)
