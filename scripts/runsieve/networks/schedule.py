"""Decisions from the history of a training: the next learning rate, the best epoch, when to stop.

They depend on nothing else, so a resumed training decides like an uninterrupted one.
"""

import math
from collections.abc import Sequence

from runsieve.config.network import Training


def learning_rate(settings: Training, monitored: Sequence[float]) -> float:
    """Learning rate of the next epoch; `monitored`: metric of each past epoch, lower is better."""
    epoch = len(monitored) + 1
    if epoch <= settings.warm_up:
        return settings.learning_rate * epoch / (settings.warm_up + 1)
    rate = settings.learning_rate
    if settings.schedule == "cosine":
        rest = max(1, settings.epochs - settings.warm_up)
        rate *= (1 + math.cos(math.pi * (epoch - settings.warm_up - 1) / rest)) / 2
    if settings.plateau is not None:
        reductions = _reductions(monitored, settings.plateau.patience)
        rate = max(rate * settings.plateau.factor**reductions, settings.plateau.minimum)
    return rate


def best_epoch(monitored: Sequence[float]) -> int:
    """The first epoch with the lowest metric, counted from 1."""
    return min(range(len(monitored)), key=monitored.__getitem__) + 1


def is_over(settings: Training, monitored: Sequence[float]) -> bool:
    """True after the last epoch, or after enough epochs without improvement."""
    if len(monitored) >= settings.epochs:
        return True
    patience = settings.early_stopping
    return (
        bool(monitored)
        and patience is not None
        and (len(monitored) - best_epoch(monitored) >= patience)
    )


def _reductions(monitored: Sequence[float], patience: int) -> int:
    """How often the metric did not improve for `patience` epochs, counted from zero each time."""
    reductions, best, waited = 0, math.inf, 0
    for value in monitored:
        waited = 0 if value < best else waited + 1
        best = min(best, value)
        if waited == patience:
            reductions, waited = reductions + 1, 0
    return reductions
