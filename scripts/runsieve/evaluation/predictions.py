"""Predictions of a model: the probabilities it assigns to events, and their true classes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.base import SPLITS
from runsieve.errors import RunsieveError

THRESHOLD = 0.5
ROUNDING = 1e-6  # a softmax in single precision can slightly exceed 1


@dataclass(frozen=True)
class Predictions:
    """Events with their true class and the probability of each class.

    classes: names, in the order of the columns of `probability`; of two, the first is the signal
    true: index of the true class, shape (events,)
    probability: shape (events, classes)
    split: train, validation or test, shape (events,)
    value: the variable that efficiencies are binned in, shape (events,), or None
    weight: of each event in every metric, shape (events,); 1 by default
    run, channel: of each event, shape (events,), or None
    truth: index of the class that the simulated process of each event belongs to, shape (events,);
        None where the truth is not known
    fold: of the model that gave the probabilities, shape (events,); None without folds
    row: of the event in its sample, shape (events,), known with folds, where an event can be a
        validation event of several; None without
    """

    classes: tuple[str, ...]
    true: np.ndarray
    probability: np.ndarray
    split: np.ndarray
    value: np.ndarray | None = None
    weight: np.ndarray | None = None
    run: np.ndarray | None = None
    channel: np.ndarray | None = None
    truth: np.ndarray | None = None
    fold: np.ndarray | None = None
    row: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.weight is None:
            object.__setattr__(self, "weight", np.ones(len(self.true)))

    def __len__(self) -> int:
        return len(self.true)

    @property
    def binary(self) -> bool:
        """True for two classes, of which the first is the signal."""
        return len(self.classes) == 2

    @property
    def signal_classes(self) -> list[int]:
        """Indices of the classes with a curve: the signal of two classes, or every one of more."""
        return [0] if self.binary else list(range(len(self.classes)))

    @property
    def predicted(self) -> np.ndarray:
        """Index of the most probable class, shape (events,); of two, the signal from 0.5 on."""
        return most_probable(self.probability)

    @property
    def correct(self) -> np.ndarray:
        """True where the predicted class is the true one, shape (events,)."""
        return self.predicted == self.true

    @property
    def score(self) -> np.ndarray:
        """Probability of the signal (two classes) or of the true class (more), shape (events,)."""
        if self.binary:
            return self.probability[:, 0]
        return self.probability[np.arange(len(self)), self.true]

    def part(self, split: str) -> "Predictions":
        """The events of one split."""
        return self.where(self.split == split)

    def where(self, keep: np.ndarray) -> "Predictions":
        """The events for which `keep` is True, shape (events,)."""
        parts = {
            name: values[keep]
            for name, values in vars(self).items()
            if name != "classes" and values is not None
        }
        return replace(self, **parts)

    def against_rest(self, index: int) -> "Predictions":
        """The events as two classes: the one at this index as signal, and all others."""
        score = self.probability[:, index]
        return replace(
            self,
            classes=(self.classes[index], "others"),
            true=(self.true != index).astype(int),
            probability=np.column_stack([score, 1 - score]),
            truth=None,
        )

    def against_truth(self) -> "Predictions | None":
        """The same scores, with the class of the simulated process as the true class."""
        return None if self.truth is None else replace(self, true=self.truth, truth=None)


def most_probable(probability: np.ndarray) -> np.ndarray:
    """Index of the most probable class, shape (events,); of two, the signal from 0.5 on.

    probability: shape (events, classes)
    """
    if probability.shape[1] == 2:
        return np.where(probability[:, 0] >= THRESHOLD, 0, 1)
    return probability.argmax(axis=1)


def read_predictions(
    path: str | Path, classes: Sequence[str], variable: str | None = None
) -> Predictions:
    """Read a scores file (parquet); see `score_table` and `merge_folds` for its columns.

    Raises RunsieveError for a column or class that is missing or unknown, for scores that are not
    probabilities, and for a class without a test event.
    """
    frame = pd.read_parquet(path)
    columns = [f"p_{name}" for name in classes]
    needed = ["run", "channel", "class", "split", "weight", *columns]
    needed += [variable] if variable else []
    for name in needed:
        if name not in frame:
            raise RunsieveError(
                f"{path}: column {name!r} is missing; found {', '.join(map(str, frame.columns))}"
            )
    named = [("class", classes), ("split", SPLITS)]
    named += [("truth", classes)] if "truth" in frame else []
    for column, known in named:
        unknown = sorted(set(frame[column].astype(str)) - set(known))
        if unknown:
            raise RunsieveError(
                f"{path}: column {column!r} holds {unknown[0]!r}, not one of {', '.join(known)}"
            )
    probability = frame[columns].to_numpy(dtype=float)
    bad = ~((probability >= -ROUNDING) & (probability <= 1 + ROUNDING)).all(axis=1)
    if bad.any():
        raise RunsieveError(
            f"{path}: {bad.sum()} of {len(frame)} events have a score that is not between 0 and 1, "
            f"the first in row {int(bad.argmax())}"
        )
    predictions = Predictions(
        tuple(classes),
        _indices(frame["class"], classes),
        probability.clip(0, 1),
        frame["split"].to_numpy(dtype=str),
        frame[variable].to_numpy(dtype=float) if variable else None,
        frame["weight"].to_numpy(dtype=float),
        frame["run"].to_numpy(),
        frame["channel"].to_numpy(),
        _indices(frame["truth"], classes) if "truth" in frame else None,
        *(frame[name].to_numpy() if "fold" in frame else None for name in ("fold", "row")),
    )
    tested = np.bincount(predictions.part("test").true, minlength=len(classes))
    for name, count in zip(classes, tested, strict=True):
        if count == 0:
            raise RunsieveError(f"{path}: class {name!r} has no event in the test split")
    return predictions


def _indices(names: pd.Series, classes: Sequence[str]) -> np.ndarray:
    """Index of each name among the classes."""
    codes = pd.Categorical(names.astype(str), categories=list(classes)).codes
    return np.asarray(codes, dtype=int)
