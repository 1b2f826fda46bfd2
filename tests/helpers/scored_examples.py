"""Scored events for tests: those of the printed table of crystal 3, and random ones."""

from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.predictions import Predictions

DATA = Path(__file__).parent.parent / "data"
EDGES = np.arange(21) / 2
POINTS = {
    "efficiency90": WorkingPoint(signal_efficiency=0.9),
    "half": WorkingPoint(score=0.5),
}


def evaluated(predictions: Predictions, points=None, **settings) -> Evaluated:
    """Scores evaluated at the default working points, or at those given."""
    return Evaluated.of(predictions, Report(**settings), POINTS if points is None else points)


def printed_table() -> pd.DataFrame:
    return pd.read_csv(DATA / "cosine_crystal3_test_table.csv")


def printed_events() -> pd.DataFrame:
    """The 4000 test events of the printed table, each in the middle of its bins."""
    table = printed_table()
    columns = [name for name in table if name.startswith("score_")]
    rows = []
    for row in table.to_dict("records"):
        for column in columns:
            score = float(column.removeprefix("score_")) + 0.025
            energy = row["energy_low_keV"] + 0.25
            rows += [(row["class"], energy, "test", score, 1 - score)] * row[column]
    names = ["class", "energy", "split", "p_signal", "p_background"]
    return pd.DataFrame(rows, columns=names)


def printed_predictions() -> Predictions:
    events = printed_events()
    return Predictions(
        ("signal", "background"),
        (events["class"] == "background").to_numpy(int),
        events[["p_signal", "p_background"]].to_numpy(),
        events["split"].to_numpy(str),
        events["energy"].to_numpy(),
    )


def random_scores(classes: list[str], events: int = 40, seed: int = 1) -> pd.DataFrame:
    """A scores file: `events` of each class in each split."""
    generator = np.random.default_rng(seed)
    parts = []
    for split in ("train", "validation", "test"):
        for index, name in enumerate(classes):
            logits = generator.normal(0, 1, (events, len(classes)))
            logits[:, index] += 1.5
            weights = np.exp(logits)
            probability = weights / weights.sum(axis=1, keepdims=True)
            part = pd.DataFrame(probability, columns=[f"p_{item}" for item in classes])
            parts.append(
                part.assign(
                    **{"class": name, "split": split, "run": 1, "channel": 3, "weight": 1.0}
                )
            )
    table = pd.concat(parts, ignore_index=True)
    return table.assign(event=np.arange(len(table)), energy=generator.uniform(0, 11, len(table)))


def random_predictions(classes: list[str], events: int = 40, seed: int = 1) -> Predictions:
    table = random_scores(classes, events, seed)
    return Predictions(
        tuple(classes),
        table["class"].map({name: index for index, name in enumerate(classes)}).to_numpy(int),
        table[[f"p_{name}" for name in classes]].to_numpy(),
        table["split"].to_numpy(str),
        table["energy"].to_numpy(),
        run=np.arange(len(table)) % 2 + 1601,
        channel=table["channel"].to_numpy(),
    )


def history(classes: list[str]) -> pd.DataFrame:
    epochs = np.arange(1, 6)
    names = ["accuracy", *(f"accuracy_{name}" for name in classes)]
    columns = dict.fromkeys(names, 1 - 0.5 / epochs)
    columns |= {f"val_{name}": 1 - 0.6 / epochs for name in names}
    return pd.DataFrame({"epoch": epochs, "loss": 1 / epochs, "val_loss": 1.2 / epochs, **columns})
