"""Samples for tests of models."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

MATCH = {"column": "energy", "edges": {"start": 0, "stop": 10, "step": 2.5}}


def labelled_events(label: np.ndarray, classes: Sequence[str]) -> pd.DataFrame:
    """Events of one run with these labels, two thirds for training and the rest for validation."""
    count = len(label)
    return pd.DataFrame(
        {
            "class": np.array(classes)[label],
            "label": label,
            "split": np.array(["train", "train", "validation"])[np.arange(count) % 3],
            "weight": 1.0,
            "row": np.arange(count),
            "run": 1,
        }
    )


def event_list(seed: int, count: int = 800) -> pd.DataFrame:
    """Events of two runs in two channels, three times as much background as signal."""
    rng = np.random.default_rng(seed)
    entry = np.sort(rng.choice(5 * count, count, replace=False))
    signal = rng.random(count) < 0.25
    events = pd.DataFrame(
        {
            "run": np.where(signal, 1601, 1858),
            "entry": entry,
            "event": (entry * 3 + 1).astype(np.uint64),
            "channel": rng.integers(1, 3, count),
            "class": np.where(signal, "signal", "background"),
            "energy": np.where(signal, rng.uniform(0, 10, count), rng.exponential(3, count)),
        }
    )
    return pd.concat([events, events.assign(channel=3 - events.channel)], ignore_index=True)
