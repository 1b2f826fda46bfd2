"""The subjects of pictures, each as polygons in a square from -1 to 1, y downwards.

A part is a shade (0: the colour of the subject, 1: that of the background) and its corners. Cats
and dogs differ only in ears and muzzle, so that they are easily confused.
"""

from math import cos, pi, sin

Corners = list[tuple[float, float]]
Part = tuple[float, Corners]


def box(left: float, top: float, right: float, bottom: float) -> Corners:
    """Corners of a rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def oval(x: float, y: float, width: float, height: float) -> Corners:
    """Corners of an ellipse with these semi-axes."""
    angles = [2 * pi * step / 24 for step in range(24)]
    return [(x + width * cos(angle), y + height * sin(angle)) for angle in angles]


def _face(ears: list[Part], muzzle: list[Part]) -> list[Part]:
    return [
        (0.15, oval(0, 0.65, 0.5, 0.35)),
        *ears,
        (0.0, oval(0, -0.1, 0.5, 0.48)),
        (0.9, oval(-0.2, -0.2, 0.08, 0.08)),
        (0.9, oval(0.2, -0.2, 0.08, 0.08)),
        *muzzle,
    ]


FIGURES: dict[str, list[Part]] = {
    "bed": [
        (0.3, box(-1, -0.6, -0.85, 0.7)),
        (0.3, box(0.85, -0.1, 1, 0.7)),
        (0.0, box(-0.85, 0.1, 0.85, 0.45)),
        (0.7, box(-0.8, -0.1, -0.35, 0.1)),
    ],
    "bird": [
        (0.0, oval(0, 0.1, 0.55, 0.32)),
        (0.0, oval(0.5, -0.3, 0.25, 0.23)),
        (0.5, [(0.7, -0.38), (1, -0.28), (0.7, -0.2)]),
        (0.1, [(-0.45, 0), (-1, -0.3), (-0.95, 0.2)]),
        (0.4, [(-0.3, 0.05), (0.3, 0), (-0.1, 0.5)]),
        (0.3, box(-0.1, 0.4, -0.03, 0.85)),
        (0.3, box(0.12, 0.4, 0.19, 0.85)),
    ],
    "cat": _face(
        [
            (0.1, [(-0.5, -0.2), (-0.48, -0.95), (-0.05, -0.5)]),
            (0.1, [(0.5, -0.2), (0.48, -0.95), (0.05, -0.5)]),
        ],
        [
            (0.6, [(-0.08, 0), (0.08, 0), (0, 0.1)]),
            (0.5, box(-0.7, 0.06, -0.12, 0.1)),
            (0.5, box(0.12, 0.06, 0.7, 0.1)),
        ],
    ),
    "dog": _face(
        [(0.35, oval(-0.52, -0.05, 0.17, 0.42)), (0.35, oval(0.52, -0.05, 0.17, 0.42))],
        [(0.45, oval(0, 0.15, 0.26, 0.2)), (0.9, oval(0, 0.06, 0.1, 0.07))],
    ),
    "house": [
        (0.0, box(-0.65, -0.15, 0.65, 0.85)),
        (0.4, [(-0.85, -0.15), (0, -0.9), (0.85, -0.15)]),
        (0.7, box(-0.15, 0.3, 0.15, 0.85)),
        (0.8, box(-0.5, 0.1, -0.25, 0.35)),
        (0.8, box(0.25, 0.1, 0.5, 0.35)),
    ],
    "tree": [
        (0.5, box(-0.1, 0.2, 0.1, 0.95)),
        (0.0, oval(0, -0.3, 0.5, 0.6)),
        (0.15, oval(-0.3, 0.05, 0.35, 0.3)),
        (0.1, oval(0.3, 0.05, 0.35, 0.3)),
    ],
}
