"""The gradient of the log odds: how they change with each value, for small changes.

Simonyan, Vedaldi and Zisserman, 'Deep inside convolutional networks', ICLR 2014 workshop (arXiv
1312.6034), which draws its absolute value and calls it saliency.
"""

import numpy as np

from runsieve.networks.explained import Explained, Values

TITLE = "gradient"
COMPLETE = False


def obstacle(explained: Explained, name: str) -> str | None:
    """None: there is always a gradient."""
    return None


def attribute(explained: Explained, values: Values, labels: np.ndarray) -> Values:
    """Derivatives by the scaled values, signed."""
    return explained.gradients(values, labels)
