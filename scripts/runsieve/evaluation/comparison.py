"""All models of an analysis in one table."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.evaluation.seeds import total_error, variance_of_mean

Training = tuple[str, str, int]  # sample, model, seed

# Every metric of the table, with the limits of its values.
METRICS = {
    "auc": (0, 1),
    "accuracy": (0, 1),
    "balanced_accuracy": (0, 1),
    "macro_f1": (0, 1),
    "rejection": (0, 1),
    "rejection_factor": (1, np.inf),
    "log_loss": (0, np.inf),
    "brier": (0, 1),
}
# Metrics that are also judged by the simulated process, as METRIC_truth, where that is known.
JUDGED = ("auc", "accuracy", "rejection", "rejection_factor")
METRICS |= {f"{metric}_truth": METRICS[metric] for metric in JUDGED}
# Metrics with the oracle's value next to that of each model.
CEILINGS = ("auc", "rejection", "auc_truth", "rejection_truth")


def compare(
    summaries: Mapping[Training, Mapping[str, Any]],
    choices: Mapping[str, pd.DataFrame],
    oracle: str | None = None,
) -> pd.DataFrame:
    """One row per sample and model, from the metrics of every training (`summarise`).

    choices: table of each sample (`choose`); its columns follow `events`.

    METRIC, METRIC_low, METRIC_high: value and statistical interval of one training, that with the
        first seed
    METRIC_mean, METRIC_spread: mean and standard deviation over the seeds (the latter is blank for
        a single seed)
    METRIC_total_low, METRIC_total_high: interval of the mean over the seeds, which is the value to
        quote for a model. Each side adds, in quadrature, the statistical error of the first seed
        and the error of the mean, spread / sqrt(seeds), as in `total_error`. All seeds are tested
        on the same events, so the statistical error does not shrink with their number. With a
        single seed it is the statistical interval; the spread, then, is unknown or, for models
        that ignore the seed, 0.
    majority: accuracy of always predicting the largest class of the test events
    above_majority_sigma: accuracy minus majority, over the binomial error of the majority guess
    METRIC_oracle: mean of `oracle` on the same sample, the best that any model could reach, for AUC
        and rejection
    distance_to_oracle: mean AUC of `oracle` on the same sample minus the mean AUC of this model

    METRIC_truth is METRIC with the simulated process of each event as its class, not its label;
    blank where that is not known.
    """
    groups: dict[tuple[str, str], list[tuple[int, Mapping[str, Any]]]] = {}
    for (sample, model, seed), summary in summaries.items():
        groups.setdefault((sample, model), []).append((seed, summary))
    table = pd.DataFrame(
        [_row(*key, members, _chosen(choices, *key)) for key, members in groups.items()]
    )
    best = table[table["model"] == oracle].set_index("sample")
    ceilings = {
        f"{metric}_oracle": table["sample"].map(best[f"{metric}_mean"]) for metric in CEILINGS
    }
    distance = ceilings["auc_oracle"] - table["auc_mean"]
    return table.assign(**ceilings, distance_to_oracle=distance)


def read_metrics(
    files: Mapping[tuple[str, str], str | Path],
) -> dict[Training, Mapping[str, Any]]:
    """Metrics of every training from the files of the reports, which are by sample and model."""
    return {
        (sample, model, int(seed)): one
        for (sample, model), path in files.items()
        for seed, one in json.loads(Path(path).read_text(encoding="utf-8"))["seeds"].items()
    }


def seed_values(summaries: Mapping[Training, Mapping[str, Any]], metric: str) -> pd.DataFrame:
    """One metric for every seed: columns sample, model, seed, value."""
    return pd.DataFrame(
        [
            {"sample": sample, "model": model, "seed": seed, "value": _part(summary, metric)}
            for (sample, model, seed), summary in summaries.items()
        ]
    )


def _row(
    sample: str,
    model: str,
    members: Sequence[tuple[int, Mapping[str, Any]]],
    choice: Mapping[str, Any],
) -> dict[str, Any]:
    first = members[0][1]
    row = {
        "sample": sample,
        "model": model,
        "seeds": " ".join(str(seed) for seed, _ in members),
        "parameters": first.get("parameters"),
        "events": sum(first["events"].values()),
        **choice,
        "majority": first["majority"],
        "above_majority_sigma": _above(first["majority"], first["metrics"]["accuracy"]),
    }
    for metric, limits in METRICS.items():
        values = [_part(summary, metric) for _, summary in members]
        ends = [_part(first, metric, part) for part in ("low", "high")]
        row |= {metric: values[0], f"{metric}_low": ends[0], f"{metric}_high": ends[1]}
        mean = float(np.mean(values))
        spread = float(np.std(values, ddof=1)) if len(values) > 1 else np.nan
        row |= {f"{metric}_mean": mean, f"{metric}_spread": spread}
        of_seeds = variance_of_mean(np.array(values))
        below, above = (total_error(end - values[0], of_seeds, len(values)) for end in ends)
        low, high = np.clip([mean - below, mean + above], *limits)
        row |= {f"{metric}_total_low": float(low), f"{metric}_total_high": float(high)}
    return row


def _chosen(choices: Mapping[str, pd.DataFrame], sample: str, model: str) -> dict[str, Any]:
    """The columns that `choose` gives for a model of a sample."""
    return choices[sample].set_index("model").loc[model].to_dict()


def _above(majority: float, accuracy: Mapping[str, Any]) -> float:
    """Accuracy minus `majority`, in binomial standard errors of the majority guess."""
    variance = majority * (1 - majority) / accuracy["n"]
    return (accuracy["value"] - majority) / np.sqrt(variance) if variance > 0 else np.nan


def _part(summary: Mapping[str, Any], metric: str, part: str = "value") -> float:
    name = metric.removesuffix("_truth")
    judged = summary["metrics"] if name == metric else summary.get("against_truth") or {}
    value = judged.get(name, {}).get(part)
    return np.nan if value is None else float(value)
