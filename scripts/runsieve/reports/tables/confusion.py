"""Confusion matrix: counts of predicted classes for each true class."""

import pandas as pd

from runsieve.evaluation.confusion import confusion_matrix
from runsieve.evaluation.evaluated import Evaluated


def make(evaluated: Evaluated) -> pd.DataFrame:
    """One row per decision and true class: working_point, true_class, one column per prediction.

    With more than two classes there is one decision, the most probable class.
    """
    return pd.concat(
        [
            confusion_matrix(evaluated.test, one).reset_index().assign(working_point=one.name)
            for one in evaluated.assigning
        ],
        ignore_index=True,
    )
