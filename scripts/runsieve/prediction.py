"""Scores: the probabilities that a model gives to each event of a sample."""

import time
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.mapped import Resident
from runsieve.sample_files import raw_values

PROGRESS = 10.0  # seconds between progress lines


def predict(
    network, arrays: Mapping[str, np.ndarray], rows: np.ndarray, batch_size: int = 256
) -> np.ndarray:
    """Probabilities of a Keras network for the given rows, float32 (rows, classes).

    Reads the arrays, each (rows, *shape) under the name of its input, batch by batch. Raises
    RunsieveError if the network was built for other inputs.
    """
    wanted = {tensor.name: tuple(tensor.shape[1:]) for tensor in network.inputs}
    found = {name: array.shape[1:] for name, array in arrays.items()}
    if wanted != found:
        raise RunsieveError(f"network: it takes events of the shapes {wanted}, found {found}")
    probabilities = np.empty((len(rows), network.output_shape[-1]), np.float32)
    said, resident = time.monotonic(), Resident(*arrays.values())
    size = sum(array[:1].nbytes for array in arrays.values())
    for start in range(0, len(rows), batch_size):
        part = slice(start, start + batch_size)
        probabilities[part] = network.predict_on_batch(raw_values(arrays, rows[part]))
        resident.touch(batch_size * size)
        if time.monotonic() - said > PROGRESS:
            said = time.monotonic()
            print(f"scored {min(part.stop, len(rows))} of {len(rows)} events", flush=True)
    return probabilities


def score_table(
    events: pd.DataFrame,
    probabilities: np.ndarray,
    classes: Sequence[str],
    variable: str | None = None,
) -> pd.DataFrame:
    """Scores in the order of the events: run, event, channel, class, [variable], split, p_CLASS.

    `probabilities` has shape (events, classes). Raises RunsieveError if the sample lacks the
    variable, or if the model knows another number of classes.
    """
    if probabilities.shape != (len(events), len(classes)):
        raise RunsieveError(
            f"model: it tells {probabilities.shape[1]} classes apart, "
            f"but the sample has {len(classes)}: {', '.join(classes)}"
        )
    if variable is not None and variable not in events.columns:
        raise RunsieveError(
            f"sample: no column {variable} to bin the report in; "
            f"columns: {', '.join(map(str, events.columns))}"
        )
    names = ["run", "event", "channel", "class", variable, "split"]
    scores = events[[name for name in names if name is not None]].reset_index(drop=True)
    for label, name in enumerate(classes):
        scores[f"p_{name}"] = probabilities[:, label].astype(np.float32)
    return scores
