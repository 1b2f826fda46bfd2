"""Tables of a model's report: one function a table, from its scored test events."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import beta, chi2, kstwo, random_table
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from helpers.recount.scored import Scored
from helpers.recount.statistics import (
    accepted_at,
    area_interval,
    area_under_curve,
    drawn,
    effective,
    fraction,
    holm,
    named,
)

RESAMPLINGS = 80


def efficiency(scored: Scored) -> pd.DataFrame:
    rows = []
    for point in scored.defined:
        passed = scored.passed(scored.test, point)
        for one in scored.classes:
            threshold = point[3].get(one, next(iter(point[3].values()), np.nan))
            for low, high in scored.bins():
                inside = scored.inside(scored.test, low, high)
                mine = ((scored.test["true"] == one) & inside).to_numpy()
                found = fraction(passed[mine], scored.test["weight"][mine])
                rest = ((scored.test["true"] != one) & inside).to_numpy()
                taken = scored.taken(scored.test, point, one)[rest]
                others = fraction(taken, scored.test["weight"][rest])
                rows.append(
                    {
                        "working_point": point[0],
                        "threshold": threshold,
                        "class": one,
                        "variable": scored.variable,
                        "low": low,
                        "high": high,
                        "total": mine.sum(),
                        "passed": passed[mine].sum(),
                        **named("efficiency", found[2:]),
                        "others": rest.sum(),
                        "others_passed": taken.sum(),
                        **named("left", others[2:]),
                    }
                )
    return pd.DataFrame(rows)


def histogram(scored: Scored) -> pd.DataFrame:
    bins = scored.report.get("score_bins", 20)
    digits = 2 if 100 % bins == 0 else 4
    rows = []
    for one in scored.classes:
        column = scored.curves[0] if len(scored.curves) == 1 else one
        for low, high in scored.bins():
            inside = scored.inside(scored.test, low, high)
            mine = scored.test[(scored.test["true"] == one) & inside]
            counts = [0] * bins
            for score in mine[f"p_{column}"]:
                counts[min(int(score * bins), bins - 1)] += 1
            row = {"class": one, "variable": scored.variable, "low": low, "high": high}
            row["total"] = len(mine)
            row |= {f"score_{i / bins:.{digits}f}": count for i, count in enumerate(counts)}
            rows.append(row)
    return pd.DataFrame(rows)


def separation(scored: Scored) -> pd.DataFrame:
    rows = []
    for point in scored.defined:
        for one in scored.curves:
            for low, high in scored.bins():
                mine = scored.test[scored.inside(scored.test, low, high)]
                signal = (mine["true"] == one).to_numpy()
                weight, score = mine["weight"].to_numpy(), mine[f"p_{one}"].to_numpy()
                row = {
                    "working_point": point[0],
                    "threshold": point[3].get(one, np.nan),
                    "class": one,
                    "variable": scored.variable,
                    "low": low,
                    "high": high,
                    "signal": signal.sum(),
                    "background": (~signal).sum(),
                }
                area = [np.nan] * 3
                if 0 < signal.sum() < len(signal):
                    pair = np.where(signal, "one", "rest")
                    area = area_interval(pair, {"one": score}, weight, ["one", "rest"])
                rejection = [np.nan] * 3
                if point[1] is not None:
                    rejection = fraction(score[~signal] < point[3][one], weight[~signal])[2:]
                row |= named("auc", area) | named("rejection", rejection)
                row |= named("rejection_factor", [factor(value) for value in rejection])
                rows.append(row)
    return pd.DataFrame(rows)


def factor(rejection: float) -> float:
    """Background events per accepted one; blank where none is accepted."""
    return np.nan if not rejection < 1 else 1 / (1 - rejection)


def working_points(scored: Scored) -> pd.DataFrame:
    """Ends of closure and at_target, which are from a bootstrap, are left out."""
    rows = []
    for name, kind, target, thresholds in scored.points:
        for one in scored.curves if kind else []:
            signal = (scored.test["true"] == one).to_numpy()
            weight, score = scored.test["weight"].to_numpy(), scored.test[f"p_{one}"].to_numpy()
            threshold = thresholds[one]
            fixed = kind in ("signal_efficiency", "background_rejection")
            row = {
                "working_point": name,
                "asked_for": kind,
                "target": target if kind != "maximise" else np.nan,
                "class": one,
                "threshold": threshold,
                "signal": signal.sum(),
                "background": (~signal).sum(),
            }
            kept = fraction(score[signal] >= threshold, weight[signal])[2:]
            rejected = fraction(score[~signal] < threshold, weight[~signal])[2:]
            if np.isnan(threshold):
                kept = rejected = [np.nan] * 3
            row |= named("efficiency", kept) | named("rejection", rejected)
            row |= named("rejection_factor", [factor(value) for value in rejected])
            row["closure"] = row["at_target"] = np.nan
            if fixed:
                realised = kept[0] if kind == "signal_efficiency" else rejected[0]
                row["closure"] = realised - target
                row["at_target"] = at_target(kind, target, signal, score, weight)
            rows.append(row)
    return pd.DataFrame(rows)


def at_target(kind, target, signal, score, weight) -> float:
    """Rejection at exactly the target efficiency, or efficiency at exactly the target rejection."""
    if kind == "signal_efficiency":
        return 1 - accepted_at(signal, score, weight, target)
    return accepted_at(~signal, score, weight, 1 - target)


def confusion(scored: Scored) -> pd.DataFrame:
    parts = []
    for point in scored.assigning:
        cells = confusion_matrix(
            scored.test["true"].astype(str),
            scored.assigned(scored.test, point).astype(str),
            labels=scored.classes,
        )
        part = pd.DataFrame(cells, columns=scored.classes)
        parts.append(part.assign(true_class=scored.classes, working_point=point[0]))
    return pd.concat(parts, ignore_index=True)


def classes(scored: Scored) -> pd.DataFrame:
    rows, test = [], scored.test
    true, weight = test["true"].to_numpy(dtype=str), test["weight"].to_numpy()
    for point in scored.assigning:
        assigned = scored.assigned(test, point).astype(str)
        arguments = {"labels": scored.classes, "sample_weight": weight, "zero_division": np.nan}
        precision, recall, f1, _ = precision_recall_fscore_support(true, assigned, **arguments)
        for place, one in enumerate(scored.classes):
            mine, taken = true == one, assigned == one
            found = fraction(true[taken] == one, weight[taken])[2:]
            kept = fraction(assigned[mine] == one, weight[mine])[2:]
            assert np.isclose(found[0], precision[place], equal_nan=True)
            assert np.isclose(kept[0], recall[place], equal_nan=True)
            row = {"class": one, "f1": f1[place], "support": mine.sum(), "working_point": point[0]}
            rows.append(row | named("precision", found) | named("recall", kept))
        of_class = np.array([weight[true == one].sum() for one in scored.classes])
        average = {"class": "weighted average", "support": len(test), "working_point": point[0]}
        for name, values in (("precision", precision), ("recall", recall), ("f1", f1)):
            average[name] = (values * of_class).sum() / of_class.sum()
        rows.append(average)
    return pd.DataFrame(rows)


def roc(scored: Scored, written: pd.DataFrame) -> pd.DataFrame:
    """What each written threshold keeps; it stands for the score next to it."""
    rows = []
    for one in scored.curves:
        score, weight = scored.test[f"p_{one}"].to_numpy(), scored.test["weight"].to_numpy()
        signal = (scored.test["true"] == one).to_numpy()
        known = np.unique(score)
        for given in written.loc[written["class"] == one, "threshold"]:
            threshold = given if given == np.inf else known[np.abs(known - given).argmin()]
            kept = score >= threshold
            row = {"class": one, "threshold": threshold}
            row["signal_efficiency"] = weight[signal & kept].sum() / weight[signal].sum()
            row["background_rejection"] = weight[~signal & ~kept].sum() / weight[~signal].sum()
            rows.append(row)
        add_band(rows, one, *(kish(weight[some]) for some in (signal, ~signal)))
    return pd.DataFrame(rows)


def kish(weight: np.ndarray) -> float:
    return weight.sum() ** 2 / (weight**2).sum()


def binomial_ends(share: float, number: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a fraction of a number of events."""
    passed, tail = share * number, (1 - 0.682689492137086) / 2
    low = 0.0 if passed < 1e-9 else beta.ppf(tail, passed, number - passed + 1)
    high = 1.0 if number - passed < 1e-9 else beta.ppf(1 - tail, passed + 1, number - passed)
    return low, high


