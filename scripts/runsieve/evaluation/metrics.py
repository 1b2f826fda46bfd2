"""Metrics of a model, each with its interval."""

from typing import Any

import numpy as np

from runsieve.config.working_point import headline
from runsieve.evaluation.auc import auc_interval
from runsieve.evaluation.calibration import calibration_error
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.macro_f1 import macro_f1
from runsieve.evaluation.overtraining import overtraining, overtraining_table
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import (
    clopper_pearson,
    effective_counts,
    mean_interval,
    percentile_interval,
    resampled_chunks,
)
from runsieve.losses import log_losses

PARTS = ("value", "low", "high")

Metric = dict[str, Any]


def summarise(evaluated: Evaluated, seed: int) -> dict[str, Any]:
    """Metrics on the test events; every value has a 68.27 % interval (low, high).

    Fractions of events have k, n and a Clopper-Pearson interval (effective numbers where weights
    differ), the AUC that of `auc_interval`; the others have a bootstrap interval from resamplings
    within classes. Undefined values are None. `against_truth` holds the same metrics with the
    simulated process as true class.
    """
    test = evaluated.test
    counts = np.bincount(test.true, minlength=len(test.classes))
    truth = evaluated.against_truth
    return {
        "classes": list(test.classes),
        "events": dict(zip(test.classes, counts.tolist(), strict=True)),
        "majority": float(np.bincount(test.true, test.weight).max() / test.weight.sum()),
        "bootstrap": evaluated.settings.bootstrap,
        "seed": seed,
        "train_against_test": overtraining(overtraining_table(evaluated.predictions)),
        "metrics": metrics(evaluated, seed),
        "against_truth": None if truth is None else metrics(truth, seed),
    }


def metrics(evaluated: Evaluated, seed: int) -> dict[str, Metric]:
    """Metrics by name; those at a working point, the headline, only with two classes."""
    test, bootstrap = evaluated.test, evaluated.settings.bootstrap
    found = {"accuracy": fraction(test.correct, test.weight)}
    found["balanced_accuracy"] = balanced_accuracy(test)
    found["macro_f1"] = {**dict(zip(PARTS, macro_f1(test), strict=True)), "interval": "dirichlet"}
    found["auc"] = auc(test)
    found |= bootstrapped(test, bootstrap, seed)
    found["calibration_error"] = calibration_error(test)
    headline = headline_of(evaluated)
    if headline is not None:
        found |= rejection_at(evaluated, headline)
        found |= realised(test, headline)
    return found


def fraction(passed: np.ndarray, weight: np.ndarray) -> Metric:
    """Weighted fraction that passed, with its interval; None if there is no event.

    passed: bool, weight: float, of shape (events,). k and n are the effective numbers of events.
    """
    (k,), (n,) = effective_counts(passed, weight, np.zeros(len(passed), dtype=int), 1)
    low, high = clopper_pearson(k, n)
    ends = {"value": k / n, "low": low, "high": high} if n else dict.fromkeys(PARTS)
    ends = {name: None if end is None else float(end) for name, end in ends.items()}
    return {**ends, "k": _whole(k), "n": _whole(n), "interval": "clopper-pearson"}


def balanced_accuracy(test: Predictions) -> Metric:
    """Mean over the classes of the fraction that is classified correctly; see `mean_interval`."""
    k, n = effective_counts(test.correct, test.weight, test.true, len(test.classes))
    low, high = mean_interval(k, n)
    return {"value": float((k / n).mean()), "low": low, "high": high, "interval": "jeffreys"}


def auc(test: Predictions) -> Metric:
    """Area under the ROC curve; see `auc_interval`."""
    return {**dict(zip(PARTS, auc_interval(test), strict=True)), "interval": "hanley-mcneil-delong"}


def bootstrapped(test: Predictions, bootstrap: int, seed: int) -> dict[str, Metric]:
    """Log loss (nats) and Brier score, with bootstrap intervals."""
    estimate = _estimates(test, np.ones((1, len(test)), dtype=np.int32))
    resampled = resampled_chunks(test.true, bootstrap, np.random.default_rng(seed))
    chunks = [_estimates(test, counts) for counts in resampled]
    found = {}
    for name, value in estimate.items():
        low, high = percentile_interval(np.concatenate([chunk[name] for chunk in chunks]))
        found[name] = {
            "value": float(value[0]),
            "low": low,
            "high": high,
            "interval": "bootstrap",
        }
    return found


def headline_of(evaluated: Evaluated) -> Decision | None:
    """The decision at the headline, if that fixes the signal efficiency and has two classes."""
    if not evaluated.predictions.binary:
        return None
    decisions = {one.name: one for one in evaluated.decisions}
    name = headline({name: one.settings.kind for name, one in decisions.items()})
    chosen = decisions.get(name)
    return chosen if chosen and chosen.settings.kind == "signal_efficiency" else None


def rejection_at(evaluated: Evaluated, decision: Decision) -> dict[str, Metric]:
    """Rejection and rejection factor at exactly the signal efficiency of a working point.

    Both are interpolated on the ROC curve of the test events, so models are compared at the same
    efficiency, whatever their thresholds give.
    """
    point = decision.settings
    about = {"interval": "bootstrap", "at_efficiency": point.target, "working_point": decision.name}
    rejection = evaluated.at_target(point, 0)
    return {"rejection": rejection | about, "rejection_factor": factor(rejection) | about}


def realised(test: Predictions, decision: Decision) -> dict[str, Metric]:
    """Efficiency and rejection at the threshold of a working point; none without a threshold."""
    if not decision.defined:
        return {}
    passed = decision.passed(test)
    about = {"working_point": decision.name, "threshold": float(decision.threshold(0))}
    return {
        f"realised_{name}": fraction(passed[test.true == index], test.weight[test.true == index])
        | about
        for index, name in enumerate(("efficiency", "rejection"))
    }


def columns(name: str, metric: Metric) -> dict[str, float | None]:
    """A metric as the columns NAME, NAME_low and NAME_high of a table."""
    return dict(zip(column_names(name), (metric[part] for part in PARTS), strict=True))


def column_names(name: str) -> list[str]:
    """Names of the columns of a metric: its value and the ends of its interval."""
    return [name, f"{name}_low", f"{name}_high"]


def factor(rejection: Metric) -> Metric:
    """Background events per accepted background event, 1 / FPR; None where nothing is accepted."""
    return {
        part: None if rejection[part] is None or rejection[part] >= 1 else 1 / (1 - rejection[part])
        for part in PARTS
    }


def _estimates(test: Predictions, counts: np.ndarray) -> dict[str, np.ndarray]:
    """Each metric where events count this often, shape (rows, events); each of shape (rows,)."""
    weights = counts * test.weight
    of_class = (test.true[:, None] == np.arange(len(test.classes))).astype(float)
    loss = log_losses(test.probability, test.true)
    # With two classes, the sum over both counts the same difference twice.
    square = ((test.probability - of_class) ** 2).sum(axis=1) / (2 if test.binary else 1)
    total = weights.sum(axis=1)
    return {
        "log_loss": weights @ loss / total,
        "brier": weights @ square / total,
    }


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else float(number)
