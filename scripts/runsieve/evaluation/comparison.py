"""All models of an analysis in one table."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

METRICS = (
    "auc",
    "accuracy",
    "balanced_accuracy",
    "rejection",
    "rejection_factor",
    "log_loss",
    "brier",
)


def compare(
    rows: Sequence[tuple[str, str, int]],
    summaries: Sequence[Mapping[str, Any]],
    baseline: str | None = None,
    oracle: str | None = None,
) -> pd.DataFrame:
    """One row per sample and model, from (sample, model, seed) and its metrics (`summarise`).

    METRIC, METRIC_low, METRIC_high: value and interval for the first seed
    METRIC_mean, METRIC_spread: mean and standard deviation over the seeds (the latter is blank for
        a single seed)
    majority: accuracy of always predicting the largest class of the test events
    above_majority_sigma: accuracy minus majority, over the binomial error of the majority guess
    distance_to_oracle: AUC of `oracle` on the same sample minus the AUC of this model
    better_than_baseline_sigma: AUC of this model minus that of `baseline`, over the standard errors
        of both (half their bootstrap intervals) added in quadrature. Both models saw the same
        events, so their errors are correlated and the true significance is larger.
    """
    groups: dict[tuple[str, str], list[tuple[int, Mapping[str, Any]]]] = {}
    for (sample, model, seed), summary in zip(rows, summaries, strict=True):
        groups.setdefault((sample, model), []).append((seed, summary))
    table = pd.DataFrame([_row(*key, members) for key, members in groups.items()])
    error = (table["auc_high"] - table["auc_low"]) / 2
    table["distance_to_oracle"] = _of_model(table, oracle, table["auc"]) - table["auc"]
    gain = table["auc"] - _of_model(table, baseline, table["auc"])
    both = np.hypot(error, _of_model(table, baseline, error))
    sigma = gain / both.where(both > 0)
    table["better_than_baseline_sigma"] = sigma.where(table["model"] != baseline)
    return table


def seed_values(
    rows: Sequence[tuple[str, str, int]], summaries: Sequence[Mapping[str, Any]], metric: str
) -> pd.DataFrame:
    """One metric for every seed: columns sample, model, seed, value."""
    return pd.DataFrame(
        [
            {"sample": sample, "model": model, "seed": seed, "value": _part(summary, metric)}
            for (sample, model, seed), summary in zip(rows, summaries, strict=True)
        ]
    )


def _row(
    sample: str, model: str, members: Sequence[tuple[int, Mapping[str, Any]]]
) -> dict[str, Any]:
    first = members[0][1]
    row = {
        "sample": sample,
        "model": model,
        "seeds": " ".join(str(seed) for seed, _ in members),
        "parameters": first.get("parameters"),
        "events": sum(first["events"].values()),
        "majority": first["majority"],
        "above_majority_sigma": _above(first["majority"], first["metrics"]["accuracy"]),
    }
    for metric in METRICS:
        values = [_part(summary, metric) for _, summary in members]
        row[metric] = values[0]
        row[f"{metric}_low"] = _part(first, metric, "low")
        row[f"{metric}_high"] = _part(first, metric, "high")
        row[f"{metric}_mean"] = float(np.mean(values))
        row[f"{metric}_spread"] = float(np.std(values, ddof=1)) if len(values) > 1 else np.nan
    return row


def _above(majority: float, accuracy: Mapping[str, Any]) -> float:
    """Accuracy minus `majority`, in binomial standard errors of the majority guess."""
    variance = majority * (1 - majority) / accuracy["n"]
    return (accuracy["value"] - majority) / np.sqrt(variance) if variance > 0 else np.nan


def _part(summary: Mapping[str, Any], metric: str, part: str = "value") -> float:
    value = summary["metrics"].get(metric, {}).get(part)
    return np.nan if value is None else float(value)


def _of_model(table: pd.DataFrame, model: str | None, values: pd.Series) -> pd.Series:
    """The value that `model` has on the sample of each row; NaN where it has none."""
    chosen = table["model"] == model
    return table["sample"].map(dict(zip(table["sample"][chosen], values[chosen], strict=True)))
