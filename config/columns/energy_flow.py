"""Energy-flow polynomials of an image around a muon, with the package energyflow.

P. T. Komiske, E. M. Metodiev and J. Thaler, JHEP 04 (2018) 013: sums over all sets of cells of the
products of their energies and of the distances that a graph names. Cells are 0.025 x 0.025.
"""

import numpy as np

CELL = 0.025
PAIR, PAIR_SQUARED = [(0, 1)], [(0, 1), (0, 1)]
CHAIN, TRIANGLE = [(0, 1), (1, 2)], [(0, 1), (1, 2), (2, 0)]


def energy(image):
    """The energy of all cells: the polynomial without a distance."""
    return image.sum(axis=(1, 2), dtype=np.float64)


def pair(image):
    """The graph of one line between two cells."""
    return _polynomials(image, PAIR)


def pair_squared(image):
    """The graph of two lines between two cells."""
    return _polynomials(image, PAIR_SQUARED)


def chain(image):
    """The graph of three cells in a row."""
    return _polynomials(image, CHAIN)


def triangle(image):
    """The graph of three cells, each joined with both others."""
    return _polynomials(image, TRIANGLE)


def _polynomials(image, graph):
    """The polynomial of each event; its energies are fractions of the sum, 0 without any."""
    from energyflow import EFP

    polynomial = EFP(graph, measure="hadr", beta=1, kappa=1, normed=True, coords="ptyphim")
    place = (np.arange(image.shape[1]) - (image.shape[1] - 1) / 2) * CELL
    found = np.zeros(len(image))
    for number, cells in enumerate(image):
        eta, phi = np.nonzero(cells > 0)
        if len(eta):
            particles = np.stack([cells[eta, phi], place[eta], place[phi]], axis=1)
            found[number] = polynomial.compute(particles.astype(np.float64))
    return found
