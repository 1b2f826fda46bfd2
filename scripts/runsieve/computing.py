"""Number of threads of a job, reproducible results, and imports of large libraries."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

# TensorFlow reads its variables at its first operation, OpenMP when its library is loaded.
THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


@contextmanager
def limited(threads: int) -> Iterator[None]:
    """Limit the block to `threads` threads and to bitwise reproducible operations.

    Enter it before TensorFlow runs its first operation; later calls in the same process have no
    effect on TensorFlow.
    """
    os.environ.update(dict.fromkeys(THREADS, str(threads)), TF_DETERMINISTIC_OPS="1")
    with threadpool_limits(threads):
        yield


@contextmanager
def importing() -> Iterator[None]:
    """Import a large library in the block, without looking for garbage in it.

    What a library makes when it is imported stays to the end. Python looks through all of it for
    garbage many times on the way and once at the end; without, TensorFlow is imported, and its
    process ended, in two thirds of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if enabled:
            gc.enable()
