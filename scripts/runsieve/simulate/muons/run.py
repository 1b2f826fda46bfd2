"""Writing a simulated run: tree `event`, one entry per muon.

run, event, pt (of the muon), isolation_RR (transverse energy within 0.RR of it) and calorimeter
(image of transverse energy, float32, 32 x 32); all in GeV.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from runsieve.runs.writing import Columns, write_chunks
from runsieve.simulate.calorimeter.showers import surroundings, transverse_energies
from runsieve.simulate.events import numbered, require_kind, streams
from runsieve.simulate.muons.cells import CELL, RADII, SIDE, image_of, isolation
from runsieve.simulate.muons.parameters import HeavyJet, Parameters

CHUNK = 500  # muons per basket
SUMS = {f"isolation_{round(100 * radius):02d}": radius for radius in RADII}


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
    """Write a run of `events` muons to the ROOT file `path`; `channels` is not used.

    Raises RunsieveError where the parameters lack the kind of run.
    """
    require_kind(run, kind, parameters.kinds)
    branches = {
        "run": "int32",
        "event": "uint64",
        "pt": "float64",
        **dict.fromkeys(SUMS, "float64"),
        "calorimeter": np.dtype((np.float32, (SIDE, SIDE))),
    }
    chunks = _chunks(run, parameters.kinds[kind], events, parameters, seed)
    write_chunks(path, run, events, {"event": branches}, chunks)


def _chunks(
    run: int, what: str, events: int, parameters: Parameters, seed: int
) -> Iterator[dict[str, Columns]]:
    for rng, first, count in streams(seed, run, events, CHUNK):
        pt, image = muons(rng, count, what, parameters)
        yield {
            "event": {
                **numbered(run, first, count),
                "pt": pt,
                **{name: isolation(image, radius) for name, radius in SUMS.items()},
                "calorimeter": image.astype(np.float32),
            }
        }


def muons(
    rng: np.random.Generator, count: int, what: str, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray]:
    """Momenta of `count` muons, and the cells around them, GeV: (count,) and (count, 32, 32)."""
    pt = transverse_energies(rng, count, parameters.spectrum)
    soft = surroundings(rng, count, parameters.surroundings, SIDE / 2 * CELL)
    everywhere = [(soft.event, soft.eta, soft.phi, soft.et)]
    # What a muon leaves falls off as an exponential, whatever its momentum.
    left = rng.exponential(parameters.deposit, count)
    everywhere.append((np.arange(count), np.zeros(count), np.zeros(count), left))
    if what == "heavy":
        everywhere.append(_beside(rng, pt, parameters.jet))
    event, eta, phi, et = (np.concatenate(parts) for parts in zip(*everywhere, strict=True))
    et = et * np.clip(
        1 + parameters.resolution / np.sqrt(np.maximum(et, 0.1)) * rng.standard_normal(len(et)),
        0,
        None,
    )
    shower = rng.normal(0, parameters.smear, (2, len(et)))
    cells = image_of(event, eta + shower[0], phi + shower[1], et, count)
    return pt, np.where(cells < parameters.threshold, 0, cells)


def _beside(
    rng: np.random.Generator, pt: np.ndarray, jet: HeavyJet
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Particles of the jets that muons are in: event, eta, phi (from the muon) and et."""
    count = len(pt)
    share = np.clip(rng.beta(*jet.share, count), 1e-3, 1)
    others = 1 + rng.poisson(jet.particles, count)
    event = np.repeat(np.arange(count), others)
    part = rng.exponential(1, len(event))
    part /= np.bincount(event, part)[event]
    axis = rng.normal(0, jet.away, (2, count))[:, event]
    place = axis + rng.normal(0, jet.spread, (2, len(event)))
    return event, *place, (pt * (1 / share - 1))[event] * part
