"""Metrics of a model, each with its interval."""

from typing import Any

import numpy as np

from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.roc import mean_auc, threshold_at
from runsieve.intervals import clopper_pearson, percentile_interval, ratio, resampled_weights
from runsieve.losses import log_losses, recalls

CHUNK = 2_000_000


def summarise(
    predictions: Predictions, efficiency: float, bootstrap: int, seed: int
) -> dict[str, Any]:
    """Metrics on the test events; every value has a 68.27 % interval (low, high).

    efficiency: working point; its threshold is chosen on validation events, the rejection there is
    quoted on test events (two classes only). Fractions of events have k, n and a Clopper-Pearson
    interval, the others a bootstrap interval of `bootstrap` resamplings within classes. Undefined
    values are None.
    """
    test = predictions.part("test")
    counts = np.bincount(test.true, minlength=len(test.classes))
    metrics = {"accuracy": counted(int(test.correct.sum()), len(test))}
    metrics |= bootstrapped(test, bootstrap, seed)
    if test.binary:
        metrics |= working_point(predictions.part("validation"), test, efficiency)
    return {
        "classes": list(test.classes),
        "events": dict(zip(test.classes, counts.tolist(), strict=True)),
        "majority": int(counts.max()) / len(test),
        "bootstrap": bootstrap,
        "seed": seed,
        "metrics": metrics,
    }


def counted(passed: int, total: int) -> dict[str, Any]:
    """The fraction k / n of `passed` out of `total` events, with its interval."""
    low, high = clopper_pearson(passed, total)
    ends = {"value": float(ratio(passed, total)), "low": float(low), "high": float(high)}
    if total == 0:
        ends = dict.fromkeys(ends)
    return {**ends, "k": passed, "n": total, "interval": "clopper-pearson"}


def bootstrapped(test: Predictions, bootstrap: int, seed: int) -> dict[str, Any]:
    """Balanced accuracy, AUC, log loss (nats) and Brier score, with bootstrap intervals."""
    estimate = _estimates(test, np.ones((1, len(test)), dtype=np.int32))
    generator = np.random.default_rng(seed)
    rows = max(1, CHUNK // len(test))
    chunks = []
    for start in range(0, bootstrap, rows):
        size = min(rows, bootstrap - start)
        chunks.append(_estimates(test, resampled_weights(test.true, size, generator)))
    metrics = {}
    for name, value in estimate.items():
        low, high = percentile_interval(np.concatenate([chunk[name] for chunk in chunks]))
        metrics[name] = {
            "value": float(value[0]),
            "low": low,
            "high": high,
            "interval": "bootstrap",
        }
    return metrics


def working_point(
    validation: Predictions, test: Predictions, efficiency: float
) -> dict[str, dict[str, Any]]:
    """Rejection at a signal efficiency; values are None if validation has no signal event."""
    chosen = validation.score[validation.true == 0]
    signal, background = test.score[test.true == 0], test.score[test.true == 1]
    if len(chosen) == 0:
        print("no validation event of the signal: no working point")
        return {"rejection": counted(0, 0) | {"at_efficiency": efficiency, "threshold": None}}
    threshold = threshold_at(chosen, efficiency)
    point = {"at_efficiency": efficiency, "threshold": threshold}
    rejection = counted(int((background < threshold).sum()), len(background)) | point
    return {
        "rejection": rejection,
        "rejection_factor": _factor(rejection),
        "efficiency_at_rejection": counted(int((signal >= threshold).sum()), len(signal)) | point,
    }


def _factor(rejection: dict[str, Any]) -> dict[str, Any]:
    """Background events per accepted background event, 1 / FPR; None where undefined."""
    ends = {part: rejection[part] for part in ("value", "low", "high")}
    factors = {
        part: None if end is None or end == 1 else 1 / (1 - end) for part, end in ends.items()
    }
    return {**factors, "interval": rejection["interval"]}


def _estimates(test: Predictions, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Each metric for each row of weights, shape (rows,)."""
    weights = weights.astype(float)
    of_class = (test.true[:, None] == np.arange(len(test.classes))).astype(float)
    recall = recalls(test.correct, test.true, len(test.classes), weights)
    loss = log_losses(test.probability, test.true)
    # With two classes, the sum over both counts the same difference twice.
    square = ((test.probability - of_class) ** 2).sum(axis=1) / (2 if test.binary else 1)
    total = weights.sum(axis=1)
    return {
        "balanced_accuracy": recall.mean(axis=1),
        "auc": mean_auc(test, weights),
        "log_loss": weights @ loss / total,
        "brier": weights @ square / total,
    }
