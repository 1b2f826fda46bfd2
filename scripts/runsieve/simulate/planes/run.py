"""Writing a simulated run: trees `event` and `truth`, one entry per trigger.

`event`: run, event, high (1 if a particle has high momentum), hits (pixels) and image
(uint8, 255 where there is a hit). `truth`: run, event and the highest momentum, GeV/c.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from runsieve.runs.writing import Columns, write_chunks
from runsieve.simulate.events import numbered, require_kind, streams
from runsieve.simulate.planes.hits import images
from runsieve.simulate.planes.parameters import Parameters
from runsieve.simulate.planes.tracks import crossings, draw_tracks

CHUNK = 100  # triggers per basket


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
    """Write a run of `events` triggers to the ROOT file `path`; `channels` is not used.

    Raises RunsieveError where the parameters lack the kind of run.
    """
    require_kind(run, kind, parameters.kinds)
    side = parameters.detector.image
    common = {"run": "int32", "event": "uint64"}
    image = np.dtype((np.uint8, (side, side)))
    trees = {
        "event": {**common, "high": "int32", "hits": "int32", "image": image},
        "truth": {**common, "momentum": "float64"},
    }
    write_chunks(path, run, events, trees, _chunks(run, events, parameters, seed))


def _chunks(
    run: int, events: int, parameters: Parameters, seed: int
) -> Iterator[dict[str, Columns]]:
    detector = parameters.detector
    for rng, first, count in streams(seed, run, events, CHUNK):
        tracks, high = draw_tracks(rng, count, parameters.particles, detector.image)
        seen = images(rng, crossings(tracks, detector), detector)
        common = numbered(run, first, count)
        hits = np.count_nonzero(seen, axis=(1, 2)).astype(np.int32)
        yield {
            "event": {**common, "high": high.astype(np.int32), "hits": hits, "image": seen},
            "truth": {**common, "momentum": tracks.momentum.max(axis=1)},
        }
