"""Methods that attribute a decision to values of the input: the modules of `attributions/`.

Each defines `TITLE`, for figures; `COMPLETE`, True if the attributions of an event should add up to
what its log odds differ from those of the baseline; `obstacle(explained, name)`, why it has nothing
to say of an input (None: it has); and `attribute(explained, values, labels)`, which returns
attributions of the shape of the scaled values, by input, of those without an obstacle.
"""

from runsieve.registry import Registry

METHODS = Registry("networks.attributions")
# The layers whose new weights tell whether a method is faithful, see `randomisation`.
UPPER_HALF = "the upper half"
