"""Metrics of a model, `metrics.json`, from its scored test events."""

import numpy as np
from scipy.optimize import bisect
from scipy.stats import beta, gamma, ncx2
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, log_loss

from helpers.recount.model_tables import calibration_bins, factor, overtraining
from helpers.recount.scored import Scored
from helpers.recount.statistics import (
    ABOVE,
    BELOW,
    accepted_at,
    area_interval,
    clopper_pearson,
    drawn,
    effective,
    fraction,
)

BOOTSTRAPPED = ("log_loss", "brier", "rejection")
PARTS = ("value", "low", "high")


def summary(judged: dict[str, Scored]) -> dict:
    """The content of the file but for what is not from the scores."""
    label = judged["label"]
    true, weight = label.test["true"].to_numpy(), label.test["weight"].to_numpy()
    weights = [weight[true == one].sum() for one in label.classes]
    return {
        "classes": label.classes,
        "events": {one: int((true == one).sum()) for one in label.classes},
        "majority": max(weights) / sum(weights),
        "outside": outside(label),
        "train_against_test": train_against_test(label),
        "metrics": metrics(label),
        "against_truth": metrics(judged["truth"]) if "truth" in judged else None,
    }


def with_bootstrap(recounted: dict, written: dict) -> dict:
    """Recounted metrics with the drawn intervals of the file; these are judged by their width."""
    found = dict(recounted)
    for key in ("metrics", "against_truth"):
        if recounted[key] is not None:
            found[key] = {
                name: {part: written[key][name][part] for part in ("low", "high")} | parts
                for name, parts in recounted[key].items()
            }
    return found


def train_against_test(scored: Scored) -> dict:
    """The table of overtraining by class; nothing is known without training events."""
    if not len(scored.train):
        nothing = dict.fromkeys(scored.classes)
        return {"p_holm": nothing, "distance": nothing, "auc_train": None}
    table = overtraining(scored).set_index("class")
    areas = {name: table[name].iloc[0] for name in ("auc_train", "auc_test")}
    return {name: table[name].to_dict() for name in ("p_holm", "distance")} | areas


def outside(scored: Scored) -> dict[str, int]:
    if scored.variable is None:
        return {}
    inside = sum(scored.inside(scored.test, *edges).astype(int) for edges in scored.bins())
    true = scored.test["true"]
    return {one: int(((true == one) & (inside == 0)).sum()) for one in scored.classes}


def metrics(scored: Scored) -> dict[str, dict]:
    """Values, and intervals that have a formula."""
    test = scored.test
    true, weight = test["true"].to_numpy(dtype=str), test["weight"].to_numpy(dtype=float)
    predicted = scored.most_probable(test).astype(str)
    k, n, *accuracy = fraction(predicted == true, weight)
    assert np.isclose(accuracy[0], accuracy_score(true, predicted, sample_weight=weight))
    found = {"accuracy": dict(zip(PARTS, accuracy, strict=True)) | {"k": k, "n": n}}
    of_class = balanced_accuracy_score(true, predicted, sample_weight=weight)
    found["balanced_accuracy"] = {"value": of_class}
    macro = f1_score(true, predicted, average="macro", sample_weight=weight, labels=scored.classes)
    found["macro_f1"] = {"value": macro}
    area = area_interval(true, scored.scores(test), weight, scored.classes)
    found["auc"] = dict(zip(PARTS, area, strict=True))
    found |= {name: {"value": value} for name, value in losses(scored, true, weight).items()}
    found["calibration_error"] = dict(zip(PARTS, calibration_error(scored), strict=True))
    if headline(scored) is not None:
        name, target = headline(scored)
        value = rejection(scored, target, np.arange(len(test)))
        about = {"at_efficiency": target, "working_point": name}
        found["rejection"] = {"value": value} | about
        found["rejection_factor"] = {"value": factor(value)} | about
        found |= realised(scored, name)
    return found


def realised(scored: Scored, name: str) -> dict[str, dict]:
    """Signal above and background below the threshold of a working point."""
    signal, background = scored.classes
    threshold = next(point[3][signal] for point in scored.points if point[0] == name)
    if np.isnan(threshold):
        return {}
    true, weight = scored.test["true"].to_numpy(dtype=str), scored.test["weight"].to_numpy(float)
    above = scored.test[f"p_{signal}"].to_numpy() >= threshold
    found = {}
    for quantity, one, passed in (
        ("efficiency", signal, above),
        ("rejection", background, ~above),
    ):
        k, n, *interval = fraction(passed[true == one], weight[true == one])
        about = {"k": k, "n": n, "working_point": name, "threshold": threshold}
        found[f"realised_{quantity}"] = dict(zip(PARTS, interval, strict=True)) | about
    return found


