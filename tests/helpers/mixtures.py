"""Toys of a contaminated background: each bin of the variable is a toy of its own."""

import numpy as np
from scipy.special import expit

from runsieve.evaluation.predictions import Predictions


def toys(
    count: int, events: int, fraction: float, noise: float = -2, seed: int = 1
) -> tuple[Predictions, np.ndarray]:
    """Predictions with `events` of each class in each of `count` bins, and which are signal-like.

    Log odds are normal with width 1, around 2 for signal and around `noise` for noise.
    """
    rng = np.random.default_rng(seed)
    size = count * events
    signal = np.arange(2 * size) < size
    like = signal | (rng.random(2 * size) < fraction)
    value = np.tile(np.repeat(np.arange(count, dtype=float), events), 2)
    return scored(signal, rng.normal(np.where(like, 2, noise), 1), value), like


def scored(signal: np.ndarray, log_odds: np.ndarray, value: np.ndarray) -> Predictions:
    score = expit(log_odds)
    return Predictions(
        ("signal", "background"),
        np.where(signal, 0, 1),
        np.stack([score, 1 - score], axis=1),
        np.full(len(signal), "test"),
        value,
    )


def edges_of(count: int) -> np.ndarray:
    """Edges of the bins of `toys`."""
    return np.arange(count + 1) - 0.5
