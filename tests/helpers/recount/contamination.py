"""How much of the background is signal-like: one bin at a time, derivatives by differences."""

import numpy as np
import pandas as pd
from scipy.optimize import bisect
from scipy.special import ndtr

from helpers.recount.scored import Scored
from helpers.recount.statistics import LEVEL, effective, fraction, named

SMALL = 1e-6  # step of numerical derivatives
FRACTION = 1e-5  # the table of Feldman and Cousins is interpolated by the package
ROUGH = (FRACTION, FRACTION)


def accepted_deviations(distance: float) -> tuple[float, float]:
    """Of Feldman and Cousins (1998): towards a bound at this distance, and away from it."""
    if np.isnan(distance) or distance >= 1:
        return 1.0, 1.0
    distance = max(distance, 1e-9)

    def towards(away):
        return (away**2 + distance**2) / (2 * distance)

    def missing(away):
        return ndtr(towards(away)) - ndtr(-away) - LEVEL

    away = bisect(missing, distance, 1, xtol=1e-13)
    return towards(away), away


def ratio_interval(x, n, y, m, at_most_one: bool) -> tuple[float, float]:
    """Of (x / n) / (y / m) by the score test of Koopman (1984), the likelihood maximised."""

    def tested(place):
        ratio = place / (1 - place)

        def slope(p):
            return (x + y) / p - ratio * (n - x) / (1 - ratio * p) - (m - y) / (1 - p)

        top = min(1, 1 / ratio if ratio > 0 else 1) * (1 - 1e-13)
        fraction = 0.0 if x + y == 0 else top
        if x + y > 0 and slope(top) < 0:
            fraction = bisect(slope, 1e-15, top, xtol=1e-15)
        mine = ratio * fraction
        variance = mine * (1 - mine) / n + ratio**2 * fraction * (1 - fraction) / m
        difference = x / n - ratio * y / m
        statistic = 0.0 if difference == 0 else np.inf * np.sign(difference)
        if difference != 0 and variance > 0:
            statistic = difference / np.sqrt(variance)
        away = np.inf
        if at_most_one:
            away = (1 - ratio) * fraction / np.sqrt(variance) if variance > 0 else 0.0
        return statistic, accepted_deviations(away)

    def halved(side):
        low, high = 0.0, 0.5 if at_most_one else 1.0
        for _ in range(40):
            middle = (low + high) / 2
            statistic, (towards, back) = tested(middle)
            beyond = statistic > (towards if side == "low" else -back)
            low, high = (middle, high) if beyond else (low, middle)
        return low

    low, high = (halved(side) for side in ("low", "high"))
    return low / (1 - low), np.inf if high > 1 - 1e-11 else high / (1 - high)


def covariance(n: float, x: float, y: float) -> np.ndarray:
    """Of the fractions x, y of n events above two cuts."""
    both = min(x, y) - x * y
    return np.array([[x * (1 - x), both], [both, y * (1 - y)]]) / n


def propagated(function, signal, background, covariances) -> float:
    """Variance of a function of two fractions of the signal and two of the background."""
    at, total = np.array([*signal, *background]), 0.0
    steps = SMALL * np.eye(4)
    gradient = [(function(*(at + step)) - function(*(at - step))) / (2 * SMALL) for step in steps]
    for part, matrix in zip((gradient[:2], gradient[2:]), covariances, strict=True):
        total += np.array(part) @ matrix @ np.array(part)
    return max(total, 0.0)


