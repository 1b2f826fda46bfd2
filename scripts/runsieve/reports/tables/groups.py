"""Results by run and by channel."""

import pandas as pd

from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.groups import grouped


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per working point, run and class, then per channel and class; see `grouped`."""
    return grouped(evaluated)
