"""Memory-mapped arrays that do not stay in memory."""

import mmap

import numpy as np

ENOUGH = 64e6  # bytes


class Resident:
    """Releases the pages of mapped arrays once enough bytes have been accessed.

    The system would do so only when memory is short, and a batch system counts them as used.
    """

    def __init__(self, *arrays: np.ndarray) -> None:
        self.arrays = [array for array in arrays if isinstance(array.base, mmap.mmap)]
        self.touched = 0

    def touch(self, size: int) -> None:
        """Count `size` bytes that were read or written."""
        self.touched += size
        if self.touched > ENOUGH:
            self.touched = 0
            for array in self.arrays:
                if array.flags.writeable:
                    array.flush()
                array.base.madvise(mmap.MADV_DONTNEED)
