"""What working points realise on test events, and how that compares with what was asked for."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.metrics import column_names, columns, factor, fraction
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import MARGIN, Decision, choose
from runsieve.intervals import CHUNK, percentile_interval, resampled_weights

QUANTITIES = ("efficiency", "rejection", "rejection_factor", "closure", "at_target")
COLUMNS = ("working_point", "asked_for", "target", "class", "threshold", "signal", "background")


def working_point_table(evaluated: Evaluated, seed: int = 0) -> pd.DataFrame:
    """One row per working point and signal class, from the test events.

    working_point, asked_for, target: name, kind and value (blank for `maximise`)
    class, threshold: the signal, and the score from which on events count as signal (with folds
        the mean of theirs; each event is compared with the threshold of its own fold)
    signal, background: numbers of events
    efficiency, rejection, rejection_factor: realised at the threshold
    closure: realised minus target, for a fixed efficiency or rejection; its interval includes the
        choice of the threshold (bootstrap of validation and test events; with folds, where an event
        can be both, of events)
    at_target: rejection at exactly the target efficiency, or efficiency at exactly the target
        rejection, interpolated on the ROC curve of the test events
    Quantities have columns QUANTITY, QUANTITY_low and QUANTITY_high.
    """
    rows = []
    for decision in evaluated.decisions:
        for place, index in enumerate(evaluated.predictions.signal_classes):
            if decision.settings is not None:
                rows.append(_row(evaluated, decision, place, index, seed))
    names = [*COLUMNS, *(name for quantity in QUANTITIES for name in column_names(quantity))]
    return pd.DataFrame(rows, columns=names)


def _row(
    evaluated: Evaluated, decision: Decision, place: int, index: int, seed: int
) -> dict[str, Any]:
    test, point, threshold = evaluated.test, decision.settings, decision.thresholds[place]
    signal, score = test.true == index, test.probability[:, index]
    row = {
        "working_point": decision.name,
        "asked_for": point.kind,
        "target": point.score if point.kind == "score" else point.target,
        "class": test.classes[index],
        "threshold": threshold,
        "signal": int(signal.sum()),
        "background": int((~signal).sum()),
    }
    if threshold is not None:
        kept = score >= decision.of_events(test, index)
        rejection = fraction(~kept[~signal], test.weight[~signal])
        row |= columns("efficiency", fraction(kept[signal], test.weight[signal]))
        row |= columns("rejection", rejection)
        row |= columns("rejection_factor", factor(rejection))
        if point.target is not None:
            row |= columns("closure", _closure(evaluated, decision, index, seed))
    if point.target is not None and signal.any() and not signal.all():
        row |= columns("at_target", evaluated.at_target(point, index))
    return row


def _closure(evaluated: Evaluated, decision: Decision, index: int, seed: int) -> dict[str, float]:
    """Realised minus target; the bootstrap chooses a threshold and applies it to other events."""
    generator = np.random.default_rng(seed)
    sampling = _apart if evaluated.test.fold is None else _in_folds
    samples = sampling(evaluated, decision.settings, index, generator)
    target, test = decision.settings.target, evaluated.test
    low, high = percentile_interval(samples - target)
    limits = decision.of_events(test, index)
    value = _realised(test, decision.settings, index, limits) - target
    return {"value": value, "low": low, "high": high}


def _apart(
    evaluated: Evaluated, point: WorkingPoint, index: int, generator: np.random.Generator
) -> np.ndarray:
    """What bootstrap samples realise, shape (bootstrap,), of validation and of test events.

    The threshold depends on the class alone of which a fraction is asked for. In the order in which
    a moving threshold reaches its events, both the threshold and what it realises are places.
    """
    (chosen, chosen_weight), (test, test_weight) = (
        _reached(part, point, index) for part in (evaluated.validation, evaluated.test)
    )
    rows = max(1, CHUNK // max(len(chosen), len(test)))
    samples = []
    for start in range(0, evaluated.settings.bootstrap, rows):
        many = min(rows, evaluated.settings.bootstrap - start)
        kept, realised = (
            np.cumsum(resampled_weights(np.zeros(len(w), int), many, generator) * w, axis=1)
            for w in (chosen_weight, test_weight)
        )
        wanted = point.target * kept[:, -1:] * MARGIN
        last = chosen[(kept < wanted).sum(axis=1).clip(max=len(chosen) - 1)]
        place = np.searchsorted(test, last, side="right")
        realised = np.pad(realised, ((0, 0), (1, 0)))
        samples.append(realised[np.arange(many), place] / realised[:, -1])
    return np.concatenate(samples)


def _reached(events: Predictions, point: WorkingPoint, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Events of the class of which a fraction is asked for, as a moving threshold reaches them.

    Returns rising keys (the score, with its sign changed for an efficiency) and weights.
    """
    at_efficiency = point.kind == "signal_efficiency"
    own = (events.true == index) == at_efficiency
    score = events.probability[own, index]
    key = -score if at_efficiency else score
    order = np.argsort(key, kind="stable")
    return key[order], events.weight[own][order]


