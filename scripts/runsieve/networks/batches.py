"""Training batches: drawn from the whole sample, in an order that the seed determines."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from runsieve.samples.mapped import Resident
from runsieve.samples.sample_files import raw_values

BATCHES_TESTED = 100  # enough for a limit of about 1.6
RANDOM_ORDERS = 999


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


@dataclass(frozen=True)
class Mixing:
    """Spread of the classes over batches, and the limit that one in a thousand orders exceeds.

    Both are relative to the mean over random orders.
    """

    value: float
    limit: float


def mixing(labels: np.ndarray, batch_size: int) -> Mixing | None:
    """How unevenly the classes are spread over the batches, compared with random orders.

    The value is Pearson's chi-square of the class counts in up to 100 whole batches, chosen at
    random, over its mean: about 1 for shuffled events, much larger for sorted ones. The limit is
    the largest of 999 simulated orders with the same numbers of events, so that it is exceeded with
    a probability of at most 0.001, whatever the number and size of the batches (a Monte Carlo
    test: Barnard, J. R. Stat. Soc. B 25 (1963) 294). None with fewer than two whole batches or two
    classes. `labels` in the order of training, shape (events,).
    """
    whole = len(labels) // batch_size
    present, known = np.unique(labels, return_inverse=True)
    if whole < 2 or len(present) < 2:
        return None
    rng = np.random.default_rng(0)
    chosen = np.sort(rng.choice(whole, min(whole, BATCHES_TESTED), replace=False))
    counts = np.stack(
        [
            np.bincount(known[one * batch_size : (one + 1) * batch_size], minlength=len(present))
            for one in chosen
        ]
    )
    totals = np.bincount(known)
    expected = batch_size * totals / len(labels)
    mean = (len(present) - 1) * (len(labels) - batch_size) / (len(labels) - 1)

    def spread(found: np.ndarray) -> np.ndarray:
        return ((found - expected) ** 2 / expected).sum(axis=-1) / (mean * len(chosen))

    remaining = np.tile(totals, (RANDOM_ORDERS, 1))
    simulated = np.zeros(RANDOM_ORDERS)
    for _ in chosen:
        drawn = _drawn(remaining, batch_size, rng)
        remaining -= drawn
        simulated += spread(drawn)
    return Mixing(float(spread(counts).sum()), float(simulated.max()))


def _drawn(remaining: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `size` events without replacement from counts (orders, classes); same shape."""
    left = np.full(len(remaining), size)
    drawn = np.zeros_like(remaining)
    for label in range(remaining.shape[1] - 1):
        others = remaining[:, label + 1 :].sum(axis=1)
        drawn[:, label] = rng.hypergeometric(remaining[:, label], others, left)
        left -= drawn[:, label]
    drawn[:, -1] = left
    return drawn
