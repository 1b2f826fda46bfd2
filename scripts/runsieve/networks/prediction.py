"""Probabilities that a trained network assigns to events."""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.networks.building import load_network
from runsieve.progress import Progress
from runsieve.samples.mapped import Resident
from runsieve.samples.sample_files import Arrays, raw_values

# Events of a batch, if they are not large. Matrices are multiplied in groups of 24 or 48 rows, and
# what is left of them is added up in another order.
EVENTS, FEW_EVENTS = 384, 48
LARGE = 2**16  # values


@dataclass(frozen=True)
class NetworkScorer:
    """A trained network as a scorer."""

    network: keras.Model

    def inputs(self) -> list[str]:
        """Names of the inputs."""
        return [tensor.name for tensor in self.network.inputs]

    def probabilities(self, events: pd.DataFrame, arrays: Arrays) -> np.ndarray:
        """Probabilities of the classes for each event, shape (events, classes)."""
        return predict(self.network, arrays, events["row"].to_numpy())


def load(path: str | Path, user_files: list[str]) -> NetworkScorer:
    """Load a network from a .keras file.

    `user_files` are imported first, because they register user-defined layers.
    """
    return NetworkScorer(load_network(path, user_files))


def predict(network, arrays: Arrays, rows: np.ndarray) -> np.ndarray:
    """Probabilities of a Keras network for the given rows, float32 (rows, classes).

    Reads the arrays, each (rows, *shape) under the name of its input, batch by batch. The last
    batch is filled up, so that the probabilities of an event do not depend on the events that are
    scored with it, to the last bit. Raises RunsieveError if the network was built for other inputs.
    """
    wanted = {tensor.name: tuple(tensor.shape[1:]) for tensor in network.inputs}
    found = {name: array.shape[1:] for name, array in arrays.items()}
    if wanted != found:
        raise RunsieveError(f"network: it takes events of the shapes {wanted}, found {found}")
    probabilities = np.empty((len(rows), network.output_shape[-1]), np.float32)
    progress, resident = Progress("events scored", len(rows)), Resident(*arrays.values())
    size = sum(array[:1].nbytes for array in arrays.values())
    values = sum(np.prod(shape) for shape in found.values())
    batch_size = FEW_EVENTS if values > LARGE else EVENTS
    for start in range(0, len(rows), batch_size):
        part = slice(start, start + batch_size)
        filled = np.resize(rows[part], batch_size)
        predicted = network.predict_on_batch(raw_values(arrays, filled))
        probabilities[part] = predicted[: len(rows[part])]
        resident.touch(batch_size * size)
        progress.advance(len(rows[part]))
    return probabilities
