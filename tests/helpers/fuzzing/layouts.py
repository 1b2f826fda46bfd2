"""The values of a small run in four layouts of branches."""

import numpy as np

TREE = "event"
ENTRIES, FLUSH = 120, 30
WIDTH = 8  # values of an entry of a fixed array
LAYOUTS = ("fixed", "counted", "vector", "nested")
COMPRESSIONS = ("none", "ZLIB", "LZ4", "LZMA", "ZSTD")


def event_numbers() -> np.ndarray:
    return np.arange(1000, 1000 + ENTRIES, dtype=np.uint64)


def values_of(layout: str) -> list[list]:
    """The values of each entry: lists of integers, or of lists of them; none is empty."""
    rng = np.random.default_rng(LAYOUTS.index(layout))

    def some(count: int) -> list[int]:
        return (500 + rng.poisson(1.0, count)).tolist()

    if layout == "fixed":
        return [some(WIDTH) for _ in range(ENTRIES)]
    counts = rng.integers(1, 12, ENTRIES)
    if layout == "nested":
        return [[some(n) for n in rng.integers(1, 6, count)] for count in counts]
    return [some(count) for count in counts]


def file_name(layout: str, compression: str) -> str:
    return f"{layout}-{compression}.root"
