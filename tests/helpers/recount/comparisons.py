"""Tables of all models of an analysis or a sample, from their scored test events."""

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binomtest, mannwhitneyu
from scipy.stats import norm as normal
from scipy.stats import t as student

from helpers.recount.scored import Scored
from helpers.recount.statistics import (
    ABOVE,
    area_interval,
    area_under_curve,
    fraction,
    holm,
    influences,
    named,
    p_of_difference,
)

Trainings = Mapping[tuple[str, int], Scored]  # by model and seed, in the order of the analysis
LIMITS = {"rejection_factor": (1, np.inf), "log_loss": (0, np.inf), "brier": (0, 2)}
METRICS = ("auc", "accuracy", "balanced_accuracy", "macro_f1")
METRICS += ("realised_efficiency", "realised_rejection", "rejection", "rejection_factor")
METRICS += ("log_loss", "brier", "auc_truth", "accuracy_truth")
METRICS += ("rejection_truth", "rejection_factor_truth")

KINDS = {
    "auc": "hanley-mcneil-delong",
    "balanced_accuracy": "jeffreys",
    "macro_f1": "dirichlet",
    "calibration_error": "chi-squared",
    **dict.fromkeys(("accuracy", "realised_efficiency", "realised_rejection"), "clopper-pearson"),
    **dict.fromkeys(("log_loss", "brier", "rejection", "rejection_factor"), "bootstrap"),
}
DIGITS = 6  # significant ones of the tables that compare all models


def arrays(events: pd.DataFrame, classes: list[str]):
    """Arguments of the functions of areas."""
    scores = {one: events[f"p_{one}"].to_numpy(dtype=float) for one in classes}
    return events["true"].to_numpy(dtype=str), scores, events["weight"].to_numpy(float), classes


def pairs(trainings: Trainings, seed: int) -> pd.DataFrame:
    mine = {model: one for (model, own), one in trainings.items() if own == seed}
    areas = {name: area_under_curve(*arrays(one.test, one.classes)) for name, one in mine.items()}
    moved = {name: influences(*arrays(one.test, one.classes)) for name, one in mine.items()}
    right = {
        name: one.most_probable(one.test) == one.test["true"].to_numpy()
        for name, one in mine.items()
    }
    rows = []
    for model, other in combinations(sorted(mine, key=lambda name: -areas[name]), 2):
        difference = areas[model] - areas[other]
        error = np.sqrt(((moved[model] - moved[other]) ** 2).sum())
        only = (right[model] & ~right[other]).sum(), (right[other] & ~right[model]).sum()
        rows.append(
            {
                "model": model,
                "other": other,
                "seed": seed,
                "events": len(mine[model].test),
                **named("auc_difference", [difference, difference - error, difference + error]),
                "p_auc": p_of_difference(difference, error, len(mine[model].test)),
                "only_model_right": only[0],
                "only_other_right": only[1],
                "p_accuracy": binomtest(only[0], sum(only)).pvalue if sum(only) else 1.0,
            }
        )
    table = pd.DataFrame(rows)
    for name in ("p_auc", "p_accuracy"):
        table[f"{name}_holm"] = holm(table[name])
    return table


