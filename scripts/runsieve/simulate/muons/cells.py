"""Energy around a muon: an image, and sums within circles (isolation).

The image has 32 x 32 cells of 0.025 x 0.025 in eta and phi, with the muon at the corner of the four
in the middle; the first axis is eta.
"""

import numpy as np

SIDE, CELL = 32, 0.025
RADII = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)


def image_of(
    event: np.ndarray, eta: np.ndarray, phi: np.ndarray, et: np.ndarray, count: int
) -> np.ndarray:
    """Transverse energy in the cells, GeV, (count, 32, 32), of points with these coordinates."""
    row, column = (np.floor(one / CELL + SIDE / 2).astype(int) for one in (eta, phi))
    inside = (row >= 0) & (row < SIDE) & (column >= 0) & (column < SIDE)
    place = (event * SIDE + row) * SIDE + column
    sums = np.bincount(place[inside], et[inside], count * SIDE * SIDE)
    return sums.reshape(count, SIDE, SIDE)


def isolation(image: np.ndarray, radius: float) -> np.ndarray:
    """Transverse energy within a distance of the muon, GeV, shape (events,)."""
    centre = (np.arange(SIDE) - (SIDE - 1) / 2) * CELL
    near = np.hypot(centre[:, None], centre[None, :]) < radius
    return image[:, near].sum(axis=1)
