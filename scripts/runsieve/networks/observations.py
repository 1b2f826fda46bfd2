"""Measurements on a trained network, from which the diagnoses follow."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from runsieve.baselines.classifiers import binned
from runsieve.config.network import NetworkSettings
from runsieve.config.pulse import RAW
from runsieve.config.report import Report
from runsieve.losses import log_losses, recalls
from runsieve.networks.batches import Batches, Mixing, mixing, order
from runsieve.networks.building import load_network
from runsieve.networks.calibration import uncalibrated
from runsieve.networks.masking import (
    Masked,
    masked,
    scores_separate,
    separation,
    without_pulse,
)
from runsieve.networks.prediction import predict
from runsieve.networks.shifts import Shift, shifts
from runsieve.samples.pulses import segments
from runsieve.samples.sample_files import Arrays, FitSample

MAXIMUM_EVENTS = 10_000  # per split; enough to see a defect
STATISTICS_BATCHES = 100
MASKED_EVENTS = 4_000


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
    with np.load(last, allow_pickle=False) as file:
        weights = list(file.values())
    facts = json.loads(Path(training).read_text(encoding="utf-8"))
    network = uncalibrated(load_network(model, user_files))
    return Finished(network, weights, pd.read_csv(history), facts)


@dataclass(frozen=True)
class Observations:
    """Everything that the diagnoses depend on.

    validation: validation events in inference mode
    mixing: see `batches.mixing`; None if nothing can be said
    last, recomputed: training events in inference mode with the weights of the last epoch; last
        with the moving statistics of batch normalisation, recomputed with statistics recomputed
        afterwards; None without such layers
    shifts: differences between training and validation values, and between runs of one class
    binned: validation events as scored by a classifier that knows only the bin of one column; None
        without such a column
    memory: number of batches that the moving statistics span, 1 / (1 - momentum), the largest of
        all layers of batch normalisation; None without such layers
    masked: separation of the classes without the pulse; None where no part is free of it
    """

    history: pd.DataFrame
    validation: Scored
    mixing: Mixing | None = None
    last: Scored | None = None
    recomputed: Scored | None = None
    shifts: Sequence[Shift] = ()
    binned: Scored | None = None
    masked: Masked | None = None
    memory: float | None = None


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
    seen = pd.concat([some["train"], some["validation"]])
    shuffled = training
    if settings.training.shuffle:
        shuffled = training.iloc[order(len(training), seed, 1)]
    labels = shuffled["label"].to_numpy(dtype=int)
    return Observations(
        trained.history,
        _score(network, arrays, some["validation"]),
        mixing(labels, settings.training.batch_size),
        *_last_epoch(network, trained.last, settings, training, some["train"], arrays, seed),
        [one for name in arrays for one in shifts(_scaled(network, name, arrays), name, seen)],
        _binned(sample, some["validation"], report),
        _masked(network, sample, seen, seed),
        max((1 / (1 - layer.momentum) for layer in _normalised(network)), default=None),
    )


def _normalised(network: keras.Model) -> list[keras.layers.BatchNormalization]:
    return [one for one in network.layers if isinstance(one, keras.layers.BatchNormalization)]


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
    layers = _normalised(network)
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


def _scaled(network: keras.Model, name: str, arrays: Arrays) -> Callable[[np.ndarray], np.ndarray]:
    """From rows to values of an input after the scaling layer, or raw if the network has none."""
    scaling = next((one for one in network.layers if one.name == f"{name}_scaling"), np.asarray)
    return lambda rows: np.asarray(scaling(arrays[name][rows]))


def _masked(
    network: keras.Model,
    sample: FitSample,
    seen: pd.DataFrame,
    seed: int,
) -> Masked | None:
    """Separation by what comes before the pulse, in the input where it is largest.

    The classifiers are fitted to events of training and validation; the network scores those of the
    validation. Of inputs in which nothing is free of a pulse it sees the same event always.
    """
    some = seen.sample(n=min(MASKED_EVENTS, len(seen)), random_state=seed)
    labels = some["label"].to_numpy(dtype=int)
    validation = (some["split"] == "validation").to_numpy()
    found, left = [], {}
    for name, array in sample.arrays.items():
        values = np.asarray(array[some["row"].to_numpy()])
        pulse = sample.pulses.get(name, RAW)
        kept = without_pulse(values, pulse)
        if kept is None:
            left[name] = np.repeat(values[:1], validation.sum(), axis=0)
            continue
        found.append((*separation(segments(values, pulse)[:, :, kept], labels, seed), name))
        left[name] = masked(values[validation], pulse, kept, seed)
    if not found or not validation.any():
        return None
    area, error, name = max(found, key=lambda one: one[0])
    probabilities = predict(network, left, np.arange(validation.sum()))
    reached = scores_separate(probabilities, labels[validation])
    return None if np.isnan([error, reached[1]]).any() else Masked(area, error, *reached, name)


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
