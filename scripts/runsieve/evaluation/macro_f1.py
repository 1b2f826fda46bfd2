"""Macro F1: the mean over the classes of the harmonic mean of precision and recall."""

import numpy as np

from runsieve.evaluation.predictions import Predictions
from runsieve.intervals import percentile_interval

DRAWS = 20_000


def macro_f1(test: Predictions) -> tuple[float, float, float]:
    """Macro F1 of the most probable class, and the ends of its 68.27 % interval.

    F1 of a class is 2 TP / (2 TP + FP + FN), with weighted events; it is 0 for a class that is
    never predicted. The mean has no weights, as scikit-learn's `f1_score(average="macro")`.

    For the interval, the fractions of a true class that are assigned to each class have a
    Dirichlet distribution (C. Goutte and E. Gaussier, ECIR 2005, LNCS 3408, 345), and macro F1 is
    that of draws from it, at the observed shares of the true classes. Its prior is Jeffreys' for
    right against wrong, so the recall is distributed as in `mean_interval`; the half count of wrong
    is shared equally by all other classes. The interval has a width where no event is
    misclassified, and always holds the value.
    """
    size = len(test.classes)
    cells = test.true * size + test.predicted
    matrix = np.bincount(cells, test.weight, size * size).reshape(size, size)
    total = matrix.sum(axis=1)
    # Events of weight 1 that carry as much information, as in `effective_counts`.
    counts = matrix * (total / np.bincount(test.true, test.weight**2, size))[:, None]
    generator = np.random.default_rng(0)
    hit, predicted = np.zeros((2, DRAWS, size))
    for true in range(size):
        prior = np.full(size, 0.5 / (size - 1))
        prior[true] = 0.5
        drawn = total[true] * generator.dirichlet(counts[true] + prior, DRAWS)
        hit[:, true] = drawn[:, true]
        predicted += drawn
    value = float(_mean_of_classes(np.diagonal(matrix), matrix.sum(axis=0), total))
    low, high = percentile_interval(_mean_of_classes(hit, predicted, total))
    return value, min(low, value), max(high, value)


def _mean_of_classes(hit: np.ndarray, predicted: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Mean of F1 over the last axis, the classes, from weights of events.

    hit: rightly assigned; predicted: assigned to the class; total: of the class
    """
    return (2 * hit / (predicted + total)).mean(axis=-1)
