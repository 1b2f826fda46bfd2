"""Training batches: drawn from the whole sample, in an order that the seed determines."""

import math
from collections.abc import Mapping

import keras
import numpy as np
import pandas as pd

from runsieve.samples.mapped import Resident
from runsieve.samples.sample_files import raw_values


class Batches(keras.utils.PyDataset):
    """Batches of (raw values, one-hot labels, weights), gathered from arrays on disk.

    `arrays` has one array (rows, *shape) for each input; with one input a batch holds its array,
    with several a dictionary. `events` has the columns row, label and weight.
    """

    def __init__(
        self,
        arrays: Mapping[str, np.ndarray],
        events: pd.DataFrame,
        classes: int,
        batch_size: int,
    ) -> None:
        super().__init__()
        self.arrays = dict(arrays)
        self.resident = Resident(*arrays.values())
        self.batch_size = batch_size
        self.event_size = sum(array[:1].nbytes for array in arrays.values())
        self.rows = events["row"].to_numpy()
        self.labels = np.eye(classes, dtype=np.float32)[events["label"].to_numpy(dtype=int)]
        weights = events["weight"].to_numpy(dtype=np.float64)
        # A mean weight of one keeps the scale of the learning rate independent of the weights.
        self.weights = (weights / weights.mean()).astype(np.float32)

    def __len__(self) -> int:
        return math.ceil(len(self.rows) / self.batch_size)

    def __getitem__(self, index: int) -> tuple:
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.raw(index), self.labels[part], self.weights[part]

    def raw(self, index: int) -> np.ndarray | dict[str, np.ndarray]:
        """The raw values of a batch, without labels and weights."""
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        self.resident.touch(self.batch_size * self.event_size)
        return raw_values(self.arrays, self.rows[part])


def order(count: int, seed: int, epoch: int) -> np.ndarray:
    """The order in which an epoch sees the `count` training events, shape (count,)."""
    return np.random.default_rng((seed, epoch)).permutation(count)


def mixing(labels: np.ndarray, batch_size: int) -> float:
    """Spread of a class fraction between batches, relative to that of well-mixed batches.

    The variance of the fraction of the class that differs most, over that of random draws without
    replacement (hypergeometric): about 1 for shuffled events, much larger for sorted ones.
    NaN with fewer than two whole batches. `labels` in the order of training, shape (events,).
    """
    whole = len(labels) // batch_size
    if whole < 2:
        return math.nan
    batches = labels[: whole * batch_size].reshape(whole, batch_size)
    ratios = []
    for label in np.unique(labels):
        fraction = np.mean(labels == label)
        drawn = (len(labels) - batch_size) / (len(labels) - 1)
        expected = fraction * (1 - fraction) / batch_size * drawn
        if expected > 0:
            ratios.append(np.mean(((batches == label).mean(axis=1) - fraction) ** 2) / expected)
    return float(max(ratios, default=math.nan))