class Bin:
    """Events of one bin: effective numbers above cuts, and what follows from them."""

    def __init__(self, scored: Scored, low: float, high: float):
        signal = scored.classes[0]
        test = scored.test[scored.inside(scored.test, low, high)]
        self.score = test[f"p_{signal}"].to_numpy()
        self.weight = test["weight"].to_numpy(dtype=float)
        self.signal = (test["true"] == signal).to_numpy()
        self.truth = (test["truth"] == signal).to_numpy() if "truth" in test else None
        known = scored.validation[scored.inside(scored.validation, low, high)]
        chosen = known.loc[known["true"] == signal, f"p_{signal}"].to_numpy()
        if len(chosen) < 5:
            chosen = self.score[self.signal]
        self.cuts = [np.nan, np.nan]
        if len(chosen):
            ordered = sorted(chosen, reverse=True)
            self.cuts = [ordered[int(np.ceil(kept * len(ordered))) - 1] for kept in (0.5, 0.25)]

    def above(self, cut: float) -> tuple[float, float, float, float]:
        """Effective numbers: signal above the cut, all signal, background above, all background."""
        found = []
        for mine in (self.signal, ~self.signal):
            n = effective(self.weight[mine])
            passed = self.weight[mine & (self.score >= cut)].sum()
            found += [passed * n / self.weight[mine].sum() if n else 0.0, n]
        return tuple(found)

    @property
    def usable(self) -> bool:
        return self.signal.any() and not self.signal.all()

    def estimate(self, cut: float) -> float:
        s, signals, b, backgrounds = self.above(cut)
        return np.nan if s == 0 or backgrounds == 0 else (b / backgrounds) / (s / signals)

    def unbiased(self, cut: float) -> float:
        s, signals, b, backgrounds = self.above(cut)
        return b / backgrounds * (signals + 1) / (s + 1)

    def smoothed(self, first: float, second: float):
        """Fractions away from 0 and 1 above two cuts, and their covariances."""
        one, two = self.above(first), self.above(second)
        signal, background = (
            ((one[i] + 0.5) / (one[i + 1] + 1), (two[i] + 0.5) / (two[i + 1] + 1)) for i in (0, 2)
        )
        matrices = covariance(one[1], *signal), covariance(one[3], *background)
        return signal, background, matrices

    def share(self, chosen, among) -> float:
        total = self.weight[among].sum()
        return self.weight[chosen & among].sum() / total if total > 0 else np.nan


def contamination(scored: Scored) -> pd.DataFrame:
    bins = [Bin(scored, *edges) for edges in scored.bins()]
    whole = Bin.__new__(Bin)
    for name in ("score", "weight", "signal", "truth"):
        parts = [getattr(one, name) for one in bins]
        setattr(whole, name, None if parts[0] is None else np.concatenate(parts))
    # A bin counts with its background, in proportion.
    share = [one.weight[~one.signal].sum() if one.signal.any() else 0.0 for one in bins]
    share = np.array(share) / (sum(share) or 1)
    rows = []
    for one, (low, high) in zip(bins, scored.bins(), strict=True):
        row = {"variable": scored.variable, "low": low, "high": high, "cut": one.cuts[0]}
        row |= _counts(one) | named("contamination_estimated", _estimated(one))
        value, error = _change(one)
        row |= {"contamination_change": value, "contamination_change_error": error}
        for name, _, _, thresholds in scored.defined:
            threshold = thresholds[scored.classes[0]]
            row |= _at_threshold(one, name, threshold)
            row |= named(f"rejection_{name}_estimated", _rejection([one], [1.0], threshold, False))
        rows.append(row)
    row = {"variable": scored.variable, "low": np.nan, "high": np.nan, "cut": np.nan}
    row |= _counts(whole) | named("contamination_estimated", _estimated_of_all(bins, share))
    row["contamination_change"] = sum(
        part * (one.unbiased(one.cuts[1]) - one.unbiased(one.cuts[0]))
        for one, part in zip(bins, share, strict=True)
        if part > 0
    )
    row["contamination_change_error"] = np.sqrt(
        np.nansum(
            [
                part**2 * _change(one)[1] ** 2
                for one, part in zip(bins, share, strict=True)
                if part > 0
            ]
        )
    )
    for name, _, _, thresholds in scored.defined:
        threshold = thresholds[scored.classes[0]]
        row |= _at_threshold(whole, name, threshold)
        row |= named(f"rejection_{name}_estimated", _rejection(bins, share, threshold, True))
    return pd.DataFrame([*rows, row])


