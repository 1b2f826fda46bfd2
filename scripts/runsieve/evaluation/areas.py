"""Areas under the ROC curve of models on the same resampled events."""

from collections.abc import Sequence

import numpy as np

from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.roc import mean_auc
from runsieve.intervals import resampled_weights

CHUNK = 2_000_000  # weights in memory at a time


def resampled_areas(tests: Sequence[Predictions], resamplings: int, seed: int) -> np.ndarray:
    """AUC of each of `tests` on all events, then on each resampling within classes, weighted.

    All must have the same events in the same order; they share the resamplings, so that
    differences are paired. Returns shape (tests, 1 + resamplings).
    """
    true = tests[0].true
    generator = np.random.default_rng(seed)
    rows = max(1, CHUNK // len(true))
    parts = [[mean_auc(test, test.weight[None, :])] for test in tests]
    for start in range(0, resamplings, rows):
        weights = resampled_weights(true, min(rows, resamplings - start), generator)
        for part, test in zip(parts, tests, strict=True):
            part.append(mean_auc(test, weights * test.weight))
    return np.array([np.concatenate(part) for part in parts])