def add_band(rows: list[dict], one: str, signal: float, background: float) -> None:
    """The interval of each point of a curve, from the errors of both fractions."""
    mine = [row for row in rows if row["class"] == one]
    x, y = ([row[name] for row in mine] for name in ("signal_efficiency", "background_rejection"))
    for row in mine:
        efficiency, rejection = row["signal_efficiency"], row["background_rejection"]
        less, more = binomial_ends(efficiency, signal)
        low, high = binomial_ends(rejection, background)
        drop = max(rejection - np.interp(more, x, y), 0)
        rise = max(np.interp(less, x, y) - rejection, 0)
        below = rejection - np.sqrt((rejection - low) ** 2 + drop**2)
        above = rejection + np.sqrt((high - rejection) ** 2 + rise**2)
        row["background_rejection_low"] = max(below, 0)
        row["background_rejection_high"] = min(above, 1)


def calibration_bins(scored: Scored, one: str) -> list[tuple[float, float, np.ndarray]]:
    """Edges and events of ten bins of equal numbers of events; equal scores stay together."""
    score = scored.test[f"p_{one}"].to_numpy(dtype=float)
    ordered, last = sorted(score), len(score) - 1
    edges = sorted({ordered[-(-place * last // 10)] for place in range(1, 10)} - {ordered[0]})
    ends = list(zip([0.0, *edges], [*edges, 1.0], strict=True))
    return [
        (low, high, (score >= low) & ((score < high) | (place == len(edges))))
        for place, (low, high) in enumerate(ends)
    ]


def reliability(scored: Scored) -> pd.DataFrame:
    rows = []
    true, weight = scored.test["true"].to_numpy(), scored.test["weight"].to_numpy()
    for one in scored.curves:
        score = scored.test[f"p_{one}"].to_numpy(dtype=float)
        for low, high, mine in calibration_bins(scored, one):
            k, n, *observed = fraction(true[mine] == one, weight[mine])
            row = {"class": one, "low": low, "high": high, "k": k, "n": n}
            row["predicted"] = np.average(score[mine], weights=weight[mine])
            rows.append(row | named("observed", observed))
    return pd.DataFrame(rows)


def groups(scored: Scored) -> pd.DataFrame:
    rows, test = [], scored.test
    weight = test["weight"].to_numpy()
    for by in ("run", "channel"):
        numbers = sorted(set(test[by]))
        areas = {}
        for number in numbers:
            mine = (test[by] == number).to_numpy()
            true = test["true"].to_numpy()[mine]
            areas[number] = [np.nan] * 3
            if set(true) == set(scored.classes):
                scores = scored.scores(test[mine])
                areas[number] = area_interval(true, scores, weight[mine], scored.classes)
        for point in scored.defined:
            passed, part = scored.passed(test, point), []
            for number in numbers:
                for one in scored.classes:
                    mine = ((test[by] == number) & (test["true"] == one)).to_numpy()
                    if mine.any():
                        threshold = point[3].get(one, next(iter(point[3].values()), np.nan))
                        row = {"working_point": point[0], "threshold": threshold, "by": by}
                        row |= {"group": number, "class": one}
                        row |= {"events": mine.sum(), "passed": passed[mine].sum()}
                        row |= named("efficiency", fraction(passed[mine], weight[mine])[2:])
                        part.append(row | named("auc", areas[number]))
            for row in part:
                same = [other for other in part if other["class"] == row["class"]]
                row["p_homogeneity"] = homogeneity(
                    [other["passed"] for other in same], [other["events"] for other in same]
                )
            rows += part
    return pd.DataFrame(rows)


def homogeneity(passed, total) -> float:
    """Pearson's chi-square; from random tables where fewer than five events are expected."""
    passed, total = np.array(passed, dtype=float), np.array(total, dtype=float)
    mean = passed.sum() / total.sum()
    if len(total) < 2:
        return np.nan
    if mean in (0, 1):
        return 1.0

    def square(counts):
        return ((counts - mean * total) ** 2 / (mean * (1 - mean) * total)).sum(axis=-1)

    found = square(passed)
    if min(mean, 1 - mean) * total.min() >= 5:
        return chi2.sf(found, len(total) - 1)
    rows = [passed.sum(), (total - passed).sum()]
    tables = random_table(rows, total).rvs(9999, random_state=np.random.default_rng(7))
    return float((square(tables[:, 0, :]) >= found - 1e-9).mean())


def resampled(scored: Scored, choose: Callable) -> dict[tuple[str, str, str], tuple]:
    """Bootstrap samples of closure and at_target; of the latter also its number of events.

    choose: threshold of a kind and target for a class, from validation events. By working point,
    class and quantity.
    """
    found, generator = {}, np.random.default_rng(3)
    for name, kind, target, _ in scored.points:
        if kind not in ("signal_efficiency", "background_rejection"):
            continue
        for one in scored.curves:
            signal = (scored.test["true"] == one).to_numpy()
            score, weight = scored.test[f"p_{one}"].to_numpy(), scored.test["weight"].to_numpy()
            closure, exact = [], []
            for _ in range(RESAMPLINGS):
                chosen = scored.validation.iloc[drawn(scored.validation["true"], generator)]
                threshold = choose(kind, target, one, chosen)
                rows = drawn(signal, generator)
                mine, its_score, its_weight = signal[rows], score[rows], weight[rows]
                counted = mine if kind == "signal_efficiency" else ~mine
                passed = (its_score >= threshold) == (kind == "signal_efficiency")
                closure.append(np.average(passed[counted], weights=its_weight[counted]) - target)
                exact.append(at_target(kind, target, mine, its_score, its_weight))
            counted = ~signal if kind == "signal_efficiency" else signal
            found[name, one, "closure"] = np.array(closure), None
            found[name, one, "at_target"] = np.array(exact), effective(weight[counted])
    return found


def overtraining(scored: Scored) -> pd.DataFrame:
    """Training against test events of each class, value by value."""
    rows = []
    for one in scored.classes:
        sums, numbers = [], []
        of_score = scored.classes[0] if len(scored.classes) == 2 else one
        mine = [part[part["true"] == one] for part in (scored.train, scored.test)]
        places = sorted(set(pd.concat(mine)[f"p_{of_score}"]))
        for part in mine:
            score, weight = part[f"p_{of_score}"].to_numpy(), part["weight"].to_numpy(float)
            sums.append([weight[score <= place].sum() / weight.sum() for place in places])
            numbers.append(effective(weight))
        distance = max(abs(a - b) for a, b in zip(*sums, strict=True))
        events = round(numbers[0] * numbers[1] / sum(numbers))
        row = {"class": one, "train": len(mine[0]), "test": len(mine[1]), "distance": distance}
        rows.append(row | {"p": kstwo(events).sf(distance)})
    table = pd.DataFrame(rows)
    for name in ("train", "test"):
        events = getattr(scored, name)
        arguments = events["true"].to_numpy(str), scored.scores(events), events["weight"]
        table[f"auc_{name}"] = area_under_curve(*arguments, scored.classes)
    return table.assign(p_holm=holm(table["p"]))


TABLES: dict[str, Callable[[Scored], pd.DataFrame]] = {
    "efficiency": efficiency,
    "histogram": histogram,
    "separation": separation,
    "working_points": working_points,
    "confusion": confusion,
    "classes": classes,
    "reliability": reliability,
    "groups": groups,
    "overtraining": overtraining,
}
