"""Images of the hits in the planes."""

import numpy as np

from runsieve.simulate.planes.parameters import Detector
from runsieve.simulate.planes.tracks import columns_of

FULL = 255


def images(rng: np.random.Generator, rows: np.ndarray, detector: Detector) -> np.ndarray:
    """Images of events, uint8 of shape (events, image, image): 255 where there is a hit.

    rows: where particles cross the planes, shape (events, tracks, planes); NaN: not crossed.
    """
    seen = rows + rng.normal(0, detector.resolution, rows.shape)
    found = np.isfinite(seen) & (rng.random(rows.shape) < detector.efficiency)
    event, _, plane = np.nonzero(found)
    row = np.floor(seen[found]).astype(int)
    noise = rng.poisson(detector.noise, len(rows))
    event = np.concatenate([event, np.repeat(np.arange(len(rows)), noise)])
    plane = np.concatenate([plane, rng.integers(0, detector.planes, noise.sum())])
    row = np.concatenate([row, rng.integers(0, detector.image, noise.sum())])
    image = np.zeros((len(rows), detector.image, detector.image), dtype=np.uint8)
    column = np.floor(columns_of(detector)).astype(int)[plane]
    square = np.arange(detector.size) - detector.size // 2
    for down in square:
        inside = (row + down >= 0) & (row + down < detector.image)
        for right in square:
            image[event[inside], row[inside] + down, column[inside] + right] = FULL
    return image
