"""Paired comparison of models on the same test events."""

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from runsieve.errors import RunsieveError
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.roc import mean_auc
from runsieve.intervals import percentile_interval, resampled_weights

CHUNK = 2_000_000  # weights in memory at a time
COLUMNS = (
    "model", "other", "events", "auc_difference", "auc_difference_low", "auc_difference_high",
    "p_auc", "only_model_right", "only_other_right", "p_accuracy",
)  # fmt: skip


def compare_pairs(tests: Mapping[str, Predictions], bootstrap: int, seed: int) -> pd.DataFrame:
    """One row per pair of models on the same test events, the model with the larger AUC first.

    auc_difference: model minus other, with a 68.27 % interval from a paired bootstrap (the same
    events are drawn for both, within classes); p_auc: two-sided, twice the fraction of resamplings
    beyond zero, at least 1/(bootstrap + 1). only_..._right: events that only one of them classifies
    correctly; p_accuracy: exact McNemar test of these (McNemar, Psychometrika 12 (1947) 153).
    Raises RunsieveError unless all models have the same true classes.
    """
    _require_same_events(tests)
    areas = _areas(tests, bootstrap, seed)
    names = sorted(tests, key=lambda name: -areas[name][0])
    return pd.DataFrame(
        [_pair(tests, areas, *pair) for pair in combinations(names, 2)], columns=list(COLUMNS)
    )


def require_same_files(paths: Mapping[str, str | Path]) -> None:
    """Raise RunsieveError unless the score files list the same events in the same order."""
    first = None
    for name, path in paths.items():
        events = pd.read_parquet(path, columns=["run", "event", "channel", "split"])
        if first is not None and not events.equals(first):
            raise RunsieveError(
                f"{path}: model {name} was not scored on the same events as the other models"
            )
        first = events


def _areas(tests: Mapping[str, Predictions], bootstrap: int, seed: int) -> dict[str, np.ndarray]:
    """AUC of each model: on all events, then on each resampling; shape (1 + bootstrap,)."""
    true = next(iter(tests.values())).true
    generator = np.random.default_rng(seed)
    rows = max(1, CHUNK // len(true))
    parts = {name: [mean_auc(test, np.ones((1, len(true))))] for name, test in tests.items()}
    for start in range(0, bootstrap, rows):
        weights = resampled_weights(true, min(rows, bootstrap - start), generator)
        for name, test in tests.items():
            parts[name].append(mean_auc(test, weights))
    return {name: np.concatenate(part) for name, part in parts.items()}


def _pair(
    tests: Mapping[str, Predictions], areas: Mapping[str, np.ndarray], model: str, other: str
) -> dict[str, str | int | float]:
    value, *resampled = areas[model] - areas[other]
    resampled = np.array(resampled)
    low, high = percentile_interval(resampled)
    beyond = 1 + min((resampled <= 0).sum(), (resampled >= 0).sum())
    mine = int((tests[model].correct & ~tests[other].correct).sum())
    theirs = int((tests[other].correct & ~tests[model].correct).sum())
    row = (
        model, other, len(tests[model]), value, low, high,
        min(1.0, 2 * beyond / (len(resampled) + 1)), mine, theirs,
        binomtest(mine, mine + theirs).pvalue if mine + theirs else 1.0,
    )  # fmt: skip
    return dict(zip(COLUMNS, row, strict=True))


def _require_same_events(tests: Mapping[str, Predictions]) -> None:
    first = next(iter(tests.values())).true
    for name, test in tests.items():
        if not np.array_equal(test.true, first):
            raise RunsieveError(
                f"model {name} was not scored on the same events as the other models"
            )
