"""The deconvolution network: what is positive on the way back, through maxima and filters.

Zeiler and Fergus, 'Visualizing and understanding convolutional networks', ECCV 2014 (arXiv
1311.2901). It is the gradient with ReLU applied to the signal on its way back instead of forward.
"""

import numpy as np

from runsieve.networks import rectifiers
from runsieve.networks.explained import Explained, Values

TITLE = "deconvolution"
COMPLETE = False


def obstacle(explained: Explained, name: str) -> str | None:
    """A network without any ReLU."""
    return rectifiers.obstacle(explained)


def attribute(explained: Explained, values: Values, labels: np.ndarray) -> Values:
    """What comes back at the scaled values."""
    return rectifiers.with_rectifier(explained, rectifiers.deconvolved).gradients(values, labels)
