"""Shift study: what scores become where gain, noise or scale of what a model sees are changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.errors import RunsieveError
from runsieve.evaluation.auc import area
from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.examples import deciding
from runsieve.evaluation.predictions import Predictions, read_predictions
from runsieve.evaluation.shifted_scores import SHIFT
from runsieve.evaluation.working_points import Decision
from runsieve.intervals import paired_difference

COLUMNS = (
    "sample", "model", SHIFT, "change", "events", "auc", "auc_shifted", "auc_difference",
    "auc_difference_low", "auc_difference_high", "working_point", "threshold",
    "efficiency", "efficiency_shifted", "efficiency_difference", "efficiency_difference_low",
    "efficiency_difference_high", "rejection", "rejection_shifted", "rejection_difference",
    "rejection_difference_low", "rejection_difference_high", "accuracy", "accuracy_shifted",
)  # fmt: skip


@dataclass(frozen=True)
class ShiftTest:
    """Test events of a model without and with each shift, by its name.

    decision: the cut, chosen on validation events without a shift
    """

    sample: str
    model: str
    decision: Decision
    nominal: Predictions
    shifted: Mapping[str, Predictions]


def shift_table(tests: Iterable[ShiftTest], changes: Mapping[str, str]) -> pd.DataFrame:
    """One row per sample, model and shift, from its test events without and with each shift.

    changes: each shift in words, by its name. auc_difference: shifted minus nominal, with the
    68.27 % interval of DeLong's error for the same events (`Area.interval`). efficiency, rejection:
    of two classes, at the threshold; their differences have intervals of `paired_difference`.
    accuracy: fraction of events whose predicted class is the true one. All are weighted.
    """
    rows = []
    for one in tests:
        nominal, found = one.nominal, area(one.nominal)
        for name, test in one.shifted.items():
            moved = area(test)
            difference = moved - found
            low, high = difference.interval
            rows.append(
                {
                    "sample": one.sample,
                    "model": one.model,
                    SHIFT: name,
                    "change": changes[name],
                    "events": len(test),
                    "auc": found.value,
                    "auc_shifted": moved.value,
                    "auc_difference": difference.value,
                    "auc_difference_low": low,
                    "auc_difference_high": high,
                    "working_point": one.decision.name,
                    "threshold": one.decision.threshold(0),
                    **_passing(nominal, test, one.decision),
                    "accuracy": _accuracy(nominal),
                    "accuracy_shifted": _accuracy(test),
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def read_shifted(
    sample: str,
    model: str,
    files: tuple[str | Path, str | Path],
    classes: Sequence[str],
    points: Mapping[str, WorkingPoint],
) -> ShiftTest:
    """Test events of a scores file, and the same events with each shift.

    files: scores, and those with each shift. Raises RunsieveError unless all shifts were scored on
    these events.
    """
    scores, shifted = files
    keys = ["run", "event", "channel", "class"]
    columns = [f"p_{name}" for name in classes]
    nominal = pd.read_parquet(scores, columns=[*keys, "split"])
    expected = nominal.loc[nominal["split"] == "test", keys].reset_index(drop=True)
    evaluated = Evaluated.of(read_predictions(scores, classes), Report(), points)
    found = {}
    for name, part in pd.read_parquet(shifted).groupby(SHIFT, sort=False):
        if not part[keys].reset_index(drop=True).equals(expected):
            raise RunsieveError(f"{shifted}: shift {name} was not scored on the test events")
        found[name] = replace(
            evaluated.test, probability=part[columns].to_numpy(dtype=float).clip(0, 1)
        )
    return ShiftTest(sample, model, deciding(evaluated), evaluated.test, found)


def _accuracy(test: Predictions) -> float:
    return float(np.average(test.correct, weights=test.weight))


def _passing(nominal: Predictions, shifted: Predictions, decision: Decision) -> dict[str, float]:
    """Of two classes, weighted fractions that are assigned to their class, and their changes."""
    if not nominal.binary:
        return {}
    before, after = decision.passed(nominal), decision.passed(shifted)
    found = {}
    for label, name in enumerate(("efficiency", "rejection")):
        mine = nominal.true == label
        weight = nominal.weight[mine]
        share = {
            key: float(np.average(passed[mine], weights=weight))
            for key, passed in (
                ("", before),
                ("_shifted", after),
                ("_gained", after & ~before),
                ("_lost", before & ~after),
            )
        }
        total = weight.sum() ** 2 / (weight**2).sum()
        low, high = paired_difference(total * share["_gained"], total * share["_lost"], total)
        found |= {
            name: share[""],
            f"{name}_shifted": share["_shifted"],
            f"{name}_difference": share["_gained"] - share["_lost"],
            f"{name}_difference_low": low,
            f"{name}_difference_high": high,
        }
    return found
