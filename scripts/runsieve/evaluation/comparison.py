"""All models of an analysis in one table."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.evaluation.glossary import METRICS
from runsieve.evaluation.metrics import PARTS, column_names
from runsieve.evaluation.seeds import over_seeds

Training = tuple[str, str, int]  # sample, model, seed
Summary = Mapping[str, Any]

# Metrics of the table, in its order.
COMPARED = (
    "auc",
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "realised_efficiency",
    "realised_rejection",
    "rejection",
    "rejection_factor",
    "log_loss",
    "brier",
)
# Metrics that are also judged by the simulated process, as METRIC_truth, where that is known.
JUDGED = ("auc", "accuracy", "rejection", "rejection_factor")
# Metrics with the oracle's value next to that of each model.
CEILINGS = ("auc", "rejection", "auc_truth", "rejection_truth")
HEADLINE = ("working_point", "at_efficiency", "threshold")
# Significant digits of the written tables. Intervals would justify fewer, but models that are
# tested on the same events differ by less than their intervals.
DIGITS = 6


def read_summaries(
    models: Iterable[Sequence[str]], files: Iterable[str | Path]
) -> dict[Training, Summary]:
    """Metrics of every training, from the file of each (sample, model)."""
    return {
        (sample, model, int(seed)): one
        for (sample, model), path in zip(models, files, strict=True)
        for seed, one in json.loads(Path(path).read_text(encoding="utf-8"))["seeds"].items()
    }


def compare(
    summaries: Mapping[Training, Summary],
    choices: Mapping[str, pd.DataFrame],
    oracle: str | None = None,
) -> pd.DataFrame:
    """One row per sample and model, from the metrics of every training (`summarise`).

    choices: table of each sample (`choose`); its columns follow `events`.

    majority: accuracy of always predicting the largest class of the test events. Blank where all
        classes are equally large, as is balanced_accuracy, which is then the accuracy
    working_point, at_efficiency, threshold: the headline: `rejection` is interpolated at exactly
        this signal efficiency, `realised_efficiency` and `realised_rejection` are those at the
        threshold, which for the first seed is given; blank with more than two classes
    METRIC, METRIC_low, METRIC_high: value and statistical interval of one training, that with the
        first seed
    METRIC_mean, METRIC_spread, METRIC_total_low, METRIC_total_high: see `over_seeds`
    METRIC_oracle: mean of `oracle` on the same sample, the best that any model could reach, for AUC
        and rejection
    distance_to_oracle: mean AUC of `oracle` on the same sample minus the mean AUC of this model

    METRIC_truth is METRIC with the simulated process of each event as its class, not its label;
    blank where that is not known.
    """
    table = pd.DataFrame(
        [_row(*key, members, _chosen(choices, *key)) for key, members in by_model(summaries)]
    )
    best = table[table["model"] == oracle].set_index("sample")
    ceilings = {
        f"{metric}_oracle": table["sample"].map(best[f"{metric}_mean"]) for metric in CEILINGS
    }
    distance = ceilings["auc_oracle"] - table["auc_mean"]
    return table.assign(**ceilings, distance_to_oracle=distance)


def seed_values(summaries: Mapping[Training, Summary], metric: str) -> pd.DataFrame:
    """One metric for every seed: columns sample, model, seed, value."""
    return pd.DataFrame(
        [
            {"sample": sample, "model": model, "seed": seed, "value": number(found, "value")}
            for (sample, model, seed), summary in summaries.items()
            for found in [_metric(summary, metric)]
        ]
    )


def by_model(
    summaries: Mapping[Training, Summary],
) -> Iterable[tuple[tuple[str, str], dict[int, Summary]]]:
    """Sample and model, with the metrics of each seed."""
    groups: dict[tuple[str, str], dict[int, Summary]] = {}
    for (sample, model, seed), summary in summaries.items():
        groups.setdefault((sample, model), {})[seed] = summary
    return groups.items()


def number(metric: Mapping[str, Any], part: str) -> float:
    """A part of a metric; NaN where it is missing or None."""
    value = metric.get(part)
    return np.nan if value is None else float(value)


def mean_of(name: str, metrics: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """A metric of all seeds as one; see `over_seeds`."""
    values = np.array([number(one, "value") for one in metrics])
    low, high = number(metrics[0], "low"), number(metrics[0], "high")
    return over_seeds(values, low, high, METRICS[name].limits)


def _row(
    sample: str, model: str, members: Mapping[int, Summary], choice: Mapping[str, Any]
) -> dict[str, Any]:
    first = next(iter(members.values()))
    balanced = bool(np.isclose(first["majority"], 1 / len(first["events"])))
    headline = _metric(first, "rejection") | _metric(first, "realised_rejection")
    row = {
        "sample": sample,
        "model": model,
        "seeds": " ".join(map(str, members)),
        "parameters": first.get("parameters"),
        "events": sum(first["events"].values()),
        **choice,
        "majority": np.nan if balanced else first["majority"],
        **{name: headline.get(name) for name in HEADLINE},
    }
    for name in [*COMPARED, *(f"{name}_truth" for name in JUDGED)]:
        left_out = balanced and name == "balanced_accuracy"
        found = [{} if left_out else _metric(one, name) for one in members.values()]
        values = (number(found[0], part) for part in PARTS)
        row |= dict(zip(column_names(name), values, strict=True))
        means = mean_of(name.removesuffix("_truth"), found)
        row |= {f"{name}_{part}": value for part, value in means.items()}
    return row


def _chosen(choices: Mapping[str, pd.DataFrame], sample: str, model: str) -> dict[str, Any]:
    """The columns that `choose` gives for a model of a sample."""
    return choices[sample].set_index("model").loc[model].to_dict()


def _metric(summary: Summary, name: str) -> dict[str, Any]:
    """A metric of a summary with its parts; of METRIC_truth, that against the truth."""
    metric = name.removesuffix("_truth")
    judged = summary["metrics"] if metric == name else summary.get("against_truth") or {}
    return judged.get(metric, {})
