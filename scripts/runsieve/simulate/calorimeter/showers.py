"""Where electrons and jets deposit energy: points in eta and phi."""

from dataclasses import dataclass

import numpy as np

from runsieve.simulate.calorimeter.parameters import (
    Electron,
    Jet,
    Parameters,
    Spectrum,
    Surroundings,
)


@dataclass(frozen=True)
class Particles:
    """What enters the calorimeter: event, eta, phi, et (GeV), and whether it is a hadron.

    All have shape (particles,).
    """

    event: np.ndarray
    eta: np.ndarray
    phi: np.ndarray
    et: np.ndarray
    hadron: np.ndarray

    @classmethod
    def together(cls, *parts: "Particles") -> "Particles":
        """Concatenate several lists of particles."""
        names = cls.__dataclass_fields__
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True)
class Deposits:
    """Points with energy: event, eta, phi, et (GeV), hadronic (bool), all of shape (points,)."""

    event: np.ndarray
    eta: np.ndarray
    phi: np.ndarray
    et: np.ndarray
    hadronic: np.ndarray


def transverse_energies(rng: np.random.Generator, count: int, spectrum: Spectrum) -> np.ndarray:
    """Energies from the spectrum, GeV, shape (count,)."""
    ends = np.exp(-np.array([spectrum.lowest, spectrum.highest]) / spectrum.slope)
    return -spectrum.slope * np.log(rng.uniform(ends[1], ends[0], count))


def electrons(rng: np.random.Generator, et: np.ndarray, settings: Electron) -> Particles:
    """One electron per event; the photon that it radiates is a particle of its own."""
    count = len(et)
    radiates = np.flatnonzero(rng.random(count) < settings.radiates)
    share = np.zeros(count)
    share[radiates] = rng.uniform(*settings.photon, len(radiates))
    bend = rng.choice([-1, 1], len(radiates)) * rng.uniform(*settings.bend, len(radiates))
    event = np.concatenate([np.arange(count), radiates])
    return Particles(
        event,
        np.zeros(len(event)),
        np.concatenate([np.zeros(count), bend]),
        np.concatenate([et * (1 - share), et[radiates] * share[radiates]]),
        np.zeros(len(event), dtype=bool),
    )


def jets(rng: np.random.Generator, et: np.ndarray, settings: Jet) -> Particles:
    """One jet per event: a leading particle at its centre, and others with the remaining energy."""
    count = len(et)
    others = 1 + rng.poisson(settings.particles, count)
    event = np.repeat(np.arange(count), others)
    part = rng.exponential(1, len(event))
    part /= np.bincount(event, part)[event]
    leading = rng.beta(*settings.leading, count)
    neutral = np.concatenate(
        [
            rng.random(count) < settings.leading_neutral,
            rng.random(len(event)) < settings.neutral,
        ]
    )
    place = rng.normal(0, settings.spread, (2, len(event)))
    event_of = np.concatenate([np.arange(count), event])
    particles = Particles(
        event_of,
        np.concatenate([np.zeros(count), place[0]]),
        np.concatenate([np.zeros(count), place[1]]),
        np.concatenate([et * leading, (et * (1 - leading))[event] * part]),
        ~neutral,
    )
    return _with_photons(rng, particles, settings.opening)


def _with_photons(rng: np.random.Generator, particles: Particles, opening: float) -> Particles:
    """Each neutral pion becomes two photons, on either side of its direction."""
    pions = np.flatnonzero(~particles.hadron)
    share = rng.uniform(0, 1, len(pions))
    distance, angle = rng.exponential(opening, len(pions)), rng.uniform(0, 2 * np.pi, len(pions))
    eta, phi = distance * np.cos(angle), distance * np.sin(angle)
    hadrons = _chosen(particles, particles.hadron, 1.0, 0.0, 0.0)
    # Each is displaced in proportion to the energy of the other, which keeps the direction.
    photons = [
        _chosen(particles, pions, part, away * eta, away * phi)
        for part, away in ((share, 1 - share), (1 - share, -share))
    ]
    return Particles.together(hadrons, *photons)


def _chosen(
    particles: Particles,
    which: np.ndarray,
    part: np.ndarray | float,
    eta: np.ndarray | float,
    phi: np.ndarray | float,
) -> Particles:
    return Particles(
        particles.event[which],
        particles.eta[which] + eta,
        particles.phi[which] + phi,
        particles.et[which] * part,
        particles.hadron[which],
    )


def surroundings(
    rng: np.random.Generator, count: int, settings: Surroundings, reach: float
) -> Particles:
    """Soft particles of `count` events, uniform within `reach` of the centre in eta and phi."""
    mean = np.full(count, float(settings.particles))
    if settings.variation > 0:
        shape = settings.variation**-2
        mean *= rng.gamma(shape, 1 / shape, count)
    event = np.repeat(np.arange(count), rng.poisson(mean))
    place = rng.uniform(-reach, reach, (2, len(event)))
    hadron = rng.random(len(event)) > 0.5
    return Particles(event, *place, rng.exponential(settings.energy, len(event)), hadron)


def deposits(rng: np.random.Generator, particles: Particles, parameters: Parameters) -> Deposits:
    """Spots of the showers of particles in both calorimeters.

    Each has the energy of a spot of its kind of shower, and the number of them is Poisson
    distributed: the energy of a particle is kept on average. Showers of photons and electrons are
    as wide as those of hadrons where they leak into the HCal.
    """
    behind = np.where(
        particles.hadron,
        1 - rng.beta(*parameters.jet.em_fraction, len(particles.et)),
        rng.beta(*parameters.leakage, len(particles.et)),
    )
    in_ecal = _spots(rng, particles, particles.et * (1 - behind), particles.hadron, parameters)
    everywhere = np.ones(len(behind), dtype=bool)
    in_hcal = _spots(rng, particles, particles.et * behind, everywhere, parameters)
    return Deposits(
        *(np.concatenate(pair) for pair in zip(in_ecal, in_hcal, strict=True)),
        np.repeat([False, True], [len(in_ecal[0]), len(in_hcal[0])]),
    )


def _spots(
    rng: np.random.Generator,
    particles: Particles,
    et: np.ndarray,
    wide: np.ndarray,
    parameters: Parameters,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Event, eta, phi and et of the spots of particles that leave `et` in a calorimeter."""
    narrow, broad = parameters.em_shower, parameters.hadron_shower
    spot = np.where(wide, broad.spot, narrow.spot)
    here = np.repeat(np.arange(len(et)), rng.poisson(et / spot))
    in_tail = rng.random(len(here)) < np.where(wide, broad.tail_share, narrow.tail_share)[here]
    core, tail = (
        np.where(wide, getattr(broad, part), getattr(narrow, part))[here]
        for part in ("core", "tail")
    )
    distance = rng.exponential(1, len(here)) * np.where(in_tail, tail, core)
    angle = rng.uniform(0, 2 * np.pi, len(here))
    return (
        particles.event[here],
        particles.eta[here] + distance * np.cos(angle),
        particles.phi[here] + distance * np.sin(angle),
        spot[here],
    )
