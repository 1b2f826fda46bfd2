"""Diagnoses on the course of a training: its batches, its losses, its statistics."""

from collections.abc import Iterator

from runsieve.networks.diagnoses.diagnosis import Diagnosis
from runsieve.networks.observations import Observations

ONE_SIDED = 0.2  # validation accuracy of a class below which an epoch is one-sided
LEARNED = 0.6  # ... although the training accuracy of every class is above this
GAP = 0.1  # accuracy lost between two evaluations of the same events
RECOVERED = 0.5  # fraction of that gap that is recovered
RISE = 1.3  # training loss of an epoch over the lowest before
NEGLIGIBLE = 0.02  # loss; the ratio of two losses below this means nothing
SHORT = 20.0  # batches; statistics that span no more follow any sensible rate
OVERFIT = 1.2  # last validation loss over the lowest
MIXED = 1.0  # limit where mixing cannot be tested: the mean over random orders


def unmixed_batches(seen: Observations) -> Iterator[Diagnosis]:
    """Classes are spread over the batches more unevenly than in 999 random orders."""
    known = seen.mixing
    value, limit = (None, MIXED) if known is None else (known.value, known.limit)
    yield Diagnosis(
        "unmixed_batches",
        value is not None and value > limit,
        value,
        limit,
        f"The batches are not mixed: the classes are spread over them {value or 0:.3g} times as "
        f"unevenly as in random order, in which one order in a thousand exceeds {limit:.3g}.",
        "Shuffle over the whole sample (training.shuffle: true).",
    )


def rate_too_high(seen: Observations) -> Iterator[Diagnosis]:
    """The training loss rises, or even short statistics of batch normalisation lag behind.

    The training loss is computed with the statistics of the batch itself. Moving statistics do not
    enter it, so that its rise can only come from the weights. If moving statistics that
    span few batches lag, the weights change too much within these.
    """
    losses = seen.history["loss"]
    rises = (losses / losses.cummin().shift().clip(lower=NEGLIGIBLE)).dropna()
    value, limit = (float(rises.max()) if len(rises) else None), RISE
    gap, closed = _lost(seen)
    epoch = int(seen.history["epoch"][rises.idxmax()]) if len(rises) else 0
    finding = (
        f"in epoch {epoch} the training loss was {value or 0:.2f} times the lowest of the epochs "
        f"before; statistics of batch normalisation do not enter this loss."
    )
    short = seen.memory is not None and seen.memory <= SHORT
    if not (value is not None and value > limit) and short and _is_behind(gap, closed):
        value, limit = closed, max(GAP, RECOVERED * gap)
        finding = (
            f"the statistics of batch normalisation span only {seen.memory:.0f} batches, and the "
            f"weights change so much within these that training events lose {gap:.2f} of their "
            f"accuracy in inference mode; statistics recomputed with fixed weights restore "
            f"{closed:.2f}."
        )
    yield Diagnosis(
        "rate_too_high",
        value is not None and value > limit,
        value,
        limit,
        f"The learning rate is too high: {finding}",
        "Lower training.learning_rate, or let it warm up and decay.",
    )


def statistics_behind(seen: Observations) -> Iterator[Diagnosis]:
    """Accuracy lost by training events in inference mode, regained with recomputed statistics."""
    gap, closed = _lost(seen)
    yield Diagnosis(
        "statistics_behind",
        _is_behind(gap, closed),
        closed if seen.last is not None else None,
        max(GAP, RECOVERED * gap),
        f"The statistics of batch normalisation lag behind the weights: after the last epoch the "
        f"training events lose {gap:.2f} of their accuracy in inference mode, and statistics "
        f"recomputed over shuffled batches restore {closed:.2f}.",
        "Lower normalisation.momentum (or training.learning_rate), train longer, or use group "
        "normalisation.",
    )


def _lost(seen: Observations) -> tuple[float, float]:
    """Accuracy that training events lose in inference mode, and how much of it is regained."""
    if seen.last is None or seen.recomputed is None:
        return 0.0, 0.0
    row = seen.history.iloc[-1]
    names = [name for name in row.index if name.startswith("accuracy_")]
    gap = float(row[names].mean()) - seen.last.balanced_accuracy
    return gap, seen.recomputed.balanced_accuracy - seen.last.balanced_accuracy


def _is_behind(gap: float, closed: float) -> bool:
    return bool(gap > GAP and closed > RECOVERED * gap)


def jumping_validation(seen: Observations) -> Iterator[Diagnosis]:
    """Epochs in which nearly all validation events of a learned class went to another one."""
    history = seen.history
    names = [name for name in history if name.startswith("val_accuracy_")]
    worst = history[names].min(axis=1)
    running = history[[name.removeprefix("val_") for name in names]].min(axis=1)
    epochs = history["epoch"][(worst < ONE_SIDED) & (running > LEARNED)].tolist()
    listed = ", ".join(map(str, epochs))
    yield Diagnosis(
        "jumping_validation",
        len(epochs) > 0,
        float(len(epochs)),
        0.0,
        f"In epoch {listed} nearly all validation events of a class went to another one, although "
        f"training had learned every class.",
        "More events would not help. No cause was found in the batches, the training loss, the "
        "statistics of the last epoch and the scaling of the events: try a lower "
        "normalisation.momentum first, then a lower training.learning_rate.",
    )


def overfitting(seen: Observations) -> Iterator[Diagnosis]:
    """The validation loss rises while the training loss falls."""
    losses = seen.history["val_loss"]
    value = float(losses.iloc[-1] / max(losses.min(), NEGLIGIBLE))
    best = int(seen.history["epoch"][losses.idxmin()])
    falls = seen.history["loss"].iloc[-1] < seen.history["loss"][losses.idxmin()]
    yield Diagnosis(
        "overfitting",
        value > OVERFIT and bool(falls),
        value,
        OVERFIT,
        f"The network overfits: after epoch {best} the training loss kept decreasing while the "
        f"validation loss rose to {value:.2f} times its lowest.",
        "Use more events, more dropout, fewer weights or early stopping; unless training.keep is "
        "last, the weights of the best epoch are kept anyway.",
    )