def _in_folds(
    evaluated: Evaluated, point: WorkingPoint, index: int, generator: np.random.Generator
) -> np.ndarray:
    """What bootstrap samples of the events of all folds realise, shape (bootstrap,)."""
    strata = _strata(evaluated)
    members = [np.flatnonzero(strata == label) for label in np.unique(strata)]
    samples = []
    for _ in range(evaluated.settings.bootstrap):
        validation, test = _drawn_events(evaluated, members, generator)
        limits = _chosen(point, index, validation, test)
        samples.append(_realised(test, point, index, limits))
    return np.array(samples)


def _chosen(
    point: WorkingPoint, index: int, validation: Predictions, test: Predictions
) -> np.ndarray:
    """Threshold of each test event, shape (events,), chosen on validation; NaN if there is none."""
    limits = np.empty(len(test))
    for fold in [None] if test.fold is None else np.unique(test.fold):
        own = validation if fold is None else validation.where(validation.fold == fold)
        chosen = choose(point, own.true == index, own.probability[:, index], own.weight)
        mine = slice(None) if fold is None else test.fold == fold
        limits[mine] = np.nan if chosen is None else chosen
    return limits


def _realised(test: Predictions, point: WorkingPoint, index: int, limits: np.ndarray) -> float:
    """Signal efficiency or background rejection, whichever the point fixes.

    limits: threshold of each event, shape (events,)
    """
    wanted = test.true == index
    kept = test.probability[:, index] >= limits
    if point.kind == "background_rejection":
        wanted, kept = ~wanted, ~kept
    return float((test.weight * kept)[wanted].sum() / test.weight[wanted].sum())


def _strata(evaluated: Evaluated) -> np.ndarray:
    """Number by class, fold, and whether other folds validate on it, of each test event."""
    test = evaluated.test
    validates = np.isin(test.row, evaluated.validation.row)
    return 2 * (test.true * (test.fold.max() + 1) + test.fold) + validates


def _drawn_events(
    evaluated: Evaluated, strata: Sequence[np.ndarray], generator: np.random.Generator
) -> tuple[Predictions, Predictions]:
    """A bootstrap sample of the events of all folds, as validation and as test events.

    Drawn within `_strata`, so that every fold keeps its numbers of events.
    """
    validation, test = evaluated.validation, evaluated.test.where(_drawn(strata, generator))
    times = np.bincount(test.row, minlength=validation.row.max() + 1)
    repeated = np.repeat(np.arange(len(validation)), times[validation.row])
    return validation.where(repeated), test


def _drawn(strata: Sequence[np.ndarray], generator: np.random.Generator) -> np.ndarray:
    """Rows of a bootstrap sample within strata, shape (events,); strata: rows of each."""
    return np.concatenate([generator.choice(rows, len(rows)) for rows in strata])
