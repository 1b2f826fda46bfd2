"""Shift study: what scores become where gain, noise or scale of what a model sees are changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.evaluation.auc import area
from runsieve.evaluation.predictions import THRESHOLD, Predictions, read_predictions
from runsieve.evaluation.shifted_scores import SHIFT
from runsieve.intervals import ratio

COLUMNS = (
    "sample", "model", SHIFT, "events", "auc", "auc_shifted", "auc_difference",
    "auc_difference_low", "auc_difference_high", "threshold", "efficiency", "efficiency_shifted",
    "rejection", "rejection_shifted", "accuracy", "accuracy_shifted",
)  # fmt: skip


def shift_table(
    tests: Iterable[tuple[str, str, Predictions, Mapping[str, Predictions]]],
) -> pd.DataFrame:
    """One row per sample, model and shift, from its test events without and with each shift.

    auc_difference: shifted minus nominal, with the 68.27 % interval of DeLong's error for the same
    events (`Area.interval`). efficiency, rejection: of two classes, at the threshold. accuracy:
    fraction of events whose predicted class is the true one. All are weighted.
    """
    rows = []
    for sample, model, nominal, shifted in tests:
        found = area(nominal)
        for name, test in shifted.items():
            moved = area(test)
            difference = moved - found
            low, high = difference.interval
            rows.append(
                {
                    "sample": sample,
                    "model": model,
                    SHIFT: name,
                    "events": len(test),
                    "auc": found.value,
                    "auc_shifted": moved.value,
                    "auc_difference": difference.value,
                    "auc_difference_low": low,
                    "auc_difference_high": high,
                    "threshold": THRESHOLD,
                    **_passing(nominal),
                    **{f"{key}_shifted": value for key, value in _passing(test).items()},
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def read_shifted(
    scores: str | Path, shifted: str | Path, classes: Sequence[str]
) -> tuple[Predictions, dict[str, Predictions]]:
    """Test events of a scores file, and the same events with each shift, by its name.

    Raises RunsieveError unless all shifts were scored on these events.
    """
    keys = ["run", "event", "channel", "class"]
    columns = [f"p_{name}" for name in classes]
    nominal = pd.read_parquet(scores, columns=[*keys, "split"])
    expected = nominal.loc[nominal["split"] == "test", keys].reset_index(drop=True)
    test = read_predictions(scores, classes).part("test")
    found = {}
    for name, part in pd.read_parquet(shifted).groupby(SHIFT, sort=False):
        if not part[keys].reset_index(drop=True).equals(expected):
            raise RunsieveError(f"{shifted}: shift {name} was not scored on the test events")
        found[name] = replace(test, probability=part[columns].to_numpy(dtype=float).clip(0, 1))
    return test, found


def _passing(test: Predictions) -> dict[str, Any]:
    """Weighted fractions of events whose predicted class is true: of all, and of two classes."""
    found = {"accuracy": float(np.average(test.correct, weights=test.weight))}
    if test.binary:
        total = np.bincount(test.true, test.weight, minlength=2)
        kept = ratio(np.bincount(test.true, test.weight * test.correct, minlength=2), total)
        found |= {"efficiency": float(kept[0]), "rejection": float(kept[1])}
    return found
