"""Roots of functions without `scipy.optimize`, whose import takes longer than finding them."""

from collections.abc import Callable


def bisected(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function crosses zero between `low` and `high`, to the precision of floats.

    Raises ValueError unless exactly one of the ends is below zero.
    """
    rising = function(low) < 0
    if (function(high) < 0) == rising:
        raise ValueError(f"no change of sign between {low:g} and {high:g}")
    while low < (middle := (low + high) / 2) < high:
        if (function(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return middle
