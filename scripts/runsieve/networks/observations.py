"""Measurements on a trained network, from which the diagnoses follow."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from runsieve.baselines.classifiers import binned
from runsieve.config.network import NetworkSettings
from runsieve.config.report import Report
from runsieve.losses import log_losses, recalls
from runsieve.networks.batches import Batches, mixing, order
from runsieve.networks.building import load_network
from runsieve.networks.calibration import uncalibrated
from runsieve.networks.prediction import predict
from runsieve.samples.sample_files import Arrays, FitSample, raw_values

MAXIMUM_EVENTS = 10_000  # per split; enough to see a defect
STATISTICS_BATCHES = 100
ROWS_PER_PART = 256


@dataclass(frozen=True)
class Scored:
    """Some events of a split: true labels (events,), probabilities (events, classes), weights."""

    labels: np.ndarray
    probabilities: np.ndarray
    weights: np.ndarray

    @property
    def log_losses(self) -> np.ndarray:
        """Negative log of the probability of the true class, shape (events,)."""
        return log_losses(self.probabilities, self.labels)

    @property
    def loss(self) -> float:
        """Weighted mean of the log losses."""
        return float(np.average(self.log_losses, weights=self.weights))

    @property
    def balanced_accuracy(self) -> float:
        """Mean over the classes of the fraction that is classified correctly."""
        correct = self.probabilities.argmax(axis=1) == self.labels
        found = recalls(correct, self.labels, self.probabilities.shape[1])
        return float(np.nanmean(found))


@dataclass(frozen=True)
class Finished:
    """A finished training: network, weights after the last epoch, history, facts for the card."""

    network: keras.Model
    last: list[np.ndarray]
    history: pd.DataFrame
    facts: dict[str, Any]


def read_training(
    model: Path, last: Path, history: Path, training: Path, user_files: Sequence[str] = ()
) -> Finished:
    """Read what `Trained.save` has written; `user_files` as in `load_network`.

    The network is that of the training, without a calibration.
    """
    with np.load(last) as file:
        weights = list(file.values())
    facts = json.loads(Path(training).read_text())
    network = uncalibrated(load_network(model, user_files))
    return Finished(network, weights, pd.read_csv(history), facts)


@dataclass(frozen=True)
class Observations:
    """Everything that the diagnoses depend on.

    validation: validation events in inference mode
    mixing: see `batches.mixing`
    last, recomputed: training events in inference mode with the weights of the last epoch; last
        with the moving statistics of batch normalisation, recomputed with statistics recomputed
        afterwards; None without such layers
    shifts: by input, distance of the means of training and validation values in standard
        deviations, and ratio of the deviations
    binned: validation events as scored by a classifier that knows only the bin of one column; None
        without such a column
    """

    history: pd.DataFrame
    validation: Scored
    mixing: float
    last: Scored | None = None
    recomputed: Scored | None = None
    shifts: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    binned: Scored | None = None


def observe(
    trained: Finished,
    settings: NetworkSettings,
    sample: FitSample,
    seed: int,
    report: Report,
) -> Observations:
    """Measure a trained network on events of its sample; its weights are not changed.

    If the report has a variable and bins, the network is compared with a classifier that knows only
    these bins.
    """
    network, events, arrays = trained.network, sample.events, sample.arrays
    training = sample.split("train")
    some = {
        split: part.sample(n=min(MAXIMUM_EVENTS, len(part)), random_state=seed)
        for split, part in events.groupby("split")
    }
    shuffled = training
    if settings.training.shuffle:
        shuffled = training.iloc[order(len(training), seed, 1)]
    labels = shuffled["label"].to_numpy(dtype=int)
    return Observations(
        trained.history,
        _score(network, arrays, some["validation"]),
        mixing(labels, settings.training.batch_size),
        *_last_epoch(network, trained.last, settings, training, some["train"], arrays, seed),
        {name: _shift(network, name, arrays, some) for name in arrays},
        _binned(sample, some["validation"], report),
    )


def _score(network: keras.Model, arrays: Arrays, events: pd.DataFrame) -> Scored:
    probabilities = predict(network, arrays, events["row"].to_numpy())
    return Scored(
        events["label"].to_numpy(dtype=int), probabilities, events["weight"].to_numpy(dtype=float)
    )


def _last_epoch(
    network: keras.Model,
    last: list[np.ndarray],
    settings: NetworkSettings,
    training: pd.DataFrame,
    some: pd.DataFrame,
    arrays: Arrays,
    seed: int,
) -> tuple[Scored | None, Scored | None]:
    """Training events scored before and after recomputing the moving statistics over batches."""
    layers = [
        layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)
    ]
    if not layers:
        return None, None
    classes = int(training["label"].max()) + 1
    kept = network.get_weights()
    momenta = [layer.momentum for layer in layers]
    network.set_weights(last)
    before = _score(network, arrays, some)
    shuffled = training.iloc[order(len(training), seed, 0)]
    batches = Batches(arrays, shuffled, classes, settings.training.batch_size)
    for number in range(STATISTICS_BATCHES):
        # A momentum of n/(n + 1) makes the moving value the mean of all batches so far.
        for layer in layers:
            layer.momentum = number / (number + 1)
        network(batches.raw(number % len(batches)), training=True)
    after = _score(network, arrays, some)
    network.set_weights(kept)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    return before, after


def _shift(
    network: keras.Model,
    name: str,
    arrays: Arrays,
    some: Mapping[str, pd.DataFrame],
) -> tuple[float, float]:
    """Distance of the means in deviations, and ratio of the deviations, of an input.

    The values are those after the scaling layer, or raw if the network has none.
    """
    scaling = next((one for one in network.layers if one.name == f"{name}_scaling"), np.asarray)
    moments = []
    for split in ("train", "validation"):
        total = squares = count = 0.0
        rows = some[split]["row"].to_numpy()
        for start in range(0, len(rows), ROWS_PER_PART):
            part = rows[start : start + ROWS_PER_PART]
            values = np.asarray(scaling(raw_values({name: arrays[name]}, part)), dtype=float)
            total, squares, count = (
                total + values.sum(),
                squares + (values**2).sum(),
                count + values.size,
            )
        mean = total / count
        moments.append((mean, np.sqrt(max(squares / count - mean**2, 1e-30))))
    (train, deviation), (validation, other) = moments
    return abs(validation - train) / deviation, other / deviation


def _binned(sample: FitSample, validation: pd.DataFrame, report: Report) -> Scored | None:
    """Validation events, scored by the class fractions of the training events in their bin."""
    if report.binned is None:
        return None
    settings = binned.Binned(type="binned", column=report.variable, edges=report.edges)
    # NaN counts as above all bins: it cannot be left out, because events are compared one by one.
    events, validation = (
        table.fillna({report.variable: np.inf}) for table in (sample.events, validation)
    )
    known = FitSample(events, {}, sample.classes)
    return Scored(
        validation["label"].to_numpy(dtype=int),
        binned.smoothed_fractions(settings, known, validation),
        validation["weight"].to_numpy(dtype=float),
    )
