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


def predict(network, arrays: Arrays, rows: np.ndarray, batch_size: int = 256) -> np.ndarray:
    """Probabilities of a Keras network for the given rows, float32 (rows, classes).

    Reads the arrays, each (rows, *shape) under the name of its input, batch by batch. Raises
    RunsieveError if the network was built for other inputs.
    """
    wanted = {tensor.name: tuple(tensor.shape[1:]) for tensor in network.inputs}
    found = {name: array.shape[1:] for name, array in arrays.items()}
    if wanted != found:
        raise RunsieveError(f"network: it takes events of the shapes {wanted}, found {found}")
    probabilities = np.empty((len(rows), network.output_shape[-1]), np.float32)
    progress, resident = Progress("events scored", len(rows)), Resident(*arrays.values())
    size = sum(array[:1].nbytes for array in arrays.values())
    for start in range(0, len(rows), batch_size):
        part = slice(start, start + batch_size)
        probabilities[part] = network.predict_on_batch(raw_values(arrays, rows[part]))
        resident.touch(batch_size * size)
        progress.advance(len(rows[part]))
    return probabilities
