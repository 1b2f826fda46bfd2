"""The two networks that are measured, and events for them."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from runsieve.config.pulse import BaselineSamples, Pulse

GBAR = {
    "type": "network",
    "towers": {
        "image": {
            "channels": "last",
            "convolutions": {
                "filters": [16, 16, 32, 32],
                "kernel": 8,
                "padding": "valid",
                "normalisation": {"type": "batch"},
                "pooling": {"after": [2, 4]},
            },
        }
    },
    "dense": {"units": [512], "dropout": 0.5},
    "training": {"batch_size": 64},
}
EVENTS = {"cosine": 16_384, "gbar": 2048}
EPOCHS = 3  # the first pays for compilation and is left out
CLASSES = ["signal", "background"]
PULSES = {"waveform": Pulse(segments=2, baseline=BaselineSamples(samples=(0, 1000)))}


def settings(network: str, precision: str) -> dict:
    """Settings of a network, as an analysis file has them."""
    found = GBAR
    if network == "cosine":
        found = yaml.safe_load(Path("config/analyses/cosine.yaml").read_text())["models"]["dnn"]
    training = found["training"] | {"epochs": EPOCHS, "precision": precision}
    return found | {"training": training}


def sample(network: str) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Random events of two classes, in the raw type; a few of them for validation."""
    rng = np.random.default_rng(1)
    count = EVENTS[network] + 64
    label = rng.integers(0, 2, count)
    if network == "cosine":
        name, array = "waveform", rng.integers(195, 206, (count, 8160)).astype(np.uint16)
        array[:, 1200:1300] += (20 * label[:, None]).astype(np.uint16)
    else:
        name, array = "image", (rng.random((count, 112, 88, 1)) < 0.02).astype(np.uint8)
    split = np.where(np.arange(count) < EVENTS[network], "train", "validation")
    events = pd.DataFrame(
        {
            "label": label,
            "class": np.array(CLASSES)[label],
            "split": split,
            "weight": 1.0,
            "row": np.arange(count),
        }
    )
    return events, {name: array}


def flops(network: str) -> float:
    """Multiplications and additions of one training event, without those of no use.

    Forwards, for the weights, and for the values that enter each layer but the first.
    """
    if network == "cosine":
        sizes = [8160, 768, 768, 512, 512, 512, 2]
        layers = [a * b for a, b in itertools.pairwise(sizes)]
    else:
        places = [(105, 81), (98, 74), (42, 30), (35, 23)]
        channels = [1, 16, 16, 32, 32]
        layers = [
            h * w * 64 * a * b for (h, w), a, b in zip(places, channels, channels[1:], strict=False)
        ]
        layers += [5984 * 512, 512 * 2]
    return 2.0 * (3 * sum(layers) - layers[0])
