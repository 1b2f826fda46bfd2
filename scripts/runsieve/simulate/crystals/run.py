"""Writing a simulated run: trees `event` and `truth`, one entry per trigger.

`event`: run, event, time (s), ls_energy (keV), muon_time (ms since the last muon), hits (crystals),
and per crystal N: crystalN_energy (keV), crystalN_clusters (over both PMTs), crystalN_trigger_edge
(ns), crystalN_asymmetry and crystalN_waveform (PMT 0's samples, then PMT 1's; empty where not hit).
Where a crystal is not hit its numbers are 0.

`truth`: run, event, and per crystal crystalN_process (0 not hit, 1 scintillation, then the kinds of
noise in their order, last one-sided flashes), crystalN_photoelectrons, and the two parts of the log
likelihood ratio, crystalN_llr_shape and crystalN_llr_energy (NaN where not hit and where the model
has no second class: flashes, and energies outside the spectra).
"""

from collections.abc import Iterator
from pathlib import Path

import awkward as ak
import numpy as np

from runsieve.runs.writing import write_chunks
from runsieve.simulate.crystals.electronics import waveforms
from runsieve.simulate.crystals.light import LightModel
from runsieve.simulate.crystals.oracle import log_energy_ratio, log_shape_ratio
from runsieve.simulate.crystals.parameters import Parameters
from runsieve.simulate.crystals.triggers import Hits, Triggers, check_run, draw_triggers
from runsieve.simulate.events import streams

CHUNK = 256  # triggers per basket: with six crystals about 45 waveforms each

Columns = dict[str, np.ndarray | ak.Array]


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
    """Write a run of `events` triggers to the ROOT file `path`.

    Every chunk has a random stream of its own, which follows from (seed, run) and its number.
    Raises RunsieveError where the parameters lack the run, its kind or a channel.
    """
    check_run(run, kind, channels, parameters)
    trees = {"event": event_branches(channels), "truth": truth_branches(channels)}
    chunks = _chunks(run, kind, events, channels, parameters, seed)
    write_chunks(path, run, events, trees, chunks)


def _chunks(
    run: int, kind: str, events: int, channels: list[int], parameters: Parameters, seed: int
) -> Iterator[dict[str, Columns]]:
    model = LightModel.of(parameters)
    event, moment = 0, 0.0
    for rng, _, count in streams(seed, run, events, CHUNK):
        triggers, hits = draw_triggers(
            rng, count, run=run, kind=kind, channels=channels, parameters=parameters
        )
        common = {
            "run": np.full(count, run, dtype=np.int32),
            "event": (event + np.cumsum(triggers.steps)).astype(np.uint64),
        }
        moments = moment + np.cumsum(triggers.waits)
        event, moment = int(common["event"][-1]), float(moments[-1])
        seen, truth = crystal_columns(rng, triggers, hits, channels, parameters, model)
        yield {
            "event": {**common, "time": moments, **trigger_columns(triggers), **seen},
            "truth": {**common, **truth},
        }


def event_branches(channels: list[int]) -> dict[str, str]:
    """Branches of the tree `event` and their types."""
    branches = {
        "run": "int32",
        "event": "uint64",
        "time": "float64",
        "ls_energy": "float64",
        "muon_time": "float64",
        "hits": "int32",
    }
    for channel in channels:
        branches |= {
            f"crystal{channel}_energy": "float64",
            f"crystal{channel}_clusters": "int32",
            f"crystal{channel}_trigger_edge": "float64",
            f"crystal{channel}_asymmetry": "float64",
            f"crystal{channel}_waveform": "var * uint16",
        }
    return branches


def truth_branches(channels: list[int]) -> dict[str, str]:
    """Branches of the tree `truth` and their types."""
    branches = {"run": "int32", "event": "uint64"}
    for channel in channels:
        branches |= {
            f"crystal{channel}_process": "int32",
            f"crystal{channel}_photoelectrons": "int32",
            f"crystal{channel}_llr_shape": "float64",
            f"crystal{channel}_llr_energy": "float64",
        }
    return branches


def trigger_columns(triggers: Triggers) -> Columns:
    """Columns of the whole detector."""
    return {
        "ls_energy": triggers.ls_energy,
        "muon_time": triggers.muon_time,
        "hits": triggers.hits.astype(np.int32),
    }


def crystal_columns(
    rng: np.random.Generator,
    triggers: Triggers,
    hits: Hits,
    channels: list[int],
    parameters: Parameters,
    model: LightModel,
) -> tuple[Columns, Columns]:
    """Columns of the crystals in `channels` for the trees `event` and `truth`."""
    count = len(hits.energy)
    yields = np.array([parameters.light_yield[crystal] for crystal in hits.crystal.tolist()])
    charges = yields * hits.energy
    light = model.draw(rng, charges, hits.process)
    onset = triggers.onset[hits.trigger]
    records = waveforms(rng, light, onset, parameters)
    seen = {
        "energy": hits.energy,
        "clusters": light.clusters(count, parameters.trigger.cluster_gap).astype(np.int32),
        "trigger_edge": onset,
        "asymmetry": light.asymmetry(count),
    }
    shape = log_shape_ratio(hits.energy, charges, light, parameters, model)
    truth = {
        "process": hits.process.astype(np.int32),
        "photoelectrons": np.bincount(light.hit, minlength=count).astype(np.int32),
        "llr_shape": np.where(hits.process == model.flash, np.nan, shape),
        "llr_energy": np.where(
            hits.process == model.flash, np.nan, log_energy_ratio(hits.energy, parameters.spectra)
        ),
    }
    event_columns: Columns = {}
    truth_columns: Columns = {}
    for channel in channels:
        mine = np.flatnonzero(hits.crystal == channel)
        mine = mine[np.argsort(hits.trigger[mine])]
        where = hits.trigger[mine], len(triggers.hits)
        for name, values in seen.items():
            event_columns[f"crystal{channel}_{name}"] = _spread(values[mine], *where, 0)
        for name, values in truth.items():
            empty = np.nan if name.startswith("llr_") else 0
            truth_columns[f"crystal{channel}_{name}"] = _spread(values[mine], *where, empty)
        lengths = _spread(np.full(len(mine), records.shape[1]), *where, 0)
        samples = ak.unflatten(records[mine].reshape(-1), lengths)
        event_columns[f"crystal{channel}_waveform"] = samples
    return event_columns, truth_columns


def _spread(values: np.ndarray, places: np.ndarray, size: int, empty: float) -> np.ndarray:
    whole = np.full(size, empty, dtype=values.dtype)
    whole[places] = values
    return whole
