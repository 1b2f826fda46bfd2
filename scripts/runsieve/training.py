"""Training of networks: batches from all over the sample, one line of history an epoch."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from runsieve.config.model import Network
from runsieve.errors import RunsieveError
from runsieve.networks import build
from runsieve.sample_files import require_classes


class Batches(keras.utils.PyDataset):
    """Batches of (raw values, label, weight), gathered one by one from an array on disk."""

    def __init__(self, array: np.ndarray, events: pd.DataFrame, batch_size: int) -> None:
        super().__init__()
        self.array = array
        self.batch_size = batch_size
        self.rows = events["row"].to_numpy()
        self.labels = events["label"].to_numpy(dtype=np.int32)
        weights = events["weight"].to_numpy(dtype=np.float64)
        # With a mean weight of one the learning rate keeps its meaning at any weighting.
        self.weights = (weights / weights.mean()).astype(np.float32)

    def __len__(self) -> int:
        return math.ceil(len(self.rows) / self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.array[self.rows[part]], self.labels[part], self.weights[part]


class ClassAccuracy(keras.metrics.Metric):
    """Share of right predictions of all events and of each class, from pooled counts."""

    def __init__(self, classes: Sequence[str]) -> None:
        super().__init__(name="class_accuracy")
        self.classes = list(classes)
        self.total, self.passed = (
            self.add_variable((len(classes),), "zeros", dtype="int", name=name)
            for name in ("total", "passed")
        )

    def update_state(self, labels, probabilities, sample_weight=None) -> None:
        """Count a batch: labels (batch,), probabilities (batch, classes); weights don't count."""
        labels = keras.ops.reshape(labels, (-1,))
        members = keras.ops.one_hot(labels, len(self.classes), dtype=self.total.dtype)
        predicted = keras.ops.argmax(probabilities, axis=-1)
        right = keras.ops.cast(
            predicted == keras.ops.cast(labels, predicted.dtype), self.total.dtype
        )
        self.total.assign_add(keras.ops.sum(members, axis=0))
        self.passed.assign_add(keras.ops.sum(members * right[:, None], axis=0))

    def result(self) -> dict:
        """`accuracy` and `accuracy_CLASS`; NaN where nothing was counted."""
        shares = keras.ops.cast(self.passed, "float32") / keras.ops.cast(self.total, "float32")
        overall = keras.ops.sum(self.passed) / keras.ops.sum(self.total)
        each = {f"accuracy_{name}": shares[label] for label, name in enumerate(self.classes)}
        return {"accuracy": overall, **each}


@dataclass
class Kept:
    """The weights that training will end with, and where they come from."""

    weights: list[np.ndarray]
    epoch: int = 0
    val_loss: float = math.inf


def train(
    settings: Network, events: pd.DataFrame, array: np.ndarray, classes: Sequence[str], seed: int
) -> tuple[keras.Model, pd.DataFrame]:
    """Build a network and find its weights; the same seed gives the same weights on one machine.

    `events` has the columns label, split, weight and row (into `array`, shape (rows, *shape)).
    Returns the network and its history, one row an epoch: epoch, loss, accuracy, val_loss,
    val_accuracy, accuracy_CLASS, val_accuracy_CLASS, seconds. Losses are weighted means. Training
    values are the running ones of the epoch, with dropout; validation is in inference mode at its
    end. Raises RunsieveError if a class has no training or validation event, or if the loss or a
    weight is not finite.
    """
    require_classes(events, classes, ("train", "validation"))
    keras.utils.set_random_seed(seed)
    network = build(settings, array.shape[1:], len(classes), array.dtype.name)
    trainer = _trainer(network, settings.training.learning_rate, classes)
    training = events[events["split"] == "train"]
    validation = Batches(
        array, events[events["split"] == "validation"], settings.training.batch_size
    )
    history = []
    kept = Kept(network.get_weights())
    for epoch in range(1, settings.training.epochs + 1):
        shuffled = training.iloc[order(len(training), seed, epoch)]
        batches = Batches(array, shuffled, settings.training.batch_size)
        history.append(_run_epoch(trainer, batches, validation, classes, epoch))
        print(_line(history[-1], settings.training.epochs, len(training)), flush=True)
        _require_finite(history[-1], network)
        if settings.training.keep == "last" or history[-1]["val_loss"] < kept.val_loss:
            kept = Kept(network.get_weights(), epoch, history[-1]["val_loss"])
    network.set_weights(kept.weights)
    print(
        f"kept the weights of epoch {kept.epoch}, validation loss {kept.val_loss:.4f}", flush=True
    )
    return network, pd.DataFrame(history)


def order(count: int, seed: int, epoch: int) -> np.ndarray:
    """The order in which an epoch sees the `count` training events, shape (count,)."""
    return np.random.default_rng((seed, epoch)).permutation(count)


def _trainer(network: keras.Model, learning_rate: float, classes: Sequence[str]) -> keras.Model:
    """A compiled model on the same weights, so that `network` is saved without the optimiser."""
    trainer = keras.Model(network.inputs, network.outputs)
    trainer.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[ClassAccuracy(classes)],
    )
    return trainer


def _run_epoch(
    trainer: keras.Model, training: Batches, validation: Batches, classes: Sequence[str], epoch: int
) -> dict[str, float]:
    """Pass once over the training events, then evaluate; returns a row of the history."""
    start = time.monotonic()
    # One epoch a call: shuffling, and what a resumed run does, depend on the epoch's number alone.
    fitted = trainer.fit(training, shuffle=False, verbose=0).history
    values = {key: series[0] for key, series in fitted.items()}
    evaluated = trainer.evaluate(validation, verbose=0, return_dict=True)
    values |= {f"val_{key}": value for key, value in evaluated.items()}
    names = ["loss", "accuracy", "val_loss", "val_accuracy"]
    for name in classes:
        names += [f"accuracy_{name}", f"val_accuracy_{name}"]
    seconds = {"seconds": round(time.monotonic() - start, 3)}
    return {"epoch": epoch} | {name: float(values[name]) for name in names} | seconds


def _line(row: dict[str, float], epochs: int, events: int) -> str:
    return (
        f"epoch {row['epoch']}/{epochs}  loss {row['loss']:.4f}  accuracy {row['accuracy']:.4f}  "
        f"val loss {row['val_loss']:.4f}  val accuracy {row['val_accuracy']:.4f}  "
        f"{row['seconds']:.1f} s, {events / max(row['seconds'], 1e-3):.0f} events/s"
    )


def _require_finite(row: dict[str, float], network: keras.Model) -> None:
    """Raise RunsieveError if a loss or a weight is not finite.

    The loss alone doesn't tell: a ReLU may turn NaN into 0, and a dead network has a finite loss.
    """
    values = {name: row[name] for name in ("loss", "val_loss")}
    values |= {weight.path: float(keras.ops.sum(weight)) for weight in network.trainable_variables}
    for name, value in values.items():
        if not math.isfinite(value):
            raise RunsieveError(
                f"training: {name} is {value} after epoch {row['epoch']}, finite numbers were "
                "expected; lower training.learning_rate, or look for NaN in the input"
            )
