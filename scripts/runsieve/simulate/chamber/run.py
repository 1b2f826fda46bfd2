"""Writing a simulated run: trees `event` and `truth`, one entry per trigger.

`event`: run, event, hits (pixels) and image (rows x columns, 1 where a pixel is hit).
`truth`: run, event and tracks (pions, or the one muon).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from runsieve.runs.writing import Columns, write_chunks
from runsieve.simulate.chamber.hits import images
from runsieve.simulate.chamber.parameters import Parameters
from runsieve.simulate.chamber.tracks import annihilations, cosmic_muons
from runsieve.simulate.events import numbered, require_kind, streams

CHUNK = 250  # triggers per basket


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
    image = np.dtype((np.uint8, tuple(parameters.image)))
    common = {"run": "int32", "event": "uint64"}
    trees = {
        "event": {**common, "hits": "int32", "image": image},
        "truth": {**common, "tracks": "int32"},
    }
    write_chunks(path, run, events, trees, _chunks(run, kind, events, parameters, seed))


def _chunks(
    run: int, kind: str, events: int, parameters: Parameters, seed: int
) -> Iterator[dict[str, Columns]]:
    what = parameters.kinds[kind]
    for rng, first, count in streams(seed, run, events, CHUNK):
        if what == "cosmic":
            tracks = cosmic_muons(rng, count, parameters.image)
        else:
            tracks = annihilations(rng, count, what, parameters)
        seen = images(rng, tracks, count, parameters.image, parameters.tracker)
        common = numbered(run, first, count)
        hits = seen.sum(axis=(1, 2), dtype=np.int32)
        number = np.bincount(tracks.event, minlength=count).astype(np.int32)
        yield {
            "event": {**common, "hits": hits, "image": seen},
            "truth": {**common, "tracks": number},
        }
