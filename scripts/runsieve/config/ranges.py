"""Lists of run numbers as short texts."""

from collections.abc import Iterable
from itertools import groupby

LONG = 3  # consecutive numbers from which on a range is written


def run_ranges(runs: Iterable[int]) -> str:
    """Run numbers in order, each once, with ranges where they are consecutive: 7, 1000-2999."""
    ordered = sorted(set(runs))
    groups = groupby(enumerate(ordered), lambda pair: pair[1] - pair[0])
    parts = []
    for _, group in groups:
        numbers = [number for _, number in group]
        if len(numbers) < LONG:
            parts += map(str, numbers)
        else:
            parts.append(f"{numbers[0]}-{numbers[-1]}")
    return ", ".join(parts)
