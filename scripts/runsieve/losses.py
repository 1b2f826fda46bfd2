"""Log losses and recalls of classifiers: one formula for training, diagnoses and reports."""

import numpy as np

SMALLEST_PROBABILITY = 1e-7


def log_losses(probability: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Negative natural log of the probability of the true class (nats), shape (events,).

    probability: shape (events, classes); true: index of the true class, shape (events,).
    Probabilities below 1e-7 count as 1e-7.
    """
    right = np.take_along_axis(probability, true[:, None], axis=1)[:, 0]
    return -np.log(np.maximum(right, SMALLEST_PROBABILITY))


def recalls(
    correct: np.ndarray, true: np.ndarray, classes: int, weights: np.ndarray | None = None
) -> np.ndarray:
    """Fraction of each class that is classified correctly, for each row of weights.

    correct: bool, and true: index of the true class, both of shape (events,); weights: shape
    (rows, events), one row of ones by default. Returns shape (rows, classes); NaN for a class
    without events.
    """
    if weights is None:
        weights = np.ones((1, len(true)))
    of_class = (true[:, None] == np.arange(classes)).astype(float)
    with np.errstate(invalid="ignore"):
        return (weights @ (of_class * correct[:, None])) / (weights @ of_class)
