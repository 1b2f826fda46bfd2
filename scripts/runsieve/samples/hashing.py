"""Hashes of the numbers of events, by which they are drawn and split."""

import numpy as np
import pandas as pd


def hash_of(seed: int, purpose: str, *columns: pd.Series) -> np.ndarray:
    """A uniform 64-bit hash of integer columns, shape (events,).

    SplitMix64 (Steele, Lea, Flood 2014), one round per column: it depends on the values alone, so
    it is the same in any order, on any machine and in any version of a library.
    """
    state = np.uint64(seed) + np.frombuffer(purpose.ljust(8).encode()[:8], dtype="<u8")[0]
    value = np.full(len(columns[0]), state, dtype=np.uint64)
    for column in columns:
        value = _mix(value ^ _mix(column.to_numpy().astype(np.uint64)))
    return value


def _mix(value: np.ndarray) -> np.ndarray:
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
