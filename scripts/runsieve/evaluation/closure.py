"""What working points realise on test events, and how that compares with what was asked for."""

from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.interpolation import Curve
from runsieve.evaluation.metrics import PARTS, Metric, factor, fraction
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.roc import signal_classes
from runsieve.evaluation.working_points import Decision, choose
from runsieve.intervals import percentile_interval

QUANTITIES = ("efficiency", "rejection", "rejection_factor", "closure", "at_target")
COLUMNS = ("working_point", "asked_for", "target", "class", "threshold", "signal", "background")


def working_point_table(evaluated: Evaluated, seed: int = 0) -> pd.DataFrame:
    """One row per working point and signal class, from the test events.

    working_point, asked_for, target: name, kind and value (blank for `maximise`)
    class, threshold: the signal, and the score from which on events count as signal
    signal, background: numbers of events
    efficiency, rejection, rejection_factor: realised at the threshold
    closure: realised minus target, for a fixed efficiency or rejection; its interval includes the
        choice of the threshold (bootstrap of validation and test events)
    at_target: rejection at exactly the target efficiency, or efficiency at exactly the target
        rejection, interpolated on the ROC curve of the test events
    Quantities have columns QUANTITY, QUANTITY_low and QUANTITY_high.
    """
    rows = []
    for decision in evaluated.decisions:
        for place, index in enumerate(signal_classes(evaluated.predictions)):
            if decision.settings is not None:
                rows.append(_row(evaluated, decision, place, index, seed))
    columns = [*COLUMNS, *(name for quantity in QUANTITIES for name in _names(quantity))]
    return pd.DataFrame(rows, columns=columns)


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
        kept = score >= threshold
        rejection = fraction(~kept[~signal], test.weight[~signal])
        row |= _columns("efficiency", fraction(kept[signal], test.weight[signal]))
        row |= _columns("rejection", rejection)
        row |= _columns("rejection_factor", factor(rejection))
        if point.target is not None:
            row |= _columns("closure", _closure(evaluated, point, index, threshold, seed))
    if point.target is not None and signal.any() and not signal.all():
        row |= _columns("at_target", _at_target(evaluated, point, index, seed))
    return row


def _closure(
    evaluated: Evaluated, point: WorkingPoint, index: int, threshold: float, seed: int
) -> dict[str, float]:
    """Realised minus target; the bootstrap chooses a threshold and applies it to other events."""
    test, validation = evaluated.test, evaluated.validation
    generator = np.random.default_rng(seed)
    samples = []
    for _ in range(evaluated.settings.bootstrap):
        drawn = validation.where(_drawn(validation.true, generator))
        chosen = choose(point, drawn.true == index, drawn.probability[:, index], drawn.weight)
        samples.append(_realised(test.where(_drawn(test.true, generator)), point, index, chosen))
    low, high = percentile_interval(np.array(samples) - point.target)
    return {
        "value": _realised(test, point, index, threshold) - point.target,
        "low": low,
        "high": high,
    }


def _realised(test: Predictions, point: WorkingPoint, index: int, threshold: float) -> float:
    """Signal efficiency or background rejection at a threshold, whichever the point fixes."""
    wanted = test.true == index
    kept = test.probability[:, index] >= threshold
    if point.kind == "background_rejection":
        wanted, kept = ~wanted, ~kept
    return float((test.weight * kept)[wanted].sum() / test.weight[wanted].sum())


def _drawn(true: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Rows of a bootstrap sample within classes, shape (events,)."""
    members = [np.flatnonzero(true == label) for label in np.unique(true)]
    return np.concatenate([generator.choice(rows, len(rows)) for rows in members])


def _at_target(
    evaluated: Evaluated, point: WorkingPoint, index: int, seed: int
) -> dict[str, float]:
    """The rejection at exactly the target efficiency, or the efficiency at exactly the rejection.

    The latter is the fraction of the signal that is accepted where 1 - target of the background is.
    """
    test, at_efficiency = evaluated.test, point.kind == "signal_efficiency"
    first = (test.true == index) == at_efficiency
    curve = Curve.of(first, test.probability[:, index], test.weight)
    given = point.target if at_efficiency else 1 - point.target
    value = float(curve.accepted(given)[0])
    low, high = curve.interval(given, evaluated.settings.bootstrap, np.random.default_rng(seed))
    if at_efficiency:
        value, low, high = 1 - value, 1 - high, 1 - low
    return {"value": value, "low": low, "high": high}


def _columns(quantity: str, metric: Metric) -> dict[str, float | None]:
    return dict(zip(_names(quantity), (metric[part] for part in PARTS), strict=True))


def _names(quantity: str) -> list[str]:
    return [quantity, f"{quantity}_low", f"{quantity}_high"]
