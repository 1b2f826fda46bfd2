"""Paired comparison of single trainings on the same test events."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from runsieve.evaluation.auc import area
from runsieve.evaluation.delong import Area, p_value
from runsieve.evaluation.holm import holm
from runsieve.evaluation.p_values import equal_chances
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.same_events import Training, require_same_events

COLUMNS = (
    "model", "other", "seed", "events",
    "auc_difference", "auc_difference_low", "auc_difference_high", "p_auc", "p_auc_holm",
    "only_model_right", "only_other_right", "p_accuracy", "p_accuracy_holm",
)  # fmt: skip


def compare_pairs(scored: Mapping[Training, Predictions], seed: int) -> pd.DataFrame:
    """One row per pair of models on the same test events, the model with the larger AUC first.

    Single trainings are compared, those with `seed`: what another seed would give is not part of
    the errors. `choose` compares models, with all their seeds.

    auc_difference: model minus other, with a 68.27 % interval of one standard error
    p_auc: two-sided, for the hypothesis of equal areas, from the normal distribution; error as in
        `area_of`, limits of the p-value as in `p_value`
    only_model_right, only_other_right: events that only one of them classifies correctly
    p_accuracy: exact McNemar test of these (McNemar, Psychometrika 12 (1947) 153)
    p_auc_holm, p_accuracy_holm: corrected for the number of pairs in the table (`holm`)

    scored: all events of each training; those with other seeds are left out. Raises RunsieveError
    unless all have the same events.
    """
    require_same_events(scored)
    tests = {model: one.part("test") for (model, own), one in scored.items() if own == seed}
    areas = {name: area(test) for name, test in tests.items()}
    names = sorted(tests, key=lambda name: -areas[name].value)
    rows = [
        {"seed": seed, **_pair(tests, areas, model, other)}
        for model, other in combinations(names, 2)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("p_auc", "p_accuracy"):
        table[f"{name}_holm"] = holm(table[name])
    return table


def _pair(
    tests: Mapping[str, Predictions], areas: Mapping[str, Area], model: str, other: str
) -> dict[str, str | int | float]:
    difference, events = areas[model] - areas[other], len(tests[model])
    low, high = difference.interval
    mine = int((tests[model].correct & ~tests[other].correct).sum())
    theirs = int((tests[other].correct & ~tests[model].correct).sum())
    return {
        "model": model,
        "other": other,
        "events": events,
        "auc_difference": difference.value,
        "auc_difference_low": low,
        "auc_difference_high": high,
        "p_auc": p_value(difference.value, np.sqrt(difference.variance), events),
        "only_model_right": mine,
        "only_other_right": theirs,
        "p_accuracy": equal_chances(mine, theirs),
    }
