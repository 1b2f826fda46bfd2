"""Working points: thresholds on the score, chosen on validation events."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.predictions import Predictions

MOST_PROBABLE = "most_probable"

# Without it, 0.9 of 10 events can come out as 9.000000000000002 and require the tenth.
MARGIN = 1 - 1e-9


@dataclass(frozen=True)
class Decision:
    """How events are assigned to classes: by thresholds on the score, or to the most probable one.

    name: of the working point, or `most_probable`
    settings: the working point; None for the most probable class
    thresholds: by signal class (`Predictions.signal_classes`); None where validation has no event
        to choose on. With folds, the mean of theirs
    by_fold: with folds, the thresholds of each, which its events are compared with
    """

    name: str
    settings: WorkingPoint | None
    thresholds: tuple[float | None, ...]
    by_fold: Mapping[int, tuple[float | None, ...]] = field(default_factory=dict)

    @property
    def defined(self) -> bool:
        """True if no threshold is missing."""
        return None not in self.thresholds

    def threshold(self, label: int) -> float:
        """Threshold that events of a class are compared with; NaN if there is none.

        With folds it is the mean of their thresholds, see `of_events`.
        """
        if self.settings is None:
            return np.nan
        found = self.thresholds[self._place(label)]
        return np.nan if found is None else found

    def of_events(self, predictions: Predictions, label: int) -> np.ndarray:
        """Threshold for a class that each event is compared with, shape (events,).

        With folds it is that of the event's fold, else it is the same for all.
        """
        mean = self.threshold(label)
        found = np.full(len(predictions), mean)
        if not np.isnan(mean):
            for number, thresholds in self.by_fold.items():
                found[predictions.fold == number] = thresholds[self._place(label)]
        return found

    def _place(self, label: int) -> int:
        """Place of a class among the thresholds; of two classes, both have that of the signal."""
        return label if len(self.thresholds) > 1 else 0

    def title(self, label: int = 0) -> str:
        """The working point and its threshold in words."""
        if self.settings is None:
            return "most probable class"
        if self.settings.kind == "score":
            return self.settings.title
        if len(self.thresholds) > 1:
            return f"{self.settings.title}, one against the rest"
        folds = f", mean of {len(self.by_fold)} folds" if self.by_fold else ""
        return f"{self.settings.title} (score {self.threshold(label):.4g}{folds})"

    def assigned(self, predictions: Predictions) -> np.ndarray:
        """Index of the class that each event is assigned to, shape (events,).

        Only for two classes or the most probable class: thresholds one against the rest can accept
        an event for several classes, or for none.
        """
        if self.settings is None:
            return predictions.predicted
        return np.where(predictions.score >= self.of_events(predictions, 0), 0, 1)

    def accepted(self, predictions: Predictions, label: int) -> np.ndarray:
        """True where an event of any class is taken for class `label`, shape (events,)."""
        if self.settings is None or predictions.binary:
            return self.assigned(predictions) == label
        return predictions.probability[:, label] >= self.of_events(predictions, label)

    def passed(self, predictions: Predictions) -> np.ndarray:
        """True where an event is assigned to its true class, shape (events,).

        Of two classes, the signal passes from the threshold on, the background below it. Of more,
        each event passes from the threshold of its own class on.
        """
        if self.settings is None:
            return predictions.correct
        if predictions.binary:
            return self.assigned(predictions) == predictions.true
        indices = range(len(predictions.classes))
        thresholds = np.array([self.of_events(predictions, index) for index in indices])
        return predictions.score >= thresholds[predictions.true, np.arange(len(predictions))]


def decisions(points: Mapping[str, WorkingPoint], predictions: Predictions) -> list[Decision]:
    """All working points with thresholds chosen on the validation events, of each fold apart.

    With more than two classes they are one against the rest, and assignment to the most probable
    class comes first.
    """
    found = [_decision(name, point, predictions) for name, point in points.items()]
    if not predictions.binary:
        found.insert(0, Decision(MOST_PROBABLE, None, ()))
    return found


def _decision(name: str, point: WorkingPoint, predictions: Predictions) -> Decision:
    validation = predictions.part("validation")
    if predictions.fold is None or point.kind == "score":
        return Decision(name, point, _choose_each(point, validation))
    by_fold = {
        int(number): _choose_each(point, validation.where(validation.fold == number))
        for number in np.unique(predictions.fold)
    }
    means = (
        None if None in of_class else float(np.mean(of_class))
        for of_class in zip(*by_fold.values(), strict=True)
    )
    return Decision(name, point, tuple(means), by_fold)


def _choose_each(point: WorkingPoint, validation: Predictions) -> tuple[float | None, ...]:
    """The thresholds of a working point, by signal class; see `choose`."""
    return tuple(
        choose(point, *_one_against_rest(validation, index)) for index in validation.signal_classes
    )


def choose(
    point: WorkingPoint, signal: np.ndarray, score: np.ndarray, weight: np.ndarray
) -> float | None:
    """The threshold of a working point; None if an event of a class that it needs is missing.

    signal: bool, score and weight: float, all of shape (events,). At a fixed efficiency it is the
    highest threshold that keeps at least that fraction of the signal, at a fixed rejection the
    lowest that rejects at least that fraction of the background.
    """
    if point.kind == "score":
        return point.score
    if not signal.any() or (signal.all() and point.kind != "signal_efficiency"):
        return None
    if point.kind == "signal_efficiency":
        return threshold_keeping(score[signal], weight[signal], point.target)
    if point.kind == "background_rejection":
        return _rejecting(score[~signal], weight[~signal], point.target)
    return _best_f1(signal, score, weight)


def _one_against_rest(events: Predictions, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return events.true == index, events.probability[:, index], events.weight


def threshold_keeping(score: np.ndarray, weight: np.ndarray, fraction: float) -> float:
    """The highest score from which on at least `fraction` of the weight lies."""
    order = np.argsort(-score, kind="stable")
    kept = np.cumsum(weight[order])
    place = np.searchsorted(kept, fraction * kept[-1] * MARGIN)
    return float(score[order[min(place, len(order) - 1)]])


def _rejecting(score: np.ndarray, weight: np.ndarray, fraction: float) -> float:
    """The lowest threshold below which at least `fraction` of the weight lies."""
    order = np.argsort(score, kind="stable")
    rejected = np.cumsum(weight[order])
    place = np.searchsorted(rejected, fraction * rejected[-1] * MARGIN)
    last = score[order[min(place, len(order) - 1)]]
    # Events at the threshold are kept, so it must lie above the last event that is rejected.
    return float(np.nextafter(last, np.inf))


def _best_f1(signal: np.ndarray, score: np.ndarray, weight: np.ndarray) -> float:
    """The score with the highest F1 = 2 TP / (2 TP + FP + FN) of the events from it on."""
    order = np.argsort(-score, kind="stable")
    ordered = score[order]
    last = np.append(np.diff(ordered) != 0, True)
    kept = np.cumsum(weight[order] * signal[order])[last]
    accepted = np.cumsum(weight[order])[last]
    f1 = 2 * kept / (accepted + (weight * signal).sum())
    return float(ordered[last][f1.argmax()])