def choice(trainings: Trainings, baseline: str | None, oracle: str | None) -> pd.DataFrame:
    members: dict[str, list[Scored]] = {}
    for (model, _), one in trainings.items():
        members.setdefault(model, []).append(one)
    rated = {}
    for model, several in members.items():
        classes = several[0].classes
        areas = [area_under_curve(*arrays(one.test, classes)) for one in several]
        moved = np.mean([influences(*arrays(one.test, classes)) for one in several], axis=0)
        validation = np.nan
        if set(several[0].validation["true"]) == set(classes):
            validation = np.mean(
                [area_under_curve(*arrays(one.validation, classes)) for one in several]
            )
        spread = np.var(areas, ddof=1) / len(areas) if len(areas) > 1 else 0.0
        rated[model] = (validation, np.mean(areas), moved, spread, len(areas))

    def against(one, other):
        difference, moved = one[1] - other[1], one[2] - other[2]
        variance = (moved**2).sum() + one[3] + other[3]
        from_seeds = sum(part**2 / (n - 1) for _, _, _, part, n in (one, other) if n > 1)
        freedom = variance**2 / from_seeds if from_seeds > 0 else np.inf
        error = np.sqrt(variance)
        sigma = difference / error if error > 0 else np.nan
        half = error * student.ppf(ABOVE, freedom)
        interval = [difference, difference - half, difference + half]
        return p_of_difference(difference, error, len(moved), freedom), sigma, interval

    candidates = [model for model in rated if model != oracle]
    best = None
    if candidates and not np.isnan(rated[candidates[0]][0]):
        best = max(candidates, key=lambda model: rated[model][0])
    others = [model for model in rated if best is not None and model != best]
    p = dict(zip(others, holm([against(rated[m], rated[best])[0] for m in others]), strict=True))
    rows, blank = [], [np.nan] * 3
    for model, one in rated.items():
        sigma = np.nan
        if baseline in rated and model != baseline:
            sigma = against(one, rated[baseline])[1]
        rows.append(
            {
                "model": model,
                "validation_auc": one[0],
                "chosen": model == best,
                "compatible": model == best or p.get(model, 0) > 0.05,
                "p_against_chosen": p.get(model, np.nan),
                **named(
                    "auc_against_chosen", against(one, rated[best])[2] if model in p else blank
                ),
                "better_than_baseline_sigma": sigma,
            }
        )
    return pd.DataFrame(rows)


def comparison(
    samples: Mapping[str, Trainings],
    summaries: Mapping[tuple[str, str, int], dict],
    parameters: Mapping[tuple[str, str], int | None],
    baseline: str | None,
    oracle: str | None,
) -> pd.DataFrame:
    """summaries: recounted metrics, with the bootstrap intervals that the reports give."""
    rows = []
    for sample, trainings in samples.items():
        chosen = choice(trainings, baseline, oracle).set_index("model")
        for model in dict.fromkeys(name for name, _ in trainings):
            seeds = [seed for name, seed in trainings if name == model]
            several = [summaries[sample, model, seed] for seed in seeds]
            first = several[0]
            equal = abs(first["majority"] * len(first["classes"]) - 1) < 1e-9
            majority = np.nan if equal else first["majority"]
            row = {"sample": sample, "model": model, "seeds": " ".join(map(str, seeds))}
            row |= {"parameters": parameters[sample, model], "majority": majority}
            row |= {"events": sum(first["events"].values())} | chosen.loc[model].to_dict()
            own = trainings[model, seeds[0]]
            point = next((p for p in own.points if p[1] == "signal_efficiency"), None)
            if point is None or len(own.classes) != 2:
                row |= {"working_point": None, "at_efficiency": np.nan, "threshold": np.nan}
            else:
                row |= {"working_point": point[0], "at_efficiency": point[2]}
                row["threshold"] = point[3][own.classes[0]]
            for metric in METRICS:
                found = _over_seeds(metric, several)
                blank = equal and metric == "balanced_accuracy"
                row |= dict.fromkeys(found, np.nan) if blank else found
            rows.append(row)
    table = pd.DataFrame(rows)
    for metric in ("auc", "rejection", "auc_truth", "rejection_truth"):
        best = table[table["model"] == oracle].set_index("sample")[f"{metric}_mean"]
        table[f"{metric}_oracle"] = [best.get(sample, np.nan) for sample in table["sample"]]
    return table.assign(distance_to_oracle=table["auc_oracle"] - table["auc_mean"])


