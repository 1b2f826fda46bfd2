"""Number of threads of a job, and reproducible results."""

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
