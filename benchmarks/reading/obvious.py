"""The obvious script: read everything, mask, convert."""

from pathlib import Path

import awkward as ak
import numpy as np
import uproot
from task import COLUMNS, STRIDE, TREE, WAVEFORM, timed


def work(raw: Path, output: Path) -> None:
    with uproot.open(raw) as file:
        events = file[TREE].arrays()
    energy, clusters, edge, ls_energy, muon_time, hits = (
        events[branch] for name, branch in COLUMNS.items() if name != "event"
    )
    mask = (energy > 0) & (energy < 10) & (muon_time > 30) & (edge > 2000) & (clusters >= 2)
    mask = mask & ~((ls_energy > 20) | (hits > 1))
    np.save(output, ak.to_numpy(events[mask][::STRIDE][WAVEFORM]).astype(np.float32))


timed(work)
