"""Energy-flow polynomials of an image around a muon.

P. T. Komiske, E. M. Metodiev and J. Thaler, JHEP 04 (2018) 013, equation 1.1 with the fractions of
the energy and the distances of their hadronic measure (beta = 1, kappa = 1, normed): sums over all
sets of cells of the products of their fractions and of the distances that a graph names. Cells are
0.025 x 0.025. The package energyflow, which the tests compare with, cannot be installed beside a
present numpy: its distance of events needs numpy 1.
"""

import numpy as np

CELL = 0.025


def energy(image):
    """The energy of all cells: the polynomial without a distance."""
    return image.sum(axis=(1, 2), dtype=np.float64)


def pair(image):
    """The graph of one line between two cells."""
    return _polynomials(image, "a,b,ab")


def pair_squared(image):
    """The graph of two lines between two cells."""
    return _polynomials(image, "a,b,ab,ab")


def chain(image):
    """The graph of three cells in a row."""
    return _polynomials(image, "a,b,c,ab,bc")


def triangle(image):
    """The graph of three cells, each joined with both others."""
    return _polynomials(image, "a,b,c,ab,bc,ca")


def _polynomials(image, graph):
    """The polynomial of each event; `graph` names cells, then in pairs the lines between them.

    An event without energy has 0.
    """
    place = (np.arange(image.shape[1]) - (image.shape[1] - 1) / 2) * CELL
    found = np.zeros(len(image))
    for number, cells in enumerate(image):
        eta, phi = np.nonzero(cells > 0)
        if len(eta):
            fraction = cells[eta, phi].astype(np.float64)
            fraction /= fraction.sum()
            distance = np.hypot(
                np.subtract.outer(place[eta], place[eta]), np.subtract.outer(place[phi], place[phi])
            )
            factors = (fraction if len(term) == 1 else distance for term in graph.split(","))
            found[number] = np.einsum(f"{graph}->", *factors, optimize=True)
    return found
