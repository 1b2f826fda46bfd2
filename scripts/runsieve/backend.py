"""What Keras' backend must know before its first operation."""

import os


def prepare_backend(threads: int) -> None:
    """Let the backend use `threads` threads and only operations that repeat to the last bit.

    TensorFlow reads these variables at its first operation, not when it is imported; later calls
    in the same process change nothing.
    """
    os.environ["TF_NUM_INTRAOP_THREADS"] = str(threads)
    os.environ["TF_NUM_INTEROP_THREADS"] = str(threads)
    os.environ["TF_DETERMINISTIC_OPS"] = "1"
