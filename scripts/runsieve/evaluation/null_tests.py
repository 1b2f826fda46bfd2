"""Null tests: models that are asked to tell apart what should look the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from runsieve.evaluation.auc import auc_interval
from runsieve.evaluation.holm import holm
from runsieve.evaluation.p_values import separation
from runsieve.evaluation.predictions import Predictions

LIMIT = 0.01  # of p after the correction of Holm
POWER = 0.9  # probability with which an area that is said to be noticed makes the test fail
COLUMNS = (
    "sample", "model", "seed", "what", "events", "auc", "auc_low", "auc_high", "auc_noticed", "p",
    "p_holm", "passed", "warning",
)  # fmt: skip


@dataclass(frozen=True)
class NullTest:
    """Test events of one model, and how what it tells apart is called.

    titles: display name by class; runs_of: display name of the class whose runs are told apart
    """

    sample: str
    model: str
    seed: int
    test: Predictions
    titles: Mapping[str, str]
    runs_of: str | None = None

    def what(self, index: int) -> str:
        """What is told apart by the score of the class at this index."""
        names = [self.titles.get(name, name) for name in self.test.classes]
        other = "the other classes" if self.runs_of is None else "the other runs"
        of = "" if self.runs_of is None else f" of {self.runs_of}"
        return f"{names[index]} and {names[1] if self.test.binary else other}{of}"


def null_test_table(tests: Iterable[NullTest]) -> pd.DataFrame:
    """One row per null test; with more than two classes, one per class against the others.

    what: what was to be told apart; auc: on test events, expected at 0.5, with a
    68.27 % interval (`auc_interval`); auc_noticed: see `smallest_area`; p: of scores that differ as
    much by chance (`separation`); p_holm: corrected for the number of rows (`holm`); passed: True
    unless it is below `LIMIT`; warning: a sentence where it is.
    """
    rows = [row for one in tests for row in _rows(one)]
    table = pd.DataFrame(rows)
    sizes = zip(table.pop("first"), table.pop("others"), strict=True)
    table["auc_noticed"] = [smallest_area(*both, len(table)) for both in sizes]
    table["p_holm"] = holm(table["p"])
    table["passed"] = table["p_holm"] >= LIMIT
    table["warning"] = [_warning(row) for row in table.to_dict("records")]
    return table[list(COLUMNS)]


def smallest_area(events: int, others: int, tests: int) -> float:
    """The smallest area above 0.5 that makes one of several null tests fail nine times in ten.

    events, others: numbers that are told apart. The spread is that of areas without any difference,
    (events + others + 1) / (12 events others) (Mann and Whitney), and p must be below `LIMIT` over
    the number of tests, which is the first step of Holm's correction. An area as far below 0.5 is
    noticed as often. At most 1.
    """
    spread = np.sqrt((events + others + 1) / (12 * events * others))
    return float(min(1, 0.5 + spread * (ndtri(1 - LIMIT / tests / 2) + ndtri(POWER))))


def _warning(row: Mapping[str, Any]) -> str | None:
    if row["passed"]:
        return None
    return (
        f"null test {row['sample']}, {row['model']}: {row['what']} can be told apart: "
        f"AUC {row['auc']:.4f}, p {row['p_holm']:.2g}; a classifier may have learned the run "
        "instead of the class"
    )


def _rows(one: NullTest) -> Iterator[dict[str, Any]]:
    for index in one.test.signal_classes:
        apart = one.test.against_rest(index)
        area, low, high = auc_interval(apart)
        yield {
            "sample": one.sample,
            "model": one.model,
            "seed": one.seed,
            "what": one.what(index),
            "events": len(apart),
            "auc": area,
            "auc_low": low,
            "auc_high": high,
            "first": int((apart.true == 0).sum()),
            "others": int((apart.true == 1).sum()),
            "p": separation(apart.score[apart.true == 0], apart.score[apart.true == 1]),
        }
