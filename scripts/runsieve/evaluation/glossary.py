"""What each metric means: title, sentence, limits of its values, and which way is better."""

from collections.abc import Iterable, Mapping
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

    def entry(self) -> dict[str, Any]:
        """As JSON, in which no limit is None."""
        limits = [None if np.isinf(limit) else limit for limit in self.limits]
        return {
            "title": self.title,
            "meaning": self.meaning,
            "better": self.better,
            "limits": limits,
        }


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
        "rejection at the working point",
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
    "hanley-mcneil-delong": "from the variance of the ranks",
    "bootstrap": "quantiles of resampled test events",
    "chi-squared": "where the sum of squared differences would be compatible with this error",
}


def described(metrics: Iterable[Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Metrics and kinds of intervals that occur in any of the given metrics, in words."""
    found = [item for one in metrics for item in one.items()]
    kinds = {metric.get("interval") for _, metric in found}
    names = {name for name, _ in found}
    return {
        "metrics": {name: one.entry() for name, one in METRICS.items() if name in names},
        "intervals": {kind: text for kind, text in INTERVALS.items() if kind in kinds},
    }
