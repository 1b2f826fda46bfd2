"""Scores of training events against those of test events."""

import pandas as pd

from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.overtraining import overtraining_table


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per class; see `overtraining_table`."""
    return overtraining_table(evaluated.predictions)
