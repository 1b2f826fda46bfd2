"""Photoelectrons of an event: how many, when, in which photomultiplier, of what charge.

Times are in ns after the onset of the pulse, charges in units of the mean charge of a single
photoelectron. A hit of charge Q (light yield times energy) has

- N >= 2 photoelectrons, p(N|Q) proportional to Gamma(Q; shape k N, scale 1/k): a flat prior on N,
  and charges that are gamma distributed with mean 1 and width 1/sqrt(k);
- charges Q Dirichlet(k, ..., k): the proportions of gamma variables don't depend on their sum;
- times and photomultipliers that are independent given the process (and its fraction in PMT 0).

A hit is kept if each photomultiplier has a photoelectron within the gate; otherwise everything but
Q and the process is drawn again. p(N|Q) and the charges are the same for all processes.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln, roots_jacobi

from runsieve.errors import RunsieveError
from runsieve.simulate.crystals.parameters import Parameters

SCINTILLATION = 1  # process numbers of the truth tree; the kinds of noise follow in their order
FEWEST = 2  # photoelectrons: one for each photomultiplier
LOWEST_ACCEPTANCE = 1e-3  # of a pair of photoelectrons: below it, drawing again takes too long

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Process:
    """A source of light: its time distribution and the fraction of its light in PMT 0.

    weights, decays (ns; infinite: uniform): two exponentials, each normalised within the window.
    share: a and b of the beta distribution of the fraction in PMT 0; None: one half.
    """

    weights: tuple[float, float]
    decays: tuple[float, float]
    share: tuple[float, float] | None
    window: float

    def log_density(self, times: Floats) -> Floats:
        """Logarithm of the probability density (1/ns) at `times` within the window."""
        density = np.zeros_like(times)
        for weight, decay in zip(self.weights, self.decays, strict=True):
            if np.isinf(decay):
                density += weight / self.window
            else:
                density += weight * np.exp(-times / decay) / (decay * self._inside(decay))
        return np.log(density)

    def cumulative(self, time: float) -> float:
        """Probability of a photoelectron before `time` (ns, within the window)."""
        return sum(
            weight
            * (
                time / self.window
                if np.isinf(decay)
                else -np.expm1(-time / decay) / self._inside(decay)
            )
            for weight, decay in zip(self.weights, self.decays, strict=True)
        )

    def times(self, rng: np.random.Generator, count: int) -> Floats:
        """Draw `count` times (ns)."""
        first = rng.random(count) < self.weights[0]
        uniform = rng.random(count)
        times = np.empty(count)
        for chosen, decay in zip((first, ~first), self.decays, strict=True):
            if np.isinf(decay):
                times[chosen] = uniform[chosen] * self.window
            else:
                times[chosen] = -decay * np.log1p(-uniform[chosen] * self._inside(decay))
        return times

    def draw(self, rng: np.random.Generator, hit: Integers) -> tuple[Integers, Floats]:
        """PMTs and times of photoelectrons; `hit`: the hit (0, 1, ...) of each."""
        share = 0.5
        if self.share is not None:
            share = rng.beta(*self.share, size=int(hit.max()) + 1)[hit]
        return (rng.random(len(hit)) >= share).astype(np.int64), self.times(rng, len(hit))

    def log_shared(self, in_first: Integers, in_second: Integers) -> Floats:
        """Log probability that `in_first` photoelectrons are in PMT 0 and `in_second` in PMT 1."""
        if self.share is None:
            return (in_first + in_second) * np.log(0.5)
        a, b = self.share
        return betaln(a + in_first, b + in_second) - betaln(a, b)

    def acceptance(self, counts: Integers, gate: float) -> Floats:
        """Probability that `counts` photoelectrons put at least one within the gate in each PMT.

        With the fraction s in PMT 0 and the probability F of the gate, it is
        1 - (1-sF)^N - (1-(1-s)F)^N + (1-F)^N. The mean over s is a Gauss-Jacobi sum, exact for
        these polynomials of degree N.
        """
        inside = self.cumulative(gate)
        if self.share is None:
            shares, weights = np.array([0.5]), np.array([1.0])
        else:
            a, b = self.share
            nodes, weights = roots_jacobi(int(counts.max()) // 2 + 1, b - 1, a - 1)
            shares, weights = (1 + nodes) / 2, weights / weights.sum()
        powers = counts[:, None]
        missed = (1 - shares * inside) ** powers + (1 - (1 - shares) * inside) ** powers
        return 1 - missed @ weights + (1 - inside) ** counts

    def _inside(self, decay: float) -> float:
        return -np.expm1(-self.window / decay)


def processes(parameters: Parameters) -> list[Process]:
    """Scintillation and then the kinds of noise: process number p is element p - 1."""
    window, light = parameters.record.window, parameters.scintillation
    return [
        Process((1 - light.slow, light.slow), (light.decay, light.slow_decay), None, window),
        *(
            Process((1 - kind.late, kind.late), (kind.decay, np.inf), kind.share, window)
            for kind in parameters.noise
        ),
    ]


@dataclass(frozen=True)
class CountLaw:
    """p(N|Q): the number of photoelectrons behind a charge.

    shape: k, the inverse square of the single-photoelectron resolution.
    counts: the numbers that can be drawn, from 2 to far beyond the highest charge.
    """

    shape: float
    counts: Integers

    @classmethod
    def up_to(cls, charge: float, resolution: float) -> "CountLaw":
        """The law for charges of at most `charge`; the neglected probability is below 1e-15."""
        highest = charge + 10 * resolution * np.sqrt(charge) + 20 * resolution**2 + 10
        return cls(resolution**-2, np.arange(FEWEST, int(np.ceil(highest)) + 1))

    def probabilities(self, charges: Floats) -> Floats:
        """p(N|Q), shape (charges, counts)."""
        logarithms = np.outer(np.log(self.shape * charges), self.shape * self.counts)
        logarithms -= gammaln(self.shape * self.counts)
        logarithms -= logarithms.max(axis=1, keepdims=True)
        weights = np.exp(logarithms)
        return weights / weights.sum(axis=1, keepdims=True)

    def draw(self, rng: np.random.Generator, probabilities: Floats) -> Integers:
        """One number per row of `probabilities`."""
        steps = np.cumsum(probabilities, axis=1)
        chosen = (rng.random(len(steps))[:, None] * steps[:, -1:] >= steps).sum(axis=1)
        return self.counts[chosen]


@dataclass(frozen=True)
class Photoelectrons:
    """All photoelectrons of many hits, flat: hit number, PMT (0, 1), time (ns), charge."""

    hit: Integers
    pmt: Integers
    time: Floats
    charge: Floats

    def clusters(self, hits: int, gap: float) -> Integers:
        """Groups of photoelectrons more than `gap` ns apart in a PMT, summed over both PMTs."""
        order = np.lexsort((self.time, self.pmt, self.hit))
        place = 2 * self.hit[order] + self.pmt[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(place) != 0) | (np.diff(self.time[order]) > gap)
        return np.bincount(self.hit[order][first], minlength=hits)

    def asymmetry(self, hits: int) -> Floats:
        """(q0 - q1) / (q0 + q1) of the charges in the two photomultipliers."""
        difference = np.bincount(self.hit, self.charge * (1 - 2 * self.pmt), hits)
        return difference / np.bincount(self.hit, self.charge, hits)


@dataclass(frozen=True)
class LightModel:
    """The processes, the law of the number of photoelectrons and the trigger of a detector."""

    processes: list[Process]
    counts: CountLaw
    gate: float
    flash_length: float

    @classmethod
    def of(cls, parameters: Parameters) -> "LightModel":
        """The model for all charges that the parameters allow.

        Raises RunsieveError where the trigger would almost never keep a pair of photoelectrons.
        """
        top = max(parameters.light_yield.values()) * parameters.trigger.high_energy
        model = cls(
            processes(parameters),
            CountLaw.up_to(top, parameters.electronics.resolution),
            parameters.trigger.gate,
            parameters.trigger.cluster_gap,
        )
        names = ("scintillation", *(f"noise '{kind.name}'" for kind in parameters.noise))
        for name, kept in zip(names, model.acceptances[:, 0], strict=True):
            if kept < LOWEST_ACCEPTANCE:
                raise RunsieveError(
                    f"simulate.parameters: the trigger keeps a fraction of {kept:.1e} of the pairs "
                    f"of photoelectrons of {name}, expected at least {LOWEST_ACCEPTANCE:g}: "
                    "a longer trigger.gate or a more even share avoids it"
                )
        return model

    @property
    def flash(self) -> int:
        """Process number of one-sided flashes, which no trigger of two PMTs would keep."""
        return SCINTILLATION + len(self.processes)

    @cached_property
    def acceptances(self) -> Floats:
        """Probability of the trigger, shape (processes, counts)."""
        return np.array([p.acceptance(self.counts.counts, self.gate) for p in self.processes])

    def draw(self, rng: np.random.Generator, charges: Floats, process: Integers) -> Photoelectrons:
        """Photoelectrons of triggered hits and of flashes, of given total charges."""
        probabilities = self.counts.probabilities(charges)
        hits, pmts, times = [], [], []
        for number in np.unique(process):
            waiting = np.flatnonzero(process == number)
            while len(waiting):
                counts = self.counts.draw(rng, probabilities[waiting])
                hit = np.repeat(np.arange(len(waiting)), counts)
                if number == self.flash:
                    pmt = rng.integers(2, size=len(waiting))[hit]
                    time = rng.random(len(hit)) * self.flash_length
                    kept = np.ones(len(waiting), dtype=bool)
                else:
                    pmt, time = self.processes[number - SCINTILLATION].draw(rng, hit)
                    kept = self.triggered(hit, pmt, time, len(waiting))
                hits.append(waiting[hit[kept[hit]]])
                pmts.append(pmt[kept[hit]])
                times.append(time[kept[hit]])
                waiting = waiting[~kept]
        hit = np.concatenate(hits)
        charge = draw_charges(rng, hit, charges, self.counts.shape)
        return Photoelectrons(hit, np.concatenate(pmts), np.concatenate(times), charge)

    def triggered(self, hit: Integers, pmt: Integers, time: Floats, hits: int) -> Flags:
        """True for each of `hits` hits that has a photoelectron within the gate in each PMT."""
        within = np.bincount(2 * hit + pmt, time <= self.gate, 2 * hits)
        return (within.reshape(-1, 2) > 0).all(axis=1)


def draw_charges(rng: np.random.Generator, hit: Integers, charges: Floats, shape: float) -> Floats:
    """Charges of photoelectrons that add up to the charge of their hit: Q Dirichlet(k, ..., k)."""
    parts = rng.standard_gamma(shape, len(hit))
    return parts * (charges / np.bincount(hit, parts, len(charges)))[hit]
