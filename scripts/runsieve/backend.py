"""Keras, loaded quietly, and what its backend must know before its first operation.

Everything that trains or predicts takes `keras` from here.
"""

import os

# TensorFlow greets at import, before a script can send its words to a log.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")

import keras

__all__ = ["keras", "prepare_backend"]


def prepare_backend(threads: int) -> None:
    """Let the backend use `threads` threads and only operations that repeat to the last bit.

    TensorFlow reads these variables at its first operation, not when it is imported; later calls
    in the same process change nothing.
    """
    os.environ["TF_NUM_INTRAOP_THREADS"] = str(threads)
    os.environ["TF_NUM_INTEROP_THREADS"] = str(threads)
    os.environ["TF_DETERMINISTIC_OPS"] = "1"
