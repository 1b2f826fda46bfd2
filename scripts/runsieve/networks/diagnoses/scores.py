"""Diagnoses on the scores of validation events."""

from collections.abc import Iterator

import numpy as np

from runsieve.networks.diagnoses.diagnosis import Diagnosis
from runsieve.networks.observations import Observations

SPREAD = 0.01  # standard deviation of scores below which all events are scored alike
ONE_CLASS = 0.98  # fraction of events assigned to one class
FEWER = 0.1  # ... although the largest class is smaller by this
SIGMA = 2.0


def dead_network(seen: Observations) -> Iterator[Diagnosis]:
    """All events have nearly the same scores."""
    spread = float(seen.validation.probabilities.std(axis=0).max())
    yield Diagnosis(
        "dead_network",
        spread < SPREAD,
        spread,
        SPREAD,
        f"The network is dead: it gives every event nearly the same score (their standard "
        f"deviation is {spread:.2g}; its loss is {seen.validation.loss:.4f}).",
        "Lower training.learning_rate, try another seed or initialiser, and look at the scaling of "
        "the input.",
    )


def one_class(seen: Observations) -> Iterator[Diagnosis]:
    """Nearly all events are assigned to one class, and not nearly all belong there."""
    predicted = seen.validation.probabilities.argmax(axis=1)
    share = float(np.bincount(predicted).max() / len(predicted))
    true = float(np.bincount(seen.validation.labels).max() / len(predicted))
    yield Diagnosis(
        "one_class",
        share > ONE_CLASS and true < ONE_CLASS - FEWER,
        share,
        ONE_CLASS,
        f"The network assigns {100 * share:.1f} % of the validation events to one class, but at "
        f"most {100 * true:.1f} % belong there.",
        "Balance the sample or use its weights, and lower training.learning_rate.",
    )


def not_better_than_binned(seen: Observations) -> Iterator[Diagnosis]:
    """A paired comparison, because both models score the same events."""
    if seen.binned is None:
        return
    gain = seen.binned.log_losses - seen.validation.log_losses
    weights = seen.validation.weights / seen.validation.weights.sum()
    mean = float((weights * gain).sum())
    error = float(np.sqrt((weights**2 * (gain - mean) ** 2).sum()))
    sigma = float(mean / error) if error > 0 else 0.0
    yield Diagnosis(
        "not_better_than_binned",
        sigma < SIGMA,
        sigma,
        SIGMA,
        f"The network is not significantly better than a classifier that knows only the bin of the "
        f"report's variable: its log loss is lower by {mean:.4f} ± {error:.4f}, which is "
        f"{sigma:.1f} standard errors (at least {SIGMA:g} expected).",
        "It may have learned only that variable: use a sample that is matched in it, or more "
        "validation events if the difference matters.",
    )
