"""Cells of the calorimeters around the hottest cell of the ECal.

The first axis is eta, the second phi. The ECal has 31 x 31 cells of 0.025 x pi/126, the HCal 8 x 8,
each as large as 4 x 4 of the ECal, with the corner of four cells at the centre.
"""

from dataclasses import replace

import numpy as np

from runsieve.simulate.calorimeter.showers import Deposits

ECAL, HCAL, DRAWN = 31, 8, 4
ETA, PHI = 0.025, np.pi / 126
WIDE = 61  # side of the square of cells in which the hottest is searched for


def centred(deposits: Deposits, count: int, noise: np.ndarray) -> tuple[Deposits, np.ndarray]:
    """Shift `count` events so that the hottest ECal cell of each, noise included, is at 0, 0.

    noise: GeV, shape (count, WIDE, WIDE). Returns the deposits and the noise of the cells around
    the hottest, shape (count, 31, 31); beyond the square it goes on at the opposite side, which is
    as independent.
    """
    wide = (ecal_cells(deposits, count, WIDE) + noise).reshape(count, -1)
    row, column = np.divmod(wide.argmax(axis=1), WIDE)
    eta, phi = (row - WIDE // 2) * ETA, (column - WIDE // 2) * PHI
    around = np.arange(ECAL) - ECAL // 2
    rows = (row[:, None, None] + around[:, None]) % WIDE
    columns = (column[:, None, None] + around) % WIDE
    shifted = replace(
        deposits,
        eta=deposits.eta - eta[deposits.event],
        phi=deposits.phi - phi[deposits.event],
    )
    return shifted, noise[np.arange(count)[:, None, None], rows, columns]


def ecal_cells(deposits: Deposits, count: int, size: int = ECAL) -> np.ndarray:
    """Transverse energy in the cells of the ECal, GeV, shape (count, size, size)."""
    return _cells(deposits, ~deposits.hadronic, count, size, 1)


def hcal_cells(deposits: Deposits, count: int) -> np.ndarray:
    """Transverse energy in the cells of the HCal, GeV, shape (count, 8, 8)."""
    return _cells(deposits, deposits.hadronic, count, HCAL, DRAWN)


def suppressed(cells: np.ndarray, threshold: float) -> np.ndarray:
    """Cells of which those below the threshold (GeV) are 0."""
    return np.where(cells < threshold, 0, cells)


def drawn(cells: np.ndarray) -> np.ndarray:
    """HCal cells (events, 8, 8) as pixels (events, 32, 32): each is repeated 4 x 4."""
    return cells.repeat(DRAWN, axis=1).repeat(DRAWN, axis=2)


def places(size: int, width: float) -> np.ndarray:
    """Centres of `size` cells of this width around 0, shape (size,)."""
    return (np.arange(size) - (size - 1) / 2) * width


def _cells(deposits: Deposits, which: np.ndarray, count: int, size: int, scale: int) -> np.ndarray:
    row = np.floor(deposits.eta[which] / (scale * ETA) + size / 2).astype(int)
    column = np.floor(deposits.phi[which] / (scale * PHI) + size / 2).astype(int)
    inside = (row >= 0) & (row < size) & (column >= 0) & (column < size)
    place = (deposits.event[which] * size + row) * size + column
    sums = np.bincount(place[inside], deposits.et[which][inside], count * size * size)
    return sums.reshape(count, size, size)