def _counts(one: Bin) -> dict[str, float]:
    found = {"signal": one.signal.sum(), "background": (~one.signal).sum()}
    if one.truth is not None:
        found["contamination_true"] = one.share(one.truth, ~one.signal)
    return found


def _estimated(one: Bin) -> tuple[float, float, float]:
    value = one.estimate(one.cuts[0])
    if not one.usable:
        return np.nan, np.nan, np.nan
    s, signals, b, backgrounds = one.above(one.cuts[0])
    low, high = ratio_interval(b, backgrounds, s, signals, at_most_one=True)
    return min(value, 1), low, high


def _estimated_of_all(bins: list[Bin], share: np.ndarray) -> tuple[float, float, float]:
    mean = below = above = 0.0
    for one, part in zip(bins, share, strict=True):
        if part > 0:
            each = one.unbiased(one.cuts[0])
            s, signals, b, backgrounds = one.above(one.cuts[0])
            low, high = ratio_interval(b, backgrounds, s, signals, at_most_one=False)
            mean += part * each
            below, above = below + (part * (low - each)) ** 2, above + (part * (high - each)) ** 2
    ends = mean, mean - np.sqrt(below), mean + np.sqrt(above)
    return tuple(float(np.clip(end, 0, 1)) for end in ends)


def _change(one: Bin) -> tuple[float, float]:
    value = one.estimate(one.cuts[1]) - one.estimate(one.cuts[0])
    if not one.usable or np.isnan(value):
        return np.nan, np.nan
    parts = one.smoothed(*one.cuts)
    variance = propagated(lambda s, ss, b, bb: bb / ss - b / s, *parts)
    return value, np.sqrt(variance)


def _at_threshold(one: Bin, name: str, threshold: float) -> dict[str, float]:
    passes = one.score >= threshold
    kept = fraction(passes[one.signal], one.weight[one.signal])[2:]
    rejected = fraction(~passes[~one.signal], one.weight[~one.signal])[2:]
    row = {f"threshold_{name}": threshold}
    row |= named(f"efficiency_{name}", kept) | named(f"rejection_{name}", rejected)
    if one.truth is not None:
        row[f"rejection_{name}_true"] = one.share(~passes, ~one.signal & ~one.truth)
    return row


def _rejection(bins, share, threshold: float, combined: bool) -> tuple[float, float, float]:
    """Of noise alone; of all bins from the weighted sums of their terms."""
    excess = noise = 0.0
    used = [(one, part) for one, part in zip(bins, share, strict=True) if part > 0 and one.usable]
    if not used:
        return np.nan, np.nan, np.nan
    for one, part in used:
        cut = one.cuts[0]
        s, signals, b, backgrounds = one.above(cut)
        e, _, a, _ = one.above(threshold)
        if combined:
            kept = (e + 1) / (s + 1) if threshold < cut else (np.nan if s == 0 else e / s)
            term = a / backgrounds - b / backgrounds * kept
            excess += 0.0 if np.isnan(term) else part * term
            noise += part * (1 - one.unbiased(cut))
        else:
            f = one.estimate(cut)
            if not threshold < cut or np.isnan(f):
                return np.nan, np.nan, np.nan
            excess, noise = a / backgrounds - f * e / signals, 1 - f
    if not noise > 0:
        return np.nan, 0.0, 1.0

    def tested(t):
        def left(s, e, b, a):
            return a - b / s * e - t * (1 - b / s)

        variance = sum(
            part**2 * propagated(left, *one.smoothed(one.cuts[0], threshold)) for one, part in used
        )
        error = np.sqrt(variance)
        return (excess - t * noise) / error, accepted_deviations(t * noise / error)

    ends = []
    for side in ("low", "high"):
        low, high = 0.0, 1.0
        for _ in range(25):
            t = (low + high) / 2
            statistic, (towards, back) = tested(t)
            beyond = statistic > (back if side == "low" else -towards)
            low, high = (t, high) if beyond else (low, t)
        ends.append(low if side == "low" else high)
    passes = float(np.clip(excess / noise, 0, 1))
    return 1 - passes, 1 - ends[1], 1 - ends[0]
