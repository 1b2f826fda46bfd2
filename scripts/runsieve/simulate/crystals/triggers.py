"""Triggers of a run: which crystals are hit, at which energy, and what surrounds them.

Energies in keV, times in ns (onset), ms (muon) and s (trigger).
"""

from dataclasses import dataclass

import numpy as np

from runsieve.errors import RunsieveError
from runsieve.simulate.crystals.light import SCINTILLATION, Floats, Integers
from runsieve.simulate.crystals.parameters import Composition, Parameters

GOOD, HIGH_ENERGY, AFTER_MUON, EARLY_EDGE, ONE_SIDED = range(5)
LARGEST_GAP = 5  # maximum number of missing event numbers in one gap


@dataclass(frozen=True)
class Triggers:
    """One value per trigger; `steps`: increments of the event number, `waits`: of the time (s)."""

    steps: Integers
    waits: Floats
    ls_energy: Floats
    muon_time: Floats
    onset: Floats
    hits: Integers


@dataclass(frozen=True)
class Hits:
    """One value per hit crystal: its trigger, crystal number, energy (keV) and process.

    The process is that of `light`, or one more than the last of them for one-sided flashes.
    """

    trigger: Integers
    crystal: Integers
    energy: Floats
    process: Integers


def check_run(run: int, kind: str, channels: list[int], parameters: Parameters) -> None:
    """Raise RunsieveError where the parameters lack the run, its kind or a channel."""
    if kind not in parameters.kinds:
        raise RunsieveError(
            f"run {run} is of kind '{kind}': expected one of {', '.join(parameters.kinds)} "
            "(simulate.parameters.kinds)"
        )
    if unknown := [channel for channel in channels if channel not in parameters.light_yield]:
        raise RunsieveError(
            f"channel {unknown[0]} has no light yield in simulate.parameters.light_yield: "
            f"expected one of {', '.join(map(str, parameters.light_yield))}"
        )
    weights = parameters.occupancy.get(run, {})
    if not any(weights.get(channel, 0) for channel in channels):
        raise RunsieveError(
            f"run {run} has no weight for any of the channels {', '.join(map(str, channels))} "
            "in simulate.parameters.occupancy"
        )


def draw_triggers(
    rng: np.random.Generator,
    count: int,
    *,
    run: int,
    kind: str,
    channels: list[int],
    parameters: Parameters,
) -> tuple[Triggers, Hits]:
    """Draw `count` triggers and the crystals hit in them.

    Each has a main crystal among the channels; a second one may be any other crystal.
    """
    composition, trigger = parameters.kinds[kind], parameters.trigger
    flaw = rng.choice(5, count, p=_flaws(composition))
    coincident = rng.random(count) < composition.coincidence
    with_second = coincident & (rng.random(count) < composition.second_crystal)
    with_second &= len(parameters.light_yield) > 1

    weights = np.array([parameters.occupancy[run].get(channel, 0) for channel in channels])
    main = rng.choice(channels, count, p=weights / weights.sum())
    energy = draw_energies(rng, coincident, parameters)
    energy = np.where(flaw == HIGH_ENERGY, draw_high_energies(rng, count, parameters), energy)
    process = draw_processes(rng, energy, coincident, parameters)
    process[flaw == ONE_SIDED] = SCINTILLATION + len(parameters.noise) + 1

    second = np.flatnonzero(with_second)
    hits = Hits(
        np.concatenate([np.arange(count), second]),
        np.concatenate([main, draw_others(rng, main[second], list(parameters.light_yield))]),
        np.concatenate([energy, draw_high_energies(rng, len(second), parameters)]),
        np.concatenate([process, np.full(len(second), SCINTILLATION)]),
    )
    missing = (rng.random(count) < trigger.gap) * rng.integers(1, LARGEST_GAP + 1, count)
    early = rng.uniform(*parameters.record.early_onset, count)
    onset = parameters.record.onset + rng.random(count) * parameters.record.jitter
    triggers = Triggers(
        steps=1 + missing,
        waits=rng.exponential(1 / trigger.rate, count),
        ls_energy=draw_ls_energies(rng, coincident & ~with_second, parameters),
        muon_time=np.where(
            flaw == AFTER_MUON,
            rng.random(count) * trigger.muon_dead_time,
            trigger.muon_dead_time + rng.exponential(trigger.muon_interval, count),
        ),
        onset=np.where(flaw == EARLY_EDGE, early, onset),
        hits=1 + with_second,
    )
    return triggers, hits


def draw_energies(rng: np.random.Generator, signal: np.ndarray, parameters: Parameters) -> Floats:
    """Energies (keV) from the signal spectrum where `signal`, else from the background spectrum."""
    spectra = parameters.spectra
    edges = spectra.edges.array()
    bins = np.empty(len(signal), dtype=np.int64)
    for chosen, spectrum in ((signal, spectra.signal), (~signal, spectra.background)):
        shares = np.array(spectrum) / sum(spectrum)
        bins[chosen] = rng.choice(len(shares), np.count_nonzero(chosen), p=shares)
    return edges[bins + 1] - rng.random(len(signal)) * np.diff(edges)[bins]


def draw_high_energies(rng: np.random.Generator, count: int, parameters: Parameters) -> Floats:
    """Energies between the end of the spectra and the top of the model."""
    bottom = parameters.spectra.edges.array()[-1]
    return parameters.trigger.high_energy - rng.random(count) * (
        parameters.trigger.high_energy - bottom
    )


def draw_processes(
    rng: np.random.Generator, energy: Floats, signal: np.ndarray, parameters: Parameters
) -> Integers:
    """Processes of hits: noise only in single hits within the spectra, depending on energy."""
    spectra = parameters.spectra
    edges = spectra.edges.array()
    bins = np.clip(np.searchsorted(edges, energy, side="left") - 1, 0, len(edges) - 2)
    noisy = rng.random(len(energy)) < np.array(spectra.noise)[bins]
    noisy &= ~signal & (energy <= edges[-1])
    weights = np.array([kind.weight for kind in parameters.noise])
    kinds = rng.choice(len(weights), len(energy), p=weights / weights.sum())
    return np.where(noisy, SCINTILLATION + 1 + kinds, SCINTILLATION)


def draw_others(rng: np.random.Generator, main: Integers, crystals: list[int]) -> Integers:
    """For each crystal in `main`, a different one, at random."""
    places = np.searchsorted(np.sort(crystals), main)
    steps = rng.integers(1, max(len(crystals), 2), len(main))
    return np.sort(crystals)[(places + steps) % len(crystals)]


def draw_ls_energies(rng: np.random.Generator, above: np.ndarray, parameters: Parameters) -> Floats:
    """LS energies (keV), above the threshold where `above`, else below it."""
    trigger = parameters.trigger
    inside = -np.expm1(-trigger.ls_threshold / trigger.ls_noise)
    below = -trigger.ls_noise * np.log1p(-rng.random(len(above)) * inside)
    over = trigger.ls_threshold + rng.exponential(trigger.ls_mean, len(above))
    return np.where(above, over, below)


def _flaws(composition: Composition) -> Floats:
    shares = [
        composition.high_energy,
        composition.after_muon,
        composition.early_edge,
        composition.one_sided,
    ]
    return np.array([1 - sum(shares), *shares])
