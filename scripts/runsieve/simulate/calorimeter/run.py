"""Writing a simulated run: tree `event`, one entry per electron candidate.

run, event, et (transverse energy in all cells, GeV), the seven features and the mass, and images of
transverse energy in GeV: ecal (31 x 31) and hcal (32 x 32: 8 x 8 cells, each repeated 4 x 4).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from runsieve.runs.writing import Columns, write_chunks
from runsieve.simulate.calorimeter.cells import (
    DRAWN,
    ECAL,
    ETA,
    HCAL,
    WIDE,
    centred,
    drawn,
    ecal_cells,
    hcal_cells,
    suppressed,
)
from runsieve.simulate.calorimeter.features import features
from runsieve.simulate.calorimeter.parameters import Parameters
from runsieve.simulate.calorimeter.showers import (
    Particles,
    deposits,
    electrons,
    jets,
    surroundings,
    transverse_energies,
)
from runsieve.simulate.events import numbered, require_kind, streams

CHUNK = 500  # candidates per basket
FEATURES = (
    "r_had",
    "w_eta2",
    "r_phi",
    "r_eta",
    "sigma_eta_eta",
    "isolation_03",
    "isolation_04",
    "mass",
)


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
    """Write a run of `events` candidates to the ROOT file `path`; `channels` is not used.

    Raises RunsieveError where the parameters lack the kind of run.
    """
    require_kind(run, kind, parameters.kinds)
    branches = {
        "run": "int32",
        "event": "uint64",
        "et": "float64",
        **dict.fromkeys(FEATURES, "float64"),
        "ecal": np.dtype((np.float32, (ECAL, ECAL))),
        "hcal": np.dtype((np.float32, (HCAL * DRAWN, HCAL * DRAWN))),
    }
    chunks = _chunks(run, parameters.kinds[kind], events, parameters, seed)
    write_chunks(path, run, events, {"event": branches}, chunks)


def _chunks(
    run: int, what: str, events: int, parameters: Parameters, seed: int
) -> Iterator[dict[str, Columns]]:
    for rng, first, count in streams(seed, run, events, CHUNK):
        ecal, hcal = candidates(rng, count, what, parameters)
        yield {
            "event": {
                **numbered(run, first, count),
                "et": ecal.sum(axis=(1, 2)) + hcal.sum(axis=(1, 2)),
                **features(ecal, hcal),
                "ecal": ecal.astype(np.float32),
                "hcal": drawn(hcal).astype(np.float32),
            }
        }


def candidates(
    rng: np.random.Generator, count: int, what: str, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray]:
    """Cells of `count` electrons or jets, GeV: ECal (count, 31, 31) and HCal (count, 8, 8)."""
    et = transverse_energies(rng, count, parameters.spectrum)
    if what == "electron":
        particles = electrons(rng, et, parameters.electron)
    else:
        particles = jets(rng, et, parameters.jet)
    soft = surroundings(rng, count, parameters.surroundings, WIDE / 2 * ETA)
    points = deposits(rng, Particles.together(particles, soft), parameters)
    in_ecal = rng.normal(0, parameters.ecal.noise, (count, WIDE, WIDE))
    in_hcal = rng.normal(0, parameters.hcal.noise, (count, HCAL, HCAL))
    points, in_ecal = centred(points, count, in_ecal)
    return (
        suppressed(ecal_cells(points, count) + in_ecal, parameters.ecal.threshold),
        suppressed(hcal_cells(points, count) + in_hcal, parameters.hcal.threshold),
    )
