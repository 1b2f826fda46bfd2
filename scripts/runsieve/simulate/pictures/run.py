"""Writing a run of drawn pictures, in the layout of ingested ones: tree `event`.

run, event, label (number of the class), width, height and image (uint8, side x side x 3).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from runsieve.runs.writing import Columns, write_chunks
from runsieve.simulate.events import numbered, require_kind, streams
from runsieve.simulate.pictures.drawing import picture
from runsieve.simulate.pictures.parameters import Parameters

CHUNK = 200  # pictures per basket


def write_run(
    path: str | Path,
    *,
    run: int,
    kind: str,
    events: int,
    channels: list[int],
    parameters: Parameters,
    seed: int,
) -> None:
    """Write a run of `events` pictures to the ROOT file `path`; `channels` is not used.

    Raises RunsieveError where the parameters lack the kind of run.
    """
    require_kind(run, kind, parameters.kinds)
    numbers = dict.fromkeys(("label", "width", "height"), "int32")
    image = np.dtype((np.uint8, (parameters.side, parameters.side, 3)))
    branches = {"run": "int32", "event": "uint64", **numbers, "image": image}
    chunks = _chunks(run, kind, events, parameters, seed)
    write_chunks(path, run, events, {"event": branches}, chunks)


def _chunks(
    run: int, kind: str, events: int, parameters: Parameters, seed: int
) -> Iterator[dict[str, Columns]]:
    weights = np.array(parameters.kinds[kind])
    for rng, first, count in streams(seed, run, events, CHUNK):
        labels = rng.choice(len(weights), count, p=weights / weights.sum()).astype(np.int32)
        drawn = [picture(rng, parameters.labels[label], parameters) for label in labels]
        sides = np.full(count, parameters.side, dtype=np.int32)
        yield {
            "event": {
                **numbered(run, first, count),
                "label": labels,
                "width": sides,
                "height": sides,
                "image": np.stack(drawn),
            }
        }
