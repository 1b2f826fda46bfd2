"""Folds of a sample: its events, split so that those of one fold are tested."""

import numpy as np
import pandas as pd


def split_fold(events: pd.DataFrame, fold: int) -> pd.DataFrame:
    """The events of a sample with folds, as the training that is tested on one fold sees them.

    split: test for the events of this fold; the others keep theirs (train or validation).
    """
    split = events["split"].astype(object)
    return events.assign(split=np.where(events["fold"] == fold, "test", split))