def comparison_long(summaries: Mapping[tuple[str, str, int], dict]) -> pd.DataFrame:
    """summaries: as for `comparison`."""
    trained = dict.fromkeys((sample, model) for sample, model, _ in summaries)
    rows = []
    for sample, model in trained:
        mine = {key[2]: one for key, one in summaries.items() if key[:2] == (sample, model)}
        for against, key in (("label", "metrics"), ("truth", "against_truth")):
            first = next(iter(mine.values()))[key]
            for metric in first or {}:
                row = {"sample": sample, "model": model, "metric": metric, "against": against}
                for seed, one in mine.items():
                    parts = {part: one[key][metric][part] for part in ("value", "low", "high")}
                    kind = {"seed": str(seed), "interval": KINDS[metric], "spread": np.nan}
                    rows.append(row | parts | kind)
                suffix = "" if against == "label" else "_truth"
                mean = _over_seeds(f"{metric}{suffix}", list(mine.values()))
                names = {"value": "mean", "low": "total_low", "high": "total_high"}
                names["spread"] = "spread"
                row |= {name: mean[f"{metric}{suffix}_{part}"] for name, part in names.items()}
                kind = KINDS[metric] + (" and seeds" if len(mine) > 1 else "")
                rows.append(row | {"seed": "mean", "interval": kind})
    return pd.DataFrame(rows)


def _over_seeds(metric: str, summaries: list[dict]) -> dict[str, float]:
    name = metric.removesuffix("_truth")
    key = "metrics" if name == metric else "against_truth"
    found = [(summary[key] or {}).get(name, {}) for summary in summaries]
    value, low, high = (
        np.nan if found[0].get(part) is None else found[0][part]
        for part in ("value", "low", "high")
    )
    values = [np.nan if one.get("value") is None else one["value"] for one in found]
    mean, several = np.mean(values), len(values) > 1
    of_mean = np.var(values, ddof=1) / len(values) if several else 0.0
    row = named(metric, [value, low, high])
    row[f"{metric}_mean"] = mean
    row[f"{metric}_spread"] = np.std(values, ddof=1) if several else np.nan
    for side, end in ((-1, low), (1, high)):
        total = (end - value) ** 2 + of_mean
        freedom = total**2 / (of_mean**2 / (len(values) - 1)) if of_mean > 0 else np.inf
        limits = LIMITS.get(name, (0, 1))
        quoted = mean + side * np.sqrt(total) * student.ppf(ABOVE, freedom)
        place = f"{metric}_total_{'low' if side < 0 else 'high'}"
        row[place] = np.clip(quoted, *limits)
    return row


def cross_tests(tests: Mapping[tuple[str, str, str], Scored]) -> pd.DataFrame:
    """By model, sample trained on and sample tested on."""
    rows = []
    for (model, trained_on, tested_on), one in tests.items():
        true, scores, weight, classes = arrays(one.test, one.classes)
        right = one.most_probable(one.test) == true
        row = {"model": model, "trained_on": trained_on, "tested_on": tested_on}
        row |= {"events": len(one.test)} | named("accuracy", fraction(right, weight)[2:])
        rows.append(row | named("auc", area_interval(true, scores, weight, classes)))
    return pd.DataFrame(rows)


def null_tests(tests: Mapping[tuple[str, str, int], Scored], names: Mapping) -> pd.DataFrame:
    """names: what is told apart, by sample and class."""
    rows = []
    for (sample, model, seed), one in tests.items():
        for curve in one.curves:
            score = one.test[f"p_{curve}"].to_numpy(dtype=float)
            mine = (one.test["true"] == curve).to_numpy()
            weight = one.test["weight"].to_numpy(dtype=float)
            pair = np.where(mine, "mine", "others")
            area = area_interval(pair, {"mine": score}, weight, ["mine", "others"])
            p = 1.0
            if len(set(score)) > 1:
                p = mannwhitneyu(score[mine], score[~mine], alternative="two-sided").pvalue
            row = {"sample": sample, "model": model, "seed": seed, "what": names[sample, curve]}
            row["sizes"] = mine.sum(), (~mine).sum()
            rows.append(row | {"events": len(mine), **named("auc", area), "p": p})
    table = pd.DataFrame(rows)
    table["p_holm"] = holm(table["p"])
    # Nine of ten areas around it are so far from 0.5 that p is below 1 % over the number of tests.
    deviations = normal.isf(0.005 / len(table)) - normal.ppf(0.1)
    table["auc_noticed"] = [
        min(1, 0.5 + deviations * np.sqrt((one + other + 1) / one / other / 12))
        for one, other in table.pop("sizes")
    ]
    return table.assign(passed=table["p_holm"] >= 0.01)


