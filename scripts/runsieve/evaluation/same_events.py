"""Paired comparisons need scores of the same events: checks that they are the same."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.evaluation.predictions import Predictions

Training = tuple[str, int]  # model, seed


def require_same_files(paths: Mapping[Training, str | Path]) -> None:
    """Raise RunsieveError unless the score files list the same events in the same order."""
    first = None
    for (model, seed), path in paths.items():
        events = pd.read_parquet(path, columns=["run", "event", "channel", "split"])
        if first is not None and not events.equals(first):
            raise RunsieveError(
                f"{path}: model {model} with seed {seed} was not scored on the same events as the "
                "other models"
            )
        first = events


def require_same_events(scored: Mapping[Training, Predictions]) -> None:
    """Raise RunsieveError unless all models have the same true classes and splits."""
    first = next(iter(scored.values()), None)
    for (model, seed), one in scored.items():
        if not (np.array_equal(one.true, first.true) and np.array_equal(one.split, first.split)):
            raise RunsieveError(
                f"model {model} with seed {seed} was not scored on the same events as the other "
                "models"
            )