def losses(scored: Scored, true: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    """Log loss and Brier score, the latter once for both classes of two."""
    columns = scored.test[[f"p_{one}" for one in scored.classes]].to_numpy(dtype=float)
    of_true = np.array([columns[i, scored.classes.index(one)] for i, one in enumerate(true)])
    at_least = -np.log(np.where(of_true < 1e-7, 1e-7, of_true))
    square = sum((columns[:, i] - (true == one)) ** 2 for i, one in enumerate(scored.classes))
    if (of_true > 1e-7).all():
        # Single precision leaves sums near 1, and scikit-learn wants 1.
        sums, labels = columns.sum(axis=1, keepdims=True), sorted(scored.classes)
        ordered = (columns / sums)[:, [scored.classes.index(one) for one in labels]]
        known = log_loss(true, ordered, sample_weight=weight, labels=labels)
        given = known - np.average(np.log(sums[:, 0]), weights=weight)
        assert np.isclose(np.average(at_least, weights=weight), given)
    return {
        "log_loss": np.average(at_least, weights=weight),
        "brier": np.average(square, weights=weight) / (2 if len(scored.classes) == 2 else 1),
    }


def headline(scored: Scored) -> tuple[str, float] | None:
    """The first working point at a fixed signal efficiency, of two classes."""
    points = [point for point in scored.points if point[1] == "signal_efficiency"]
    return points[0][0::2][:2] if points and len(scored.classes) == 2 else None


def rejection(scored: Scored, target: float, rows: np.ndarray) -> float:
    events = scored.test.iloc[rows]
    signal = (events["true"] == scored.classes[0]).to_numpy()
    score = events[f"p_{scored.classes[0]}"].to_numpy()
    return 1 - accepted_at(signal, score, events["weight"].to_numpy(), target)


def resampled(scored: Scored, resamplings: int = 80) -> dict[str, np.ndarray]:
    """Bootstrap samples of the metrics without a formula, drawn within classes."""
    generator = np.random.default_rng(5)
    true, weight = scored.test["true"].to_numpy(dtype=str), scored.test["weight"].to_numpy()
    found = {name: [] for name in BOOTSTRAPPED}
    for _ in range(resamplings):
        rows = drawn(true, generator)
        part = Scored(scored.classes, scored.test.iloc[rows], scored.validation, [], scored.report)
        for name, value in losses(part, true[rows], weight[rows]).items():
            found[name].append(value)
        if headline(scored) is not None:
            found["rejection"].append(rejection(scored, headline(scored)[1], rows))
    return {name: np.array(values) for name, values in found.items() if values}


def rejected_from(scored: Scored) -> float:
    """How many events, in effect, the rejection is counted from."""
    return effective(scored.test.loc[scored.test["true"] != scored.classes[0], "weight"])


def drawn_intervals(scored: Scored) -> dict[str, tuple[float, float]]:
    """Ends of the intervals that are drawn, but not from the events."""
    return {
        "balanced_accuracy": balanced_interval(scored),
        "macro_f1": macro_f1_interval(scored),
    }


def balanced_interval(scored: Scored, draws: int = 100_000) -> tuple[float, float]:
    """Quantiles of a mean of beta variables, drawn here; see `intervals.mean_interval`."""
    test, generator = scored.test, np.random.default_rng(11)
    correct = scored.most_probable(test) == test["true"].to_numpy()
    total, value = np.zeros(draws), 0.0
    for one in scored.classes:
        mine = (test["true"] == one).to_numpy()
        k, n, recall, *_ = fraction(correct[mine], test["weight"][mine])
        total += beta.rvs(k + 0.5, n - k + 0.5, size=draws, random_state=generator)
        value += recall
    low, high = np.quantile(total / len(scored.classes), [BELOW, ABOVE])
    return min(low, value / len(scored.classes)), max(high, value / len(scored.classes))


def macro_f1_interval(scored: Scored, draws: int = 100_000) -> tuple[float, float]:
    """Quantiles of macro F1 where what becomes of each class is drawn; see `macro_f1`.

    Fractions are ratios of gamma variables, which makes them a Dirichlet distribution.
    """
    test, generator = scored.test, np.random.default_rng(12)
    predicted, classes = scored.most_probable(test), scored.classes
    true, weight = test["true"].to_numpy(), test["weight"].to_numpy(dtype=float)
    moved = {}
    for one in classes:
        mine = true == one
        number, total = effective(weight[mine]), weight[mine].sum()
        parts = {}
        for other in classes:
            share = weight[mine & (predicted == other)].sum() / total
            extra = 0.5 if one == other else 0.5 / (len(classes) - 1)
            parts[other] = gamma.rvs(share * number + extra, size=draws, random_state=generator)
        everything = sum(parts.values())
        moved |= {(one, other): total * part / everything for other, part in parts.items()}
    found = np.zeros(draws)
    for one in classes:
        precision = moved[one, one] / sum(moved[other, one] for other in classes)
        recall = moved[one, one] / weight[true == one].sum()
        found += 2 * precision * recall / (precision + recall) / len(classes)
    value = metrics(scored)["macro_f1"]["value"]
    low, high = np.quantile(found, [BELOW, ABOVE])
    return min(low, value), max(high, value)


def calibration_error(scored: Scored) -> tuple[float, float, float]:
    """Root mean square of predicted minus true fractions without its bias; interval of the same."""
    test = scored.test
    true, weight = test["true"].to_numpy(), test["weight"].to_numpy(dtype=float)
    cells = []  # class, events, share, predicted, observed - predicted, variance, scale
    for one in scored.curves:
        score = test[f"p_{one}"].to_numpy(dtype=float)
        for _, _, mine in calibration_bins(scored, one):
            w, p = weight[mine], score[mine]
            predicted = np.average(p, weights=w)
            difference = np.average(true[mine] == one, weights=w) - predicted
            variance = (w**2 * p * (1 - p)).sum() / w.sum() ** 2
            scale = (w**2).sum() / w.sum() ** 2
            cells.append((one, mine, w.sum(), predicted, difference, variance, scale))
    share, predicted, difference, variance, scale = (
        np.array([cell[place] for cell in cells]) for place in range(2, 7)
    )
    share = share / share.sum()
    correlation = np.eye(len(cells))
    for i, first in enumerate(cells):
        for j, second in enumerate(cells):
            if first[0] != second[0] and variance[i] * variance[j] > 0:
                both = first[1] & second[1]
                product = test[f"p_{first[0]}"] * test[f"p_{second[0]}"] * weight**2
                covariance = -product[both].sum() / weight[first[1]].sum() / weight[second[1]].sum()
                correlation[i, j] = covariance / np.sqrt(variance[i] * variance[j])
    observed = (share * difference**2).sum()
    shape = difference if observed > 0 else np.sqrt(variance + 1e-12)
    direction = shape / np.sqrt((share * shape**2).sum())

    def moments(error):
        true_fraction = np.clip(predicted + error * direction, 0, 1)
        expected = scale * (true_fraction * (1 - true_fraction) - predicted * (1 - predicted))
        own = np.maximum(expected + variance, 1e-12)
        covariance = correlation * np.sqrt(np.outer(own, own))
        product = np.diag(share) @ covariance
        slope = share * error * direction
        chance = np.trace(product)
        return chance, 2 * np.trace(product @ product) + 4 * slope @ covariance @ slope

    def expected_minus(error):
        return moments(error)[0] + error**2 - observed

    def probability(error):
        chance, spread = moments(error)
        unit = spread / (2 * (chance + 2 * error**2))
        return ncx2.cdf(observed / unit, chance / unit, error**2 / unit)

    def first_zero(rising):
        """Where a function of the error is zero first, in steps as small as its features."""
        if rising(0) >= 0:
            return 0.0
        for start in np.arange(0, 1, 0.01):
            if rising(start + 0.01) >= 0:
                return bisect(rising, start, start + 0.01, xtol=1e-9)
        return 1.0

    value = first_zero(expected_minus)
    low = first_zero(lambda error: ABOVE - probability(error))
    high = first_zero(lambda error: BELOW - probability(error))
    return value, low, max(high, clopper_pearson(0, effective(weight))[1])
