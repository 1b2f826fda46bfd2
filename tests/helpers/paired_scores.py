"""Scores of models on the same 600 test events, as good as a test asks for."""

import numpy as np

from runsieve.evaluation.predictions import Predictions

EVENTS = 600
TRUE = np.arange(EVENTS) % 2


def predictions(strength: float, seed: int, true: np.ndarray = TRUE) -> Predictions:
    """Scores around 0.5, apart by `strength` in standard deviations."""
    rng = np.random.default_rng(seed)
    score = 1 / (1 + np.exp(-rng.normal(strength * (0.5 - true), 1)))
    probability = np.column_stack([score, 1 - score])
    return Predictions(("s", "b"), true, probability, np.full(len(true), "test"))
