"""Peak memory of training on a sample of 4 GB on disk, over that of the framework itself.

python benchmarks/training/memory.py EVENTS  (8160 samples of 16 bit each; 0: the framework alone)
"""

import json
import resource
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from networks import CLASSES, PULSES, settings

from runsieve.computing import limited
from runsieve.networks.registry import validated
from runsieve.samples.sample_files import FitSample

LEAST = 512  # events with which the framework is measured alone


def main(events: int) -> None:
    from runsieve.networks.training import train

    found = settings("cosine", "auto")
    found["dense"] = {"units": [32]}
    found["training"] = found["training"] | {"epochs": 1}
    count = max(events, LEAST)
    label = np.arange(count) % 2
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "waveform.npy"
        # A file with holes: it is read like any other, as zeros.
        np.lib.format.open_memmap(path, "w+", np.uint16, (count, 8160))
        table = pd.DataFrame(
            {
                "label": label,
                "class": np.array(CLASSES)[label],
                "split": np.where(np.arange(count) % 11 == 0, "validation", "train"),
                "weight": 1.0,
                "row": np.arange(count),
            }
        )
        arrays = {"waveform": np.load(path, mmap_mode="r")}
        filled = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with limited(2):
            train(validated(found), FitSample(table, arrays, CLASSES, pulses=PULSES), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = count * 8160 * 2 / 1e9
    print(json.dumps({"gigabytes": size, "before": filled / 1e6, "peak": peak / 1e6}))


main(int(sys.argv[1]))
