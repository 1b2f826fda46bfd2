"""Precision, recall, F1 and support of each class."""

import pandas as pd

from runsieve.evaluation.confusion import class_report
from runsieve.evaluation.evaluated import Evaluated


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per decision and class, and their weighted average; see `class_report`."""
    return pd.concat(
        [
            class_report(evaluated.test, one).assign(working_point=one.name)
            for one in evaluated.assigning
        ],
        ignore_index=True,
    )
