"""Writing a run of drawn waveforms: tree `event`.

run, event, label (number of the class) and waveform (uint16, one value per sample).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from runsieve.runs.writing import Columns, write_chunks
from runsieve.simulate.events import numbered, require_kind, streams
from runsieve.simulate.shapes.parameters import Parameters
from runsieve.simulate.shapes.waveforms import waveform

CHUNK = 200  # waveforms per basket


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
    """Write a run of `events` waveforms to the ROOT file `path`; `channels` is not used.

    Raises RunsieveError where the parameters lack the kind of run.
    """
    require_kind(run, kind, parameters.kinds)
    values = np.dtype((np.uint16, (parameters.samples,)))
    branches = {"run": "int32", "event": "uint64", "label": "int32", "waveform": values}
    write_chunks(path, run, events, {"event": branches}, _chunks(run, events, parameters, seed))


def _chunks(
    run: int, events: int, parameters: Parameters, seed: int
) -> Iterator[dict[str, Columns]]:
    classes = parameters.classes
    for rng, first, count in streams(seed, run, events, CHUNK):
        labels = rng.integers(len(classes), size=count).astype(np.int32)
        drawn = np.stack([waveform(rng, *classes[label], parameters) for label in labels])
        yield {"event": {**numbered(run, first, count), "label": labels, "waveform": drawn}}
