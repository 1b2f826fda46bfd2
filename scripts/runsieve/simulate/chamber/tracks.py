"""Straight tracks in the plane of an image: of pions from a vertex, and of cosmic muons."""

from dataclasses import dataclass

import numpy as np

from runsieve.simulate.chamber.parameters import Chamber, Parameters


@dataclass(frozen=True)
class Tracks:
    """Lines: event, a point (row, column), an angle, and whether they go both ways from there.

    The angle is measured from the downward vertical, in radians; all have shape (tracks,).
    """

    event: np.ndarray
    row: np.ndarray
    column: np.ndarray
    angle: np.ndarray
    both_ways: bool


def annihilations(
    rng: np.random.Generator, count: int, where: str, parameters: Parameters
) -> Tracks:
    """Pions of `count` annihilations on the ceiling (`where` is up) or the floor (down).

    Directions are isotropic; seen from the side their angle is uniform.
    """
    weights = np.array(list(parameters.pions.values()))
    pions = rng.choice(list(parameters.pions), size=count, p=weights / weights.sum())
    row, column = vertices(rng, count, where, parameters.chamber)
    event = np.repeat(np.arange(count), pions)
    angle = rng.uniform(-np.pi, np.pi, len(event))
    return Tracks(event, row[event], column[event], angle, both_ways=False)


def vertices(
    rng: np.random.Generator, count: int, where: str, chamber: Chamber
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of annihilations, both of shape (count,)."""
    surface = chamber.ceiling if where == "up" else chamber.floor
    row = rng.normal(surface, chamber.spread, count)
    return row, rng.uniform(*chamber.columns, count)


def cosmic_muons(rng: np.random.Generator, count: int, image: tuple[int, int]) -> Tracks:
    """One muon per event, through a random point of the image."""
    rows, columns = image
    return Tracks(
        np.arange(count),
        rng.uniform(0, rows, count),
        rng.uniform(0, columns, count),
        zenith_angles(rng, count),
        both_ways=True,
    )


def zenith_angles(rng: np.random.Generator, count: int) -> np.ndarray:
    """Angles to the vertical between -pi/2 and pi/2 with the density cos^2, shape (count,)."""
    grid = np.linspace(-np.pi / 2, np.pi / 2, 2001)
    # The integral of cos^2 is (x + sin x cos x) / 2.
    integral = 0.5 + (grid + np.sin(grid) * np.cos(grid)) / np.pi
    return np.interp(rng.random(count), integral, grid)
