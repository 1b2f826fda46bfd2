"""Samples for tests of models."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def labelled_events(label: np.ndarray, classes: Sequence[str]) -> pd.DataFrame:
    """Events of one run with these labels, two thirds for training and the rest for validation."""
    count = len(label)
    return pd.DataFrame(
        {
            "class": np.array(classes)[label],
            "label": label,
            "split": np.array(["train", "train", "validation"])[np.arange(count) % 3],
            "weight": 1.0,
            "row": np.arange(count),
            "run": 1,
        }
    )
