"""The fastest multiplication of large matrices by TensorFlow or PyTorch: the machine's peak."""

import json
import sys
import time

SIZE, TURNS = 3072, 12


def tensorflow(precision: str, threads: int):
    import tensorflow as tf

    kind = tf.bfloat16 if precision == "mixed_bfloat16" else tf.float32
    tf.random.set_seed(1)
    one = tf.cast(tf.random.normal((SIZE, SIZE)), kind)
    multiply = tf.function(lambda: tf.reduce_sum(tf.cast(one @ one, tf.float32)))
    return lambda: float(multiply())


def pytorch(precision: str, threads: int):
    import torch

    torch.set_num_threads(threads)
    kind = torch.bfloat16 if precision == "mixed_bfloat16" else torch.float32
    one = torch.randn(SIZE, SIZE).to(kind)
    return lambda: float((one @ one).to(torch.float32).sum())


def main(framework: str, precision: str, threads: int) -> None:
    from runsieve.computing import limited

    fastest = float("inf")
    with limited(threads):
        multiply = {"keras": tensorflow, "torch": pytorch}[framework](precision, threads)
        for _ in range(TURNS):
            start = time.perf_counter()
            multiply()
            fastest = min(fastest, time.perf_counter() - start)
    print(json.dumps({"gflops": 2 * SIZE**3 / fastest / 1e9}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
