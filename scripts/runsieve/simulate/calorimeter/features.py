"""The seven features of an electron candidate and its mass, from the cells.

As defined in 'Learning to identify electrons' (Collado et al., Phys. Rev. D 103 (2021) 116028).
ecal has shape (events, 31, 31) and hcal (events, 8, 8): transverse energies in GeV, eta along the
first axis. All results are finite, of shape (events,), and 0 where their denominator is 0.
"""

import numpy as np

from runsieve.simulate.calorimeter.cells import DRAWN, ECAL, ETA, HCAL, PHI, places

CORE = 0.1  # distance from the centre within which cells are excluded from the isolation
LOG_WEIGHT = 4.7  # cells below exp(-4.7) of the window have no weight in sigma_eta_eta


def features(ecal: np.ndarray, hcal: np.ndarray) -> dict[str, np.ndarray]:
    """The seven features and the mass by name, each of shape (events,)."""
    return {
        "r_had": _ratio(hcal.sum(axis=(1, 2)), ecal.sum(axis=(1, 2))),
        "w_eta2": w_eta2(ecal),
        "r_phi": _ratio(window(ecal, 3, 3).sum((1, 2)), window(ecal, 3, 7).sum((1, 2))),
        "r_eta": _ratio(window(ecal, 3, 7).sum((1, 2)), window(ecal, 7, 7).sum((1, 2))),
        "sigma_eta_eta": sigma_eta_eta(ecal),
        "isolation_03": isolation(ecal, hcal, 0.3),
        "isolation_04": isolation(ecal, hcal, 0.4),
        "mass": mass(ecal, hcal),
    }


def window(ecal: np.ndarray, eta: int, phi: int) -> np.ndarray:
    """The eta x phi cells around the central one, shape (events, eta, phi)."""
    row, column = (ECAL - eta) // 2, (ECAL - phi) // 2
    return ecal[:, row : row + eta, column : column + phi]


def w_eta2(ecal: np.ndarray) -> np.ndarray:
    """Width in eta in 3 x 5 cells: sqrt(sum E eta^2 / sum E - (sum E eta / sum E)^2)."""
    return _width(window(ecal, 3, 5))


def sigma_eta_eta(ecal: np.ndarray) -> np.ndarray:
    """Width in eta in 5 x 5 cells with the weights max(0, 4.7 + ln(E / E5x5))."""
    cells = window(ecal, 5, 5)
    share = _ratio(cells, cells.sum(axis=(1, 2), keepdims=True))
    with np.errstate(divide="ignore"):
        return _width(np.maximum(0, LOG_WEIGHT + np.log(share)))


def isolation(ecal: np.ndarray, hcal: np.ndarray, radius: float) -> np.ndarray:
    """Energy of ECal and HCal, GeV, between CORE and `radius` from the centre."""
    total = np.zeros(len(ecal))
    for cells, size, scale in ((ecal, ECAL, 1), (hcal, HCAL, DRAWN)):
        distance = np.hypot(places(size, scale * ETA)[:, None], places(size, scale * PHI)[None, :])
        total += cells[:, (distance >= CORE) & (distance < radius)].sum(axis=1)
    return total


def mass(ecal: np.ndarray, hcal: np.ndarray) -> np.ndarray:
    """Invariant mass of the cells, GeV, each as massless: m^2 = E^2 - p^2."""
    energy = np.zeros(len(ecal))
    momentum = np.zeros((3, len(ecal)))
    for cells, size, scale in ((ecal, ECAL, 1), (hcal, HCAL, DRAWN)):
        eta, phi = places(size, scale * ETA), places(size, scale * PHI)
        energy += np.einsum("nij,i->n", cells, np.cosh(eta))
        momentum += [
            np.einsum("nij,j->n", cells, np.cos(phi)),
            np.einsum("nij,j->n", cells, np.sin(phi)),
            np.einsum("nij,i->n", cells, np.sinh(eta)),
        ]
    # Rounding can make it slightly negative.
    return np.sqrt(np.maximum(0, energy**2 - (momentum**2).sum(axis=0)))


def _width(weights: np.ndarray) -> np.ndarray:
    """Weighted standard deviation of eta, weights of shape (events, eta, phi)."""
    eta = places(weights.shape[1], ETA)[:, None]
    total = weights.sum(axis=(1, 2))
    mean = _ratio((weights * eta).sum(axis=(1, 2)), total)
    away = (eta - mean[:, None, None]) ** 2
    return np.sqrt(_ratio((weights * away).sum(axis=(1, 2)), total))


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)
