"""Train a small network on made events, as a job does: python killed_training.py FOLDER."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.computing import limited
from runsieve.networks.registry import validated
from runsieve.samples.sample_files import FitSample

EVENTS, VALUES, EPOCHS = 900, 64, 12
CLASSES = ["signal", "background"]
SETTINGS = {
    "type": "network",
    "towers": {
        "image": {
            "augmentation": {"shift": 2, "gain": 0.1},
            "convolutions": {"filters": [4], "kernel": 5, "normalisation": {"type": "batch"}},
            "dropout": 0.3,
        }
    },
    "dense": {"units": [16], "dropout": 0.3},
    "training": {"epochs": EPOCHS, "batch_size": 32, "warm_up": 2, "schedule": "cosine"},
}


def sample() -> FitSample:
    rng = np.random.default_rng(3)
    label = rng.integers(0, 2, EVENTS)
    array = rng.integers(0, 5, (EVENTS, VALUES)).astype(np.uint16)
    array[label == 1, 10:20] += 1
    split = np.where(np.arange(EVENTS) % 4 == 0, "validation", "train")
    names = np.array(CLASSES)[label]
    columns = {"label": label, "class": names, "split": split, "weight": 1.0}
    events = pd.DataFrame(columns).assign(row=np.arange(EVENTS))
    return FitSample(events, {"image": array}, CLASSES)


def main(folder: Path) -> None:
    with limited(1):
        from runsieve.networks.training import train

        trained = train(validated(SETTINGS), sample(), 1, folder / "resume.npz", "v1")
    np.savez(folder / "weights.npz", *trained.network.get_weights())
    trained.history.to_csv(folder / "history.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
