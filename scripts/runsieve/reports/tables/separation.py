"""AUC and rejection factors, in bins of the report's variable."""

import pandas as pd

from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.separation import separation_table


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per working point, signal class and bin; see `separation_table`."""
    return separation_table(evaluated)
