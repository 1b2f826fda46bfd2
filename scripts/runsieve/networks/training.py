"""Training of networks: one row of history per epoch, and a state to resume from."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from runsieve.calibrators import describe, fit_calibrator
from runsieve.config.network import NetworkSettings, Training
from runsieve.config.pulse import RAW
from runsieve.errors import RunsieveError
from runsieve.files import written
from runsieve.networks.backend import machine
from runsieve.networks.batches import Batches, order
from runsieve.networks.building import Seen, build
from runsieve.networks.calibration import calibrated
from runsieve.networks.checkpoints import Checkpoint, State, training_key
from runsieve.networks.class_accuracy import ClassAccuracy
from runsieve.networks.fused import with_fused
from runsieve.networks.metadata import add_about
from runsieve.networks.optimisers import OPTIMISERS
from runsieve.networks.precision import resolve
from runsieve.networks.prediction import predict
from runsieve.networks.scaling import moments_of
from runsieve.networks.schedule import best_epoch, is_over, learning_rate
from runsieve.progress import Progress
from runsieve.samples.sample_files import FitSample, require_classes
from runsieve.tables import write_csv, write_json


@dataclass(frozen=True)
class Trained:
    """A trained network, the weights after its last epoch, its history and its precision.

    seconds: of each epoch
    classes: names, in the order of the probabilities

    The network ends in its calibration, if it has one; the last weights are without it.
    """

    network: keras.Model
    last: list[np.ndarray]
    history: pd.DataFrame
    seconds: Sequence[float]
    precision: str
    kept_epoch: int
    classes: Sequence[str]
    seed: int

    def save(self, model: Path, last: Path, history: Path, training: Path) -> None:
        """Write the network, its last weights, its history and its facts."""
        with written(model) as path:
            self.network.save(path)
            add_about(path, {"classes": list(self.classes), "seed": self.seed})
        with written(last) as path, path.open("wb") as file:
            np.savez(file, *self.last)
        write_csv(self.history, history)
        write_json(self.facts(), training)

    def facts(self) -> dict[str, Any]:
        """Facts of the training for the card, beyond its settings."""
        fixed = self.network.non_trainable_weights
        return {
            "parameters": self.network.count_params(),
            "not_trainable": sum(prod(weight.shape) for weight in fixed),
            "precision": self.precision,
            "epochs": len(self.history),
            "kept_epoch": self.kept_epoch,
            "seconds": round(sum(self.seconds), 1),
            "epoch_seconds": list(self.seconds),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
        }


def train(
    settings: NetworkSettings,
    sample: FitSample,
    seed: int,
    state: Path | None = None,
    code: str = "",
    after_epoch: Callable[[int, keras.Model], None] | None = None,
) -> Trained:
    """Build a network and train it; the same seed gives the same weights on one machine.

    The history has one row per epoch: epoch, loss, accuracy, val_loss, val_accuracy,
    accuracy_CLASS, val_accuracy_CLASS, learning_rate. Losses are weighted means. Training metrics
    are running means over the epoch, with dropout; validation metrics are computed at its end in
    inference mode. After each epoch all variables are written to the file `state`; an identical
    training (`code`: fingerprint of the code) resumes from it, if this machine trains in the same
    precision, and ends with the same weights. It stays after the last epoch: a job that is ended
    later loses nothing. TensorBoard's files are written next to it.
    Without `state`, no value of an event of another split than training and validation is read.
    A calibration is fitted to the validation events after the training, of which it is no part.
    `after_epoch` is called with the number of the epoch, from 1, and the network as it is then;
    what it raises ends the training.
    Raises RunsieveError if a class has no training or validation event, or if the loss or a weight
    is not finite.
    """
    events, arrays, classes = sample.events, sample.arrays, sample.classes
    require_classes(events, classes, ("train", "validation"))
    keras.utils.set_random_seed(seed)
    training = sample.split("train")
    precision = resolve(settings.training.precision)
    network = build(settings, _seen(settings, sample, training), precision)
    trainer = _trainer(network, settings.training, classes)
    size = settings.training.batch_size
    validation = Batches(arrays, sample.split("validation"), len(classes), size)
    trained_by = {
        "settings": settings.model_dump(mode="json", exclude={"calibration"}),
        "pulses": {name: pulse.model_dump(mode="json") for name, pulse in sample.pulses.items()},
    }
    key = "" if state is None else training_key(trained_by, events, arrays, seed, code)
    saved = Checkpoint(state, key, precision)
    history, kept = _restore(saved, network, trainer)
    writer = None
    if state is not None and settings.training.tensorboard:
        writer = keras.callbacks.TensorBoard(state.with_name("tensorboard"), write_graph=False)
    while not is_over(settings.training, _monitored(history, settings.training)):
        epoch = len(history) + 1
        rate = learning_rate(settings.training, _monitored(history, settings.training))
        trainer.optimizer.learning_rate = rate
        shuffled = training
        if settings.training.shuffle:
            shuffled = training.iloc[order(len(training), seed, epoch)]
        batches = Batches(arrays, shuffled, len(classes), size)
        row = _run_epoch(trainer, batches, validation, classes, epoch, rate, writer)
        history.append(row)
        print(_line(row, settings.training.epochs, len(training)), flush=True)
        _require_finite(row, network)
        chosen = _chosen(history, settings.training)
        if chosen == epoch:
            kept = network.get_weights()
        saved.save(State(_values(network), _values(trainer.optimizer), kept, history))
        if after_epoch is not None:
            after_epoch(epoch, network)
    chosen = _chosen(history, settings.training)
    last = network.get_weights()
    network.set_weights(kept)
    monitor = settings.training.monitor
    print(f"kept the weights of epoch {chosen}: {monitor} {history[chosen - 1][monitor]:.4f}")
    network = _calibrated(network, settings, sample)
    table = pd.DataFrame(history)
    seconds = table.pop("seconds").tolist()
    return Trained(network, last, table, seconds, precision, chosen, classes, seed)


def _seen(settings: NetworkSettings, sample: FitSample, training: pd.DataFrame) -> Seen:
    """Shapes and types of the inputs, and moments of those that are standardised."""
    rows = training["row"].to_numpy()
    return Seen(
        {name: array.shape[1:] for name, array in sample.arrays.items()},
        {name: array.dtype.name for name, array in sample.arrays.items()},
        sample.classes,
        {
            name: moments_of(sample.arrays[name], rows, sample.pulses.get(name, RAW))
            for name, scaling in settings.scalings().items()
            if scaling.standardise
        },
        sample.pulses,
    )


def _calibrated(network: keras.Model, settings: NetworkSettings, sample: FitSample) -> keras.Model:
    if settings.calibration == "none":
        return network
    events = sample.split("validation")
    probability = predict(network, sample.arrays, events["row"].to_numpy())
    calibrator = fit_calibrator(
        settings.calibration, probability, events["label"].to_numpy(), events["weight"].to_numpy()
    )
    print(describe(calibrator), flush=True)
    return calibrated(network, calibrator)


def _restore(
    saved: Checkpoint, network: keras.Model, trainer: keras.Model
) -> tuple[list[dict[str, float]], list[np.ndarray]]:
    """Restore an interrupted training, if any; returns its history and the weights kept so far."""
    state = saved.load()
    if state is None:
        return [], network.get_weights()
    for owner, values in ((network, state.network), (trainer.optimizer, state.optimiser)):
        for variable, value in zip(owner.variables, values, strict=True):
            variable.assign(value)
    print(f"resuming after epoch {len(state.history)}")
    return list(state.history), state.kept


def _values(owner: keras.Model | keras.optimizers.Optimizer) -> list[np.ndarray]:
    return [np.array(variable.numpy()) for variable in owner.variables]


def _monitored(history: Sequence[Mapping[str, float]], settings: Training) -> list[float]:
    """The monitored metric of each epoch, with the sign chosen so that lower is better."""
    sign = -1 if settings.monitor == "val_accuracy" else 1
    return [sign * row[settings.monitor] for row in history]


def _chosen(history: Sequence[Mapping[str, float]], settings: Training) -> int:
    """The epoch, from 1, whose weights are kept."""
    return len(history) if settings.keep == "last" else best_epoch(_monitored(history, settings))


def _trainer(network: keras.Model, settings: Training, classes: Sequence[str]) -> keras.Model:
    """A compiled model that shares the weights, so that `network` is saved without optimiser."""
    losses = {
        "crossentropy": keras.losses.CategoricalCrossentropy,
        "focal": keras.losses.CategoricalFocalCrossentropy,
    }
    fused = with_fused(network)
    trainer = keras.Model(fused.inputs, fused.outputs)
    if len(fused.inputs) > 1:
        trainer = keras.Model({one.name: one for one in fused.inputs}, fused.outputs[0])
    trainer.compile(
        optimizer=OPTIMISERS[settings.optimiser](settings.learning_rate),
        loss=losses[settings.loss](label_smoothing=settings.label_smoothing),
        metrics=[ClassAccuracy(classes)],
    )
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def _run_epoch(
    trainer: keras.Model,
    training: Batches,
    validation: Batches,
    classes: Sequence[str],
    epoch: int,
    rate: float,
    writer: keras.callbacks.TensorBoard | None,
) -> dict[str, float]:
    """Pass once over the training events, then evaluate; returns a row of the history."""
    start = time.monotonic()
    # One epoch per call, so that shuffling and resuming depend only on its number.
    fitted = trainer.fit(
        training,
        initial_epoch=epoch - 1,
        epochs=epoch,
        shuffle=False,
        verbose=0,
        callbacks=[BatchProgress(epoch, len(training)), *([] if writer is None else [writer])],
    ).history
    values = {key: series[0] for key, series in fitted.items()}
    evaluated = trainer.evaluate(validation, verbose=0, return_dict=True)
    values |= {f"val_{key}": value for key, value in evaluated.items()}
    names = ["loss", "accuracy", "val_loss", "val_accuracy"]
    for name in classes:
        names += [f"accuracy_{name}", f"val_accuracy_{name}"]
    rest = {"learning_rate": rate, "seconds": round(time.monotonic() - start, 3)}
    return {"epoch": epoch} | {name: float(values[name]) for name in names} | rest


class BatchProgress(keras.callbacks.Callback):
    """Prints an occasional line during long epochs."""

    SECONDS = 30.0

    def __init__(self, epoch: int, batches: int) -> None:
        super().__init__()
        self.progress = Progress(f"epoch {epoch}: batches", batches, self.SECONDS)

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Print the progress of the epoch and its loss."""
        self.progress.advance(note=f", loss {(logs or {}).get('loss', math.nan):.4f}")


def _line(row: dict[str, float], epochs: int, events: int) -> str:
    return (
        f"epoch {row['epoch']}/{epochs}  loss {row['loss']:.4f}  accuracy {row['accuracy']:.4f}  "
        f"val loss {row['val_loss']:.4f}  val accuracy {row['val_accuracy']:.4f}  "
        f"{row['seconds']:.1f} s, {events / max(row['seconds'], 1e-3):.0f} events/s"
    )


def _require_finite(row: dict[str, float], network: keras.Model) -> None:
    """Raise RunsieveError if a loss or a weight is not finite.

    The loss alone is not enough: a ReLU may turn NaN into 0, and a dead network has a finite loss.
    """
    values = {name: row[name] for name in ("loss", "val_loss")}
    values |= {weight.path: float(keras.ops.sum(weight)) for weight in network.trainable_variables}
    for name, value in values.items():
        if not math.isfinite(value):
            raise RunsieveError(
                f"training: {name} is {value} after epoch {row['epoch']}, finite numbers were "
                "expected; lower training.learning_rate, or look for NaN in the input"
            )
