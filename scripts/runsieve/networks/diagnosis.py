"""What may be wrong with a trained network: measured values, their limits, and what to do.

The limits are judgement calls; each value is written next to its limit, whether it fired or not.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from runsieve.networks.observations import Observations

SPREAD = 0.01  # standard deviation of scores below which all events are scored alike
ONE_CLASS = 0.98  # fraction of events assigned to one class
ONE_SIDED = 0.2  # validation accuracy of a class below which an epoch is one-sided
LEARNED = 0.6  # ... although the training accuracy of every class is above this
GAP = 0.1  # accuracy lost between two evaluations of the same events
RECOVERED = 0.5  # fraction of that gap that is recovered
MIXING = 3.0  # variance of class fractions over that of mixed batches
SHIFT, RATIO = 0.25, 1.5  # difference of training and validation inputs: means, deviations
OVERFIT = 1.2  # last validation loss over the lowest
SIGMA = 2.0


@dataclass(frozen=True)
class Diagnosis:
    """One possible problem: a value, the limit that it should not cross, and advice."""

    name: str
    fired: bool
    value: float | None
    limit: float
    finding: str
    advice: str

    @property
    def sentence(self) -> str:
        """Finding and advice."""
        return f"{self.finding} {self.advice}"


def diagnose(seen: Observations) -> list[Diagnosis]:
    """All diagnoses, whether they fired or not."""
    dead = _dead(seen)
    return [
        dead,
        _one_class(seen, dead.fired),
        _one_sided_epochs(seen),
        _unmixed(seen),
        _statistics_behind(seen),
        _different_scaling(seen),
        _overfitting(seen),
        *_no_better_than_binned(seen),
    ]


def say(diagnoses: list[Diagnosis]) -> dict[str, Any]:
    """Print the diagnoses that fired; returns `diagnoses` (all) and `warnings` (as sentences)."""
    warnings = [one.sentence for one in diagnoses if one.fired]
    print(*(warnings or ["no diagnosis fired"]), sep="\n", flush=True)
    return {"diagnoses": [asdict(one) for one in diagnoses], "warnings": warnings}


def _dead(seen: Observations) -> Diagnosis:
    spread = float(seen.validation.probabilities.std(axis=0).max())
    return Diagnosis(
        "dead_network",
        spread < SPREAD,
        spread,
        SPREAD,
        f"The network is dead: it gives every event nearly the same score (their standard "
        f"deviation is {spread:.2g}; its loss is {seen.validation.loss:.4f}).",
        "Lower training.learning_rate, try another seed or initialiser, and look at the scaling of "
        "the input.",
    )


def _one_class(seen: Observations, dead: bool) -> Diagnosis:
    predicted = seen.validation.probabilities.argmax(axis=1)
    share = float(np.bincount(predicted).max() / len(predicted))
    true = float(np.bincount(seen.validation.labels).max() / len(predicted))
    return Diagnosis(
        "one_class",
        share > ONE_CLASS and true < ONE_CLASS - GAP and not dead,
        share,
        ONE_CLASS,
        f"The network assigns {100 * share:.1f} % of the validation events to one class, but at "
        f"most {100 * true:.1f} % belong there.",
        "Balance the sample or use its weights, and lower training.learning_rate.",
    )


def _one_sided_epochs(seen: Observations) -> Diagnosis:
    history = seen.history
    names = [name for name in history if name.startswith("val_accuracy_")]
    worst = history[names].min(axis=1)
    running = history[[name.removeprefix("val_") for name in names]].min(axis=1)
    epochs = history["epoch"][(worst < ONE_SIDED) & (running > LEARNED)].tolist()
    listed = ", ".join(map(str, epochs))
    return Diagnosis(
        "jumping_validation",
        len(epochs) > 0,
        float(len(epochs)),
        0.0,
        f"In epoch {listed} nearly all validation events of a class went to another one, although "
        f"training had learned every class.",
        "The other diagnoses, if they fire, name the cause: unmixed batches, statistics of batch "
        "normalisation behind the weights, or another scaling of the validation events.",
    )


def _unmixed(seen: Observations) -> Diagnosis:
    value = seen.mixing if math.isfinite(seen.mixing) else None
    return Diagnosis(
        "unmixed_batches",
        value is not None and value > MIXING,
        value,
        MIXING,
        f"The batches are not mixed: the variance of a class fraction between them is "
        f"{value or 0:.3g} times that of random batches.",
        "Shuffle over the whole sample (training.shuffle: true).",
    )


def _statistics_behind(seen: Observations) -> Diagnosis:
    """Accuracy lost by training events in inference mode, regained with recomputed statistics."""
    gap = closed = 0.0
    if seen.last is not None and seen.recomputed is not None:
        row = seen.history.iloc[-1]
        names = [name for name in row.index if name.startswith("accuracy_")]
        gap = float(row[names].mean()) - seen.last.balanced_accuracy
        closed = seen.recomputed.balanced_accuracy - seen.last.balanced_accuracy
    return Diagnosis(
        "statistics_behind",
        bool(gap > GAP and closed > RECOVERED * gap),
        closed if seen.last is not None else None,
        max(GAP, RECOVERED * gap),
        f"The statistics of batch normalisation lag behind the weights: after the last epoch the "
        f"training events lose {gap:.2f} of their accuracy in inference mode, and statistics "
        f"recomputed over shuffled batches restore {closed:.2f}.",
        "Lower normalisation.momentum or training.learning_rate, train longer, or use group "
        "normalisation.",
    )


def _different_scaling(seen: Observations) -> Diagnosis:
    shift = max((one for one, _ in seen.shifts.values()), default=0.0)
    ratio = max((max(one, 1 / one) for _, one in seen.shifts.values()), default=1.0)
    return Diagnosis(
        "different_scaling",
        bool(shift > SHIFT or ratio > RATIO),
        float(max(shift / SHIFT, ratio / RATIO)),
        1.0,
        f"Training and validation values differ: their means by {shift:.2g} standard deviations, "
        f"their standard deviations by a factor of {ratio:.3g}.",
        "Look for a different pedestal, gain or unit in some of the runs.",
    )


def _overfitting(seen: Observations) -> Diagnosis:
    losses = seen.history["val_loss"]
    value = float(losses.iloc[-1] / max(losses.min(), 1e-12))
    best = int(seen.history["epoch"][losses.idxmin()])
    falls = seen.history["loss"].iloc[-1] < seen.history["loss"][losses.idxmin()]
    return Diagnosis(
        "overfitting",
        value > OVERFIT and bool(falls),
        value,
        OVERFIT,
        f"The network overfits: after epoch {best} the training loss kept decreasing while the "
        f"validation loss rose to {value:.2f} times its lowest.",
        "Use more events, more dropout, fewer weights or early stopping; unless training.keep is "
        "last, the weights of the best epoch are kept anyway.",
    )


def _no_better_than_binned(seen: Observations) -> Iterator[Diagnosis]:
    """A paired comparison, because both models score the same events."""
    if seen.binned is None:
        return
    gain = seen.binned.log_losses - seen.validation.log_losses
    weights = seen.validation.weights / seen.validation.weights.sum()
    mean = float((weights * gain).sum())
    error = float(np.sqrt((weights**2 * (gain - mean) ** 2).sum()))
    sigma = float(mean / error) if error > 0 else 0.0
    yield Diagnosis(
        "no_better_than_binned",
        sigma < SIGMA,
        sigma,
        SIGMA,
        f"The network is no better than a classifier that knows only the bin of the report's "
        f"variable: its log loss is lower by {mean:.4f}, {sigma:.1f} standard errors.",
        "It may have learned only that variable: use a sample that is matched in it.",
    )
