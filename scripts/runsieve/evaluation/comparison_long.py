"""All metrics of an analysis in long form: one number with its interval per row."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from runsieve.evaluation.comparison import Summary, Training, by_model, mean_of, number
from runsieve.evaluation.metrics import PARTS

COLUMNS = ("sample", "model", "metric", "against", "seed", *PARTS, "spread", "interval")
MEAN = "mean"
AGAINST = {"label": "metrics", "truth": "against_truth"}


def compare_long(summaries: Mapping[Training, Summary]) -> pd.DataFrame:
    """Every metric of every seed, and then of their mean, from `summarise`.

    sample, model, metric
    against: label or truth, by which the test events are judged
    seed: its number, or `mean`
    value, low, high: of a seed with its statistical interval; of the mean see `over_seeds`
    spread: standard deviation over the seeds, for the mean of several
    interval: kind of the interval; with `and seeds` it includes the error from the seeds
    """
    rows = []
    for (sample, model), members in by_model(summaries):
        for against, key in AGAINST.items():
            found = [one.get(key) or {} for one in members.values()]
            for name in found[0]:
                about = {"sample": sample, "model": model, "metric": name, "against": against}
                of_seeds = {
                    seed: one.get(name, {}) for seed, one in zip(members, found, strict=True)
                }
                rows += [about | one for one in _rows(name, of_seeds)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(name: str, of_seeds: Mapping[int, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for seed, one in of_seeds.items():
        parts = {part: number(one, part) for part in PARTS}
        yield {"seed": str(seed), **parts, "interval": one.get("interval")}
    metrics = list(of_seeds.values())
    mean, kind = mean_of(name, metrics), metrics[0].get("interval")
    yield {
        "seed": MEAN,
        "value": mean["mean"],
        "low": mean["total_low"],
        "high": mean["total_high"],
        "spread": mean["spread"],
        "interval": f"{kind} and seeds" if len(metrics) > 1 else kind,
    }
