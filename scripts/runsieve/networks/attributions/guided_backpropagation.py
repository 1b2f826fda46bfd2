"""Guided backpropagation: the gradient, of which each ReLU lets only what is positive back.

Springenberg, Dosovitskiy, Brox and Riedmiller, 'Striving for simplicity: the all convolutional
net', ICLR 2015 workshop (arXiv 1412.6806). Its pictures are sharp because they are close to the
input, whatever the network has learned: see `randomisation`.
"""

import numpy as np

from runsieve.networks import rectifiers
from runsieve.networks.explained import Explained, Values

TITLE = "guided backpropagation"
COMPLETE = False


def obstacle(explained: Explained, name: str) -> str | None:
    """A network without any ReLU."""
    return rectifiers.obstacle(explained)


def attribute(explained: Explained, values: Values, labels: np.ndarray) -> Values:
    """What comes back at the scaled values."""
    return rectifiers.with_rectifier(explained, rectifiers.guided).gradients(values, labels)
