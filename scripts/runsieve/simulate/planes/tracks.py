"""Particles in a magnetic field, and where they cross the planes."""

from dataclasses import dataclass

import numpy as np

from runsieve.simulate.planes.parameters import Detector, Particles


@dataclass(frozen=True)
class Tracks:
    """Particles of events, all of shape (events, tracks).

    momentum: GeV/c; charge: 1 or -1; row: where they enter; slope: rows per column there.
    """

    momentum: np.ndarray
    charge: np.ndarray
    row: np.ndarray
    slope: np.ndarray


def draw_tracks(
    rng: np.random.Generator, count: int, particles: Particles, image: int
) -> tuple[Tracks, np.ndarray]:
    """Particles of `count` events, and whether one has high momentum, bool of shape (count,)."""
    shape = count, particles.tracks
    momentum = rng.uniform(*particles.low, shape)
    high = rng.random(count) < particles.share
    momentum[high, 0] = rng.uniform(*particles.high, np.count_nonzero(high))
    half = particles.source / 2
    tracks = Tracks(
        momentum,
        rng.choice([-1, 1], shape),
        image / 2 + rng.uniform(-half, half, shape),
        rng.uniform(-particles.slope, particles.slope, shape),
    )
    return tracks, high


def columns_of(detector: Detector) -> np.ndarray:
    """Columns of the planes in the image, shape (planes,)."""
    return (np.arange(detector.planes) + 0.5) * detector.image / detector.planes


def crossings(tracks: Tracks, detector: Detector) -> np.ndarray:
    """Rows where the particles cross the planes, shape (events, tracks, planes).

    A particle moves on a circle of radius p / (q B): from an entry angle a its row after a distance
    x along the columns is y + R (cos a - cos b) with sin b = sin a + x / R, R signed as the charge.
    NaN where it turns back before the plane.
    """
    radius = (tracks.charge * tracks.momentum * detector.radius)[..., None]
    angle = np.arctan(tracks.slope)[..., None]
    sine = np.sin(angle) + columns_of(detector) / radius
    with np.errstate(invalid="ignore"):
        return tracks.row[..., None] + radius * (np.cos(angle) - np.sqrt(1 - sine**2))
