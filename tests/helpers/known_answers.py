"""Small trained networks of which it is known what they can look at."""

from typing import Any

import keras
import numpy as np

from runsieve.config.pulse import Pulse
from runsieve.networks.building import Seen, build
from runsieve.networks.registry import validated

SAMPLES, WINDOW = 160, slice(100, 140)
SIDE, QUADRANT = 16, slice(0, 8)
BASELINE = {"baseline": {"samples": [0, 80]}}
CONVOLUTIONS = {"filters": [8, 8], "kernel": 5, "pooling": {"type": "average"}}
CLASSES = ["fast", "slow"]


def waveforms(events: int, seed: int, artefact: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Waveforms (events, 160) and labels: fast and slow pulses in samples 100 to 139, else noise.

    artefact: what is added to the first ten samples of the first class
    """
    rng = np.random.default_rng(seed)
    values, labels = rng.normal(200, 0.3, (events, SAMPLES)), rng.integers(0, 2, events)
    decay = np.where(labels == 0, 6.0, 20.0)[:, None]
    values[:, WINDOW] += rng.uniform(15, 25, (events, 1)) * np.exp(-np.arange(40) / decay)
    values[:, :10] += np.where(labels == 0, artefact, 0)[:, None]
    return values.astype(np.float32), labels


def images(events: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (events, 16, 16) and labels: wide or high blobs in one quadrant, else noise."""
    rng = np.random.default_rng(seed)
    values, labels = rng.normal(0, 0.005, (events, SIDE, SIDE)), rng.integers(0, 2, events)
    for picture, label in zip(values, labels, strict=True):
        row, column = rng.integers(1, 6, 2)
        if label:
            picture[row, column - 1 : column + 2] += 1
        else:
            picture[row - 1 : row + 2, column] += 1
    return values.astype(np.float32), labels


def trained(
    values: np.ndarray,
    labels: np.ndarray,
    tower: dict[str, Any],
    pulse: dict[str, Any] | None = None,
    name: str = "waveform",
    epochs: int = 8,
    **settings: Any,
) -> keras.Model:
    """A network of one input, trained in seconds."""
    given = {"type": "network", "towers": {name: tower}, "dense": {"units": [16]}} | settings
    pulses = {name: Pulse.model_validate(pulse or {})}
    seen = Seen({name: values.shape[1:]}, {name: str(values.dtype)}, CLASSES, pulses=pulses)
    keras.utils.set_random_seed(1)
    made = build(validated(given), seen)
    made.compile(keras.optimizers.Adam(0.003), "categorical_crossentropy")
    made.fit(values, np.eye(2)[labels], epochs=epochs, batch_size=64, verbose=0)
    return made


def accuracy(network: keras.Model, values: np.ndarray, labels: np.ndarray) -> float:
    """Fraction of events that are classified rightly."""
    return float((network.predict_on_batch(values).argmax(axis=1) == labels).mean())
