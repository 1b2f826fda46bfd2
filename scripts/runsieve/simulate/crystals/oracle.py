"""The exact log likelihood ratio of a simulated hit, signal to background: the best score.

With E the energy, L the likelihood of the photoelectrons' times and photomultipliers, A(E) the
probability of the trigger, f(E) the fraction of noise in the background, w_k the weights of the
kinds of noise:

    p(data|signal)     = p(E|signal) L_sc / A_sc(E)
    p(data|background) = p(E|background) [f(E) sum_k w_k L_k / A_k(E) + (1 - f(E)) L_sc / A_sc(E)]

The law of the number of photoelectrons and of their charges (see `light`) is common to all, and
cancels except in A(E) = sum_N p(N|E) A(N).
"""

import numpy as np
from scipy.special import logsumexp

from runsieve.simulate.crystals.light import Floats, LightModel, Photoelectrons
from runsieve.simulate.crystals.parameters import Parameters, Spectra


def log_energy_ratio(energies: Floats, spectra: Spectra) -> Floats:
    """Log of p(E|signal) / p(E|background); NaN outside the spectra. Energies in keV."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(spectra.signal) - np.log(spectra.background)
    ratio += np.log(sum(spectra.background)) - np.log(sum(spectra.signal))
    return _per_bin(ratio, energies, spectra)


def log_shape_ratio(
    energies: Floats,
    charges: Floats,
    light: Photoelectrons,
    parameters: Parameters,
    model: LightModel,
) -> Floats:
    """Log of p(times, PMTs|E, signal) / p(times, PMTs|E, background); NaN outside the spectra.

    energies (keV) and charges (photoelectrons): shape (hits,); `light` holds all their
    photoelectrons; `model` is that of the parameters.
    """
    hits = len(charges)
    in_first = np.bincount(light.hit, light.pmt == 0, hits)
    in_second = np.bincount(light.hit, light.pmt == 1, hits)
    accepted = model.counts.probabilities(charges) @ model.acceptances.T
    scintillation, *noise = (
        np.bincount(light.hit, process.log_density(light.time), hits)
        + process.log_shared(in_first, in_second)
        - np.log(accepted[:, place])
        for place, process in enumerate(model.processes)
    )
    weights = np.array([kind.weight for kind in parameters.noise])
    mixed = logsumexp(noise, axis=0, b=(weights / weights.sum())[:, None])
    share = _per_bin(np.array(parameters.spectra.noise), energies, parameters.spectra)
    with np.errstate(divide="ignore", invalid="ignore"):
        background = np.logaddexp(np.log(share) + mixed, np.log1p(-share) + scintillation)
    return scintillation - background


def _per_bin(values: Floats, energies: Floats, spectra: Spectra) -> Floats:
    """The value of the bin of each energy; NaN outside. Bins contain their upper edge."""
    edges = spectra.edges.array()
    bins = np.searchsorted(edges, energies, side="left") - 1
    inside = (bins >= 0) & (bins < len(values))
    return np.where(inside, values[np.clip(bins, 0, len(values) - 1)], np.nan)
