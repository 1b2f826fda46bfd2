"""Cross tests: models trained on one sample, tested on others."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from runsieve.evaluation.metrics import auc, columns, fraction
from runsieve.evaluation.predictions import Predictions

COLUMNS = (
    "model", "trained_on", "tested_on", "events", "auc", "auc_low", "auc_high",
    "accuracy", "accuracy_low", "accuracy_high",
)  # fmt: skip


def cross_test_table(tests: Iterable[tuple[str, str, str, Predictions]]) -> pd.DataFrame:
    """One row per (model, sample trained on, sample tested on), from its test events.

    Splits depend only on run and event number, so a test event of one sample is never a training
    event of another with the same split and seed.
    """
    rows = [_row(*test) for test in tests]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(model: str, trained_on: str, tested_on: str, test: Predictions) -> dict[str, Any]:
    return {
        "model": model,
        "trained_on": trained_on,
        "tested_on": tested_on,
        "events": len(test),
        **columns("auc", auc(test)),
        **columns("accuracy", fraction(test.correct, test.weight)),
    }
