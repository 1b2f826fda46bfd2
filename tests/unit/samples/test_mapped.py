"""Pages of mapped arrays are given back, and hold the same values afterwards."""

import resource
from pathlib import Path

import numpy as np

from runsieve.samples.mapped import ENOUGH, Resident


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_pages_are_given_back_and_the_values_stay(tmp_path):
    rows = int(4 * ENOUGH // 8_000)
    array = np.lib.format.open_memmap(
        tmp_path / "array.npy", mode="w+", dtype=np.float64, shape=(rows, 1000)
    )
    before = resident_bytes()
    resident = Resident(array)
    for row in range(rows):
        array[row] = row
        resident.touch(array[row].nbytes)
    assert resident_bytes() - before < 2 * ENOUGH
    assert array[:, 999].tolist() == list(range(rows))
    read = np.load(tmp_path / "array.npy", mmap_mode="r")
    resident = Resident(read)
    before = resident_bytes()
    for row in range(rows):
        assert read[row].sum() == row * 1000
        resident.touch(read[row].nbytes)
    assert resident_bytes() - before < 2 * ENOUGH


def test_an_array_in_memory_is_left_alone():
    array = np.ones(3)
    resident = Resident(array)
    resident.touch(int(ENOUGH) + 1)
    assert resident.arrays == []
    assert array.tolist() == [1, 1, 1]
