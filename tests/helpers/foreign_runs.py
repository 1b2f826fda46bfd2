"""Runs and an analysis as a user might bring them: other tree, branch names, units and layout."""

from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import uproot
import yaml

DETECTORS = 4
SAMPLES = 128
ANALYSIS: dict[str, Any] = {
    "title": "Four detectors of a foreign DAQ",
    "tree": "ntp",
    "channels": list(range(DETECTORS)),
    "channel_name": "detector",
    "columns": {
        "run": "runno",
        "event": "evtno",
        "energy": "e_eV[{channel}] / 1000",
        "clusters": "ncluster[{channel}]",
        "ls_energy": "ls_MeV * 1000",
        "muon_time": "dt_muon_ms",
        "hits": "nhit",
    },
    "keep": ["energy"],
    "selection": {
        "precut": {
            "energy": "energy > 0 && energy < 10",
            "clusters": "clusters >= 2",
            "muon veto": "muon_time > 30",
        },
        "by_kind": {
            "calibration": {"coincidence": "ls_energy > 20 || hits > 1"},
            "physics": {"no coincidence": "!(ls_energy > 20 || hits > 1)"},
        },
    },
    "classes": {"signal": {"kinds": ["calibration"]}, "background": {"kinds": ["physics"]}},
    "inputs": {
        "waveform": {
            "branches": ["det{channel}_left", "det{channel}_right"],
            "shape": [2 * SAMPLES],
            "baseline": {"samples": [0, 16]},
        }
    },
    "samples": {"detectors": {"balance": "weights"}},
    "models": {
        "energy_only": {
            "type": "binned",
            "column": "energy",
            "edges": {"start": 0, "stop": 10, "step": 2},
        },
        "small": {
            "type": "network",
            "towers": {"waveform": {"scaling": {"scale": 40}}},
            "dense": {"units": [8]},
            "training": {"epochs": 2},
        },
    },
    "baseline": "energy_only",
    "report": {"edges": {"start": 0, "stop": 10, "step": 2}, "bootstrap": 50},
}


def foreign_events(
    run: int, entries: int, coincident: float, artefact: float = 0.0
) -> dict[str, Any]:
    """Branches of one run: scalars, fixed arrays a detector, a jagged waveform a PMT.

    artefact: what is added to the first ten samples of each waveform
    """
    rng = np.random.default_rng(run)
    hit = rng.random((entries, DETECTORS)) < 0.4
    hit[np.arange(entries), rng.integers(DETECTORS, size=entries)] = True
    single = rng.random(entries) > coincident
    hit[single] = np.eye(DETECTORS, dtype=bool)[hit[single].argmax(axis=1)]
    branches = {
        "runno": np.full(entries, run, dtype=np.int32),
        "evtno": np.uint64(1000) + np.cumsum(rng.integers(1, 4, entries)).astype(np.uint64),
        "ls_MeV": np.where(single, 0.001, 0.2).astype(np.float32),
        "e_eV": np.where(hit, rng.exponential(6000, hit.shape), 0).astype(np.float32),
        "ncluster": np.where(hit, rng.integers(1, 8, hit.shape), 0).astype(np.int32),
        "nhit": hit.sum(axis=1).astype(np.int32),
        "dt_muon_ms": rng.exponential(200, entries).astype(np.float32),
    }
    for detector in range(DETECTORS):
        for side in ("left", "right"):
            samples = rng.normal(250, 3, (int(hit[:, detector].sum()), SAMPLES))
            samples[:, :10] += artefact
            counts = np.where(hit[:, detector], SAMPLES, 0)
            flat = samples.astype(np.uint16).ravel()
            branches[f"det{detector}_{side}"] = ak.unflatten(flat, counts)
    return branches


def passing(branches: dict[str, Any], detector: int, calibration: bool) -> np.ndarray:
    """Event numbers that pass the selection above, found without the project's code."""
    energy = branches["e_eV"][:, detector].astype(float) / 1000
    coincidence = (branches["ls_MeV"].astype(float) * 1000 > 20) | (branches["nhit"] > 1)
    good = (energy > 0) & (energy < 10) & (branches["ncluster"][:, detector] >= 2)
    good &= branches["dt_muon_ms"] > 30
    return branches["evtno"][good & (coincidence == calibration)]


def write_foreign_run(
    raw: Path, run: int, kind: str, coincident: float, artefact: float = 0.0
) -> str:
    """Write a run in two files; return its line of the run sheet."""
    branches = foreign_events(run, 1200, coincident, artefact)
    for part, (start, stop) in enumerate(((0, 500), (500, 1200))):
        with uproot.recreate(raw / f"daq{run}_{part}.root") as file:
            file.mktree("ntp", {name: values[start:stop] for name, values in branches.items()})
    return f"{run}\t{kind}\traw/daq{run}_*.root"


def write_foreign_analysis(folder: Path, artefact: float = 0.0) -> None:
    """Write two runs (the first in two files), their run sheet and the analysis into a checkout.

    artefact: of the first run, which is the signal, see `foreign_events`
    """
    raw = folder / "raw"
    raw.mkdir()
    lines = ["run\tkind\tfiles"]
    for run, kind, coincident in ((41, "calibration", 0.8), (42, "physics", 0.1)):
        planted = artefact if kind == "calibration" else 0.0
        lines.append(write_foreign_run(raw, run, kind, coincident, planted))
    (folder / "config/runs/foreign.tsv").write_text("\n".join(lines) + "\n")
    path = folder / "config/analyses/foreign.yaml"
    path.write_text(yaml.safe_dump(ANALYSIS, sort_keys=False))
