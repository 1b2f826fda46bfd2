"""How a job computes: with how many threads, and so that its results are reproducible."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

# TensorFlow reads its variables at its first operation, OpenMP when its library is loaded.
THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


@contextmanager
def limited(threads: int) -> Iterator[None]:
    """Let the block use `threads` threads, and only operations that repeat to the last bit.

    It has to be entered before TensorFlow computes for the first time; later calls in the same
    process change nothing there.
    """
    os.environ.update(dict.fromkeys(THREADS, str(threads)), TF_DETERMINISTIC_OPS="1")
    with threadpool_limits(threads):
        yield
