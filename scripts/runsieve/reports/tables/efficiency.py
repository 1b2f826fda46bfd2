"""Efficiency of each class at each working point, in bins of the report's variable."""

import pandas as pd

from runsieve.evaluation.efficiency import efficiency_table
from runsieve.evaluation.evaluated import Evaluated


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per working point, class and bin; see `efficiency_table`."""
    binned = evaluated.settings.binned, evaluated.settings.bin_edges
    tables = [efficiency_table(evaluated.test, one, *binned) for one in evaluated.defined]
    return pd.concat(tables, ignore_index=True)
