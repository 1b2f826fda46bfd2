"""Hit pixels of tracks."""

import numpy as np

from runsieve.simulate.chamber.parameters import Tracker
from runsieve.simulate.chamber.tracks import Tracks

STEP = 0.25  # pixels; short enough to miss hardly any pixel on the path


def images(
    rng: np.random.Generator, tracks: Tracks, count: int, image: tuple[int, int], tracker: Tracker
) -> np.ndarray:
    """Images of `count` events, uint8 of shape (count, rows, columns): 1 where a pixel is hit."""
    on_path = np.zeros((count, *image), dtype=bool)
    on_path[paths(tracks, image)] = True
    hit = on_path & (rng.random(on_path.shape) < tracker.efficiency)
    hit |= rng.random(on_path.shape) < tracker.noise
    return hit.astype(np.uint8)


def paths(tracks: Tracks, image: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Event, row and column of all pixels that tracks cross, with repetitions."""
    longest = np.hypot(*image)
    steps = np.arange(-longest if tracks.both_ways else 0, longest, STEP)
    row = np.floor(tracks.row[:, None] + np.cos(tracks.angle)[:, None] * steps).astype(int)
    column = np.floor(tracks.column[:, None] + np.sin(tracks.angle)[:, None] * steps).astype(int)
    inside = (row >= 0) & (row < image[0]) & (column >= 0) & (column < image[1])
    event = np.broadcast_to(tracks.event[:, None], inside.shape)
    return event[inside], row[inside], column[inside]