def shifts(
    tests: Mapping[tuple[str, str], tuple[Scored, Path]], changes: Mapping[str, str]
) -> pd.DataFrame:
    """By sample and model: the nominal scores, and the file with those of each shift.

    changes: each shift in words.
    """
    rows = []
    keys = ["run", "event", "channel"]
    for (sample, model), (nominal, path) in tests.items():
        every = pd.read_parquet(path)
        for shift in dict.fromkeys(every["shift"]):
            columns = [f"p_{one}" for one in nominal.classes]
            moved = every[every["shift"] == shift][[*keys, *columns]]
            events = nominal.test.drop(columns=columns).merge(moved, on=keys, validate="1:1")
            events[columns] = events[columns].astype(float)
            assert events[keys].equals(nominal.test[keys])
            before, after = (
                area_under_curve(*arrays(one, nominal.classes)) for one in (nominal.test, events)
            )
            shift_of = influences(*arrays(events, nominal.classes))
            shift_of = shift_of - influences(*arrays(nominal.test, nominal.classes))
            error, difference = np.sqrt((shift_of**2).sum()), after - before
            row = {"sample": sample, "model": model, "shift": shift, "events": len(events)}
            row |= {"change": changes[shift], "auc": before, "auc_shifted": after}
            interval = [difference, difference - error, difference + error]
            row |= named("auc_difference", interval)
            weight = events["weight"].to_numpy(dtype=float)
            for suffix, one in (("", nominal.test), ("_shifted", events)):
                right = nominal.most_probable(one) == one["true"].to_numpy()
                row[f"accuracy{suffix}"] = np.average(right, weights=weight)
            rows.append(row | _kept(nominal, events, weight))
    return pd.DataFrame(rows)


def _kept(scored: Scored, events: pd.DataFrame, weight: np.ndarray) -> dict[str, float]:
    """What the cut at a fixed efficiency keeps and rejects, and how that changes."""
    if len(scored.classes) != 2:
        names = [f"{one}{end}" for one in ("efficiency", "rejection") for end in ("", "_shifted")]
        ends = [f"{one}_difference{end}" for one in names[::2] for end in ("", "_low", "_high")]
        blank = dict.fromkeys([*names, *ends], np.nan)
        return blank | {"working_point": "most_probable", "threshold": np.nan}
    fixed = [one for one in scored.defined if one[1] == "signal_efficiency"]
    point = [*fixed, *scored.defined][0]
    row = {"working_point": point[0], "threshold": point[3][scored.classes[0]]}
    for name, one in zip(("efficiency", "rejection"), scored.classes, strict=True):
        mine = (events["true"] == one).to_numpy()
        before, after = (scored.passed(some, point)[mine] for some in (scored.test, events))
        w = weight[mine]
        size = w.sum() ** 2 / (w**2).sum()
        new, old = (w[one].sum() / w.sum() for one in (after & ~before, before & ~after))
        more, less = ((size * share + 0.5) / (size + 1) for share in (new, old))
        error = np.sqrt((more + less - (more - less) ** 2) / (size + 1))
        row[name], row[f"{name}_shifted"] = (np.average(p, weights=w) for p in (before, after))
        ends = [min(more - less - error, new - old), max(more - less + error, new - old)]
        row |= named(f"{name}_difference", [new - old, *ends])
    return row
