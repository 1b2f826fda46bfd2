"""Roots of functions without `scipy.optimize`, whose import takes longer than finding them."""

from collections.abc import Callable


def bisected(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function crosses zero between `low` and `high`, to the precision of floats.

    An end where it is zero is the answer. Raises ValueError if both ends have the same sign.
    """
    first, last = function(low), function(high)
    if first == 0 or last == 0:
        return low if first == 0 else high
    rising = first < 0
    if (last < 0) == rising:
        raise ValueError(f"no change of sign between {low:g} and {high:g}")
    while low < (middle := (low + high) / 2) < high:
        if (function(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return middle
