"""Measure how often each diagnosis fires without reason, and how often it misses a fault.

PYTHONPATH=scripts python benchmarks/diagnoses/rates.py  (a few minutes; writes figures.csv)

Each diagnosis sees 200 toys of a healthy training and 200 with one fault of moderate size.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.networks.batches import mixing
from runsieve.networks.diagnosis import diagnose
from runsieve.networks.masking import Masked, scores_separate, separation
from runsieve.networks.observations import Observations, Scored
from runsieve.networks.shifts import shifts
from runsieve.tables import write_csv

TOYS = 200
EPOCHS = 10
Toy = Callable[[np.random.Generator, bool], Observations]


def history(rng: np.random.Generator, **columns) -> pd.DataFrame:
    """A training that converges, with noise of 3 % in its losses and 50 events of each class."""
    epoch = np.arange(1, EPOCHS + 1)
    loss = 0.25 + 0.4 * np.exp(-epoch / 2)
    accuracy = 0.88 - 0.25 * np.exp(-epoch / 2)
    made = {"epoch": epoch}
    made |= {name: loss * np.exp(rng.normal(0, 0.03, EPOCHS)) for name in ("loss", "val_loss")}
    for name in ("a", "b"):
        made[f"accuracy_{name}"] = rng.binomial(500, accuracy) / 500
        made[f"val_accuracy_{name}"] = rng.binomial(50, accuracy) / 50
    return pd.DataFrame(made | columns)


def scored(rng: np.random.Generator, width: float = 2.0, bias: float = 0.0) -> Scored:
    """200 validation events with logits of the given separation."""
    labels = np.arange(200) % 2
    logit = bias + width * (2 * labels - 1 + rng.normal(0, 1, 200))
    right = 1 / (1 + np.exp(-logit))
    return Scored(labels, np.column_stack([1 - right, right]), np.ones(200))


def dead_network(rng, fault):
    """weak network, scores spread by .02 | scores spread by .004"""
    return Observations(history(rng), scored(rng, 0.01 if fault else 0.06))


def one_class(rng, fault):
    """one class in 80 % of the scores | in 99.5 %"""
    scores = scored(rng, 1.0, 0.0)
    share = rng.random(200) < (0.995 if fault else 0.8)
    right = np.where(share, rng.uniform(0.6, 0.95, 200), 0.1)
    return Observations(
        history(rng), Scored(scores.labels, np.column_stack([1 - right, right]), np.ones(200))
    )


def jumping_validation(rng, fault):
    """50 validation events in each class | one of 10 epochs keeps 5 % of a class"""
    made = history(rng)
    if fault:
        made.loc[rng.integers(3, EPOCHS), "val_accuracy_a"] = rng.binomial(50, 0.05) / 50
    return Observations(made, scored(rng))


def unmixed_batches(rng, fault):
    """2 to 1000 batches of 32, shuffled | sorted, then shuffled within a tenth of the events"""
    batches = int(np.exp(rng.uniform(np.log(2), np.log(1000))))
    labels = np.arange(32 * batches) % 2
    rng.shuffle(labels)
    if fault:
        # As a shuffling buffer does: an event moves by up to a tenth of the sample.
        place = np.arange(labels.size) + 0.1 * labels.size * rng.random(labels.size)
        labels = np.sort(labels)[np.argsort(place)]
    return Observations(history(rng), scored(rng), mixing(labels, 32))


def rate_too_high(rng, fault):
    """losses with noise of 3 % | the loss of one epoch is 1.5 to 3 times its value"""
    made = history(rng)
    if fault:
        made.loc[rng.integers(3, EPOCHS), "loss"] *= rng.uniform(1.5, 3)
    return Observations(made, scored(rng))


def statistics_behind(rng, fault):
    """200 training events in inference mode | which lose .35 of their accuracy, and regain it"""
    last = scored(rng, 2.0, 4.0 if fault else 0.0)
    return Observations(history(rng), scored(rng), last=last, recomputed=scored(rng), memory=100.0)


def different_scaling(rng, fault):
    """runs of 10 to 300 events with exponential pulse heights | a gain of 2 in one of them"""
    sizes = rng.integers(10, 300, 4)
    run = np.repeat(np.arange(4), sizes)
    height = rng.exponential(10, run.size) * np.where(fault & (run == 1), 2, 1)
    values = rng.normal(0, 1, (run.size, 32))
    values[:, 10:20] += height[:, None]
    events = pd.DataFrame({"row": np.arange(run.size), "run": run})
    events["class"] = np.where(run < 2, "a", "b")
    events["split"] = rng.choice(["train", "validation"], run.size)
    found = shifts(lambda rows: values[rows], "pulse", events)
    return Observations(history(rng), scored(rng), shifts=found)


def too_good_to_be_true(rng, fault):
    """400 events, 96 samples before the pulse | a pattern of period 2, 1/4 of the noise"""
    labels = np.arange(400) % 2
    kept = rng.normal(0, 2, (400, 1, 96))
    if fault:
        kept += labels[:, None, None] * np.tile([0.5, -0.5], 48)
    area, error = separation(kept, labels, 0)
    network = scores_separate(rng.random((400, 2)), labels)
    return Observations(history(rng), scored(rng), masked=Masked(area, error, *network, "pulse"))


def overfitting(rng, fault):
    """losses with noise of 3 % | from epoch 5 on, a factor in validation, up to 1.6"""
    made = history(rng)
    if fault:
        made["val_loss"] *= np.r_[np.ones(4), np.linspace(1, 1.6, EPOCHS - 4)]
    return Observations(made, scored(rng))


def not_better_than_binned(rng, fault):
    """200 events; a network that knows the class better than the bins | equally well"""
    binned = scored(rng, 0.5)
    return Observations(history(rng), scored(rng, 0.5 if fault else 1.5), binned=binned)


FAULTS: tuple[Toy, ...] = (
    different_scaling,
    unmixed_batches,
    rate_too_high,
    statistics_behind,
    dead_network,
    jumping_validation,
    one_class,
    overfitting,
    not_better_than_binned,
    too_good_to_be_true,
)


def fires(toy: Toy, seed: int, fault: bool) -> bool:
    found = diagnose(toy(np.random.default_rng((seed, fault)), fault))
    return any(one.fired for one in found if one.name == toy.__name__)


def rates(toy: Toy, toys: int = TOYS) -> dict[str, object]:
    """One row of the table: how many toys of each kind, and how many were judged wrongly."""
    healthy, fault = (text.strip() for text in toy.__doc__.split("|"))
    return {
        "diagnosis": toy.__name__,
        "toys": toys,
        "false_alarms": sum(fires(toy, seed, False) for seed in range(toys)),
        "misses": sum(not fires(toy, seed, True) for seed in range(toys)),
        "healthy": healthy,
        "fault": fault,
    }


def main() -> None:
    rows = []
    for toy in FAULTS:
        rows.append(rates(toy))
        print({key: rows[-1][key] for key in ("diagnosis", "false_alarms", "misses")}, flush=True)
    write_csv(pd.DataFrame(rows), Path(__file__).parent / "figures.csv")


if __name__ == "__main__":
    sys.exit(main())
