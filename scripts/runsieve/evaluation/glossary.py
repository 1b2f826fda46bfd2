"""Metrics and what else `metrics.json` holds, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Quantity:
    """A metric in words; limits: the smallest and largest value that it can have."""

    title: str
    meaning: str
    better: str = "higher"
    limits: tuple[float, float] = (0, 1)

    @property
    def sentence(self) -> str:
        """All of it in words."""
        low, high = self.limits
        limits = f"At least {low}" if np.isinf(high) else f"From {low} to {high}"
        return f"{self.title}: {self.meaning} {limits}; {self.better} is better."


METRICS = {
    "accuracy": Quantity(
        "accuracy",
        "Fraction of test events that are assigned to their true class: the most probable one, of "
        "two classes the first from a score of 0.5 on.",
    ),
    "balanced_accuracy": Quantity(
        "balanced accuracy",
        "Mean over the classes of the fraction that is assigned correctly.",
    ),
    "macro_f1": Quantity(
        "macro F1",
        "Mean over the classes of the harmonic mean of precision and recall, where each event is "
        "assigned to its most probable class.",
    ),
    "auc": Quantity(
        "area under the ROC curve",
        "Probability that an event of the signal has a higher score than one of the background; "
        "0.5 is chance. With several classes it is the mean over one against the rest.",
    ),
    "log_loss": Quantity(
        "log loss",
        "Mean of minus the natural logarithm of the probability given to the true class, in nats.",
        "lower",
        (0, np.inf),
    ),
    "brier": Quantity(
        "Brier score",
        "Mean square difference between the probabilities and what is true.",
        "lower",
        (0, 2),
    ),
    "calibration_error": Quantity(
        "calibration error",
        "Root mean square difference between predicted and observed fractions of a class, without "
        "what chance adds to it.",
        "lower",
    ),
    "rejection": Quantity(
        "rejection at the target efficiency",
        "Fraction of the background that is rejected at exactly the signal efficiency "
        "at_efficiency, interpolated on the ROC curve of the test events.",
    ),
    "rejection_factor": Quantity(
        "rejection factor",
        "One of this many background events is accepted at exactly the signal efficiency "
        "at_efficiency; no value if none is.",
        limits=(1, np.inf),
    ),
    "realised_efficiency": Quantity(
        "realised efficiency",
        "Fraction of the signal that has a score from the threshold on. The threshold was chosen "
        "on validation events.",
    ),
    "realised_rejection": Quantity(
        "realised rejection",
        "Fraction of the background that has a score below the threshold.",
    ),
}

INTERVALS = {
    "clopper-pearson": "exact, of k events in n; effective numbers where events have weights",
    "jeffreys": "quantiles of a mean of beta distributions",
    "dirichlet": "quantiles of the metric for Dirichlet distributed fractions of each class",
    "hanley-mcneil-delong": "from the variance of the ranks",
    "bootstrap": "quantiles of resampled test events",
    "chi-squared": "where the sum of squared differences would be compatible with this error",
}

KEYS = {
    "seeds": "results of the training with each seed, from test events, which had no part in "
    "training and in the choice of epoch and thresholds",
    "events": "number of test events of each class",
    "majority": "accuracy of always guessing the largest class",
    "bootstrap": "number of resamplings for intervals of kind bootstrap",
    "metrics": "events judged by their labels; low and high are the ends of the 68.27 % interval",
    "against_truth": "the same, judged by the simulated process; null if that is not known",
    "train_against_test": "do training events score like test events? distance: largest "
    "difference of the distributions of the score; p_holm: its p-value (Kolmogorov-Smirnov), "
    "corrected for the number of classes; a small one means overtraining, of which metrics of "
    "test events are free",
    "outside": "number of test events of each class outside the bins of the report",
    "parameters": "number of parameters of the network; null for other models",
    "warnings": "diagnoses of the network that fired",
}


def described(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What is in a summary (`summarise`), in words: keys, metrics, kinds of intervals."""
    kinds = {metric.get("interval") for metric in summary["metrics"].values()}
    return {
        "keys": KEYS,
        "metrics": {
            name: one.sentence for name, one in METRICS.items() if name in summary["metrics"]
        },
        "intervals": {kind: text for kind, text in INTERVALS.items() if kind in kinds},
    }
