"""Drawing a subject at a random place on a background."""

import numpy as np
from PIL import Image, ImageDraw

from runsieve.simulate.pictures.figures import FIGURES
from runsieve.simulate.pictures.parameters import Parameters

FINE = 2  # drawn this many times larger and then reduced, for smooth edges


def picture(rng: np.random.Generator, figure: str, parameters: Parameters) -> np.ndarray:
    """A picture of the subject `figure`, uint8 of shape (side, side, 3).

    Position, size, angle, reflection and colours are random; noise is added to the values.
    """
    side = parameters.side
    front, back = colours(rng, parameters.contrast)
    image = Image.new("RGB", (FINE * side, FINE * side), _as_colour(back))
    draw = ImageDraw.Draw(image)
    move = placement(rng, parameters)
    for shade, corners in FIGURES[figure]:
        places = FINE * side * move(np.array(corners))
        colour = _as_colour(front + shade * (back - front) * 0.8)
        draw.polygon([tuple(place) for place in places], fill=colour)
    small = np.asarray(image.resize((side, side), Image.Resampling.BOX), dtype=float)
    noisy = small + rng.normal(0, parameters.noise, small.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def placement(rng: np.random.Generator, parameters: Parameters):
    """A function that maps corners (n, 2) in the square [-1, 1] to the square [0, 1]."""
    size = rng.uniform(*parameters.size)
    angle = np.deg2rad(rng.uniform(-parameters.turn, parameters.turn))
    mirror = np.array([rng.choice([-1, 1]), 1])
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = rng.uniform(size / 2, 1 - size / 2, 2)
    return lambda corners: centre + size / 2 * (corners * mirror) @ turned.T


def colours(rng: np.random.Generator, contrast: float) -> tuple[np.ndarray, np.ndarray]:
    """RGB colours of subject and background, whose means differ by at least `contrast`."""
    while True:
        front, back = rng.uniform(0, 255, (2, 3))
        if abs(front.mean() - back.mean()) >= contrast:
            return front, back


def _as_colour(values: np.ndarray) -> tuple[int, int, int]:
    return tuple(int(value) for value in np.rint(values))
