"""Scores of models on the same 600 test events, as good as a test asks for."""

import numpy as np

from runsieve.evaluation.predictions import Predictions

EVENTS = 600
TRUE = np.arange(EVENTS) % 2


def predictions(strength: float, seed: int, true: np.ndarray = TRUE) -> Predictions:
    """Scores around 0.5, apart by `strength` in standard deviations."""
    return trained(strength, seed, true=true, validation=())


def trained(
    strength: float,
    seed: int,
    on_validation: float = 1.0,
    true: np.ndarray = TRUE,
    validation: np.ndarray = TRUE,
    common: np.ndarray | float = 0.0,
) -> Predictions:
    """The same with validation events, where scores are apart by `on_validation`.

    true, validation: classes of test and validation events; common: added to the logits of all
    events, validation first, so that models can share what they know.
    """
    rng = np.random.default_rng(seed)
    classes = np.concatenate([validation, true]).astype(int)
    split = np.repeat(["validation", "test"], [len(validation), len(true)])
    apart = np.where(split == "test", strength, on_validation)
    score = 1 / (1 + np.exp(-rng.normal(apart * (0.5 - classes), 1) - common))
    probability = np.column_stack([score, 1 - score])
    return Predictions(("s", "b"), classes, probability, split)
