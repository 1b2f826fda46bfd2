"""Intervals, areas and p-values, in the slow and plain way."""

import itertools

import numpy as np
from scipy.optimize import bisect
from scipy.stats import beta, chi2, norm
from scipy.stats import t as student
from sklearn.metrics import roc_auc_score

LEVEL = norm.cdf(1) - norm.cdf(-1)
BELOW, ABOVE = (1 - LEVEL) / 2, (1 + LEVEL) / 2


def effective(weight):
    """Number of unweighted events that tell as much."""
    weight = np.asarray(weight, dtype=float)
    if len(weight) == 0:
        return 0.0
    return len(weight) if (weight == weight[0]).all() else weight.sum() ** 2 / (weight**2).sum()


def clopper_pearson(k, n):
    if n == 0:
        return np.nan, np.nan
    low = 0.0 if k == 0 else beta.ppf(BELOW, k, n - k + 1)
    high = 1.0 if k == n else beta.ppf(ABOVE, k + 1, n - k)
    return low, high


def garwood(count):
    low = 0.0 if count == 0 else chi2.ppf(BELOW, 2 * count) / 2
    return low, chi2.ppf(ABOVE, 2 * (count + 1)) / 2


def fraction(passed, weight):
    """Weighted fraction that passed: k, n (effective numbers), value, low, high."""
    passed, weight = np.asarray(passed, dtype=bool), np.asarray(weight, dtype=float)
    n = effective(weight)
    if n == 0:
        return 0, 0, np.nan, np.nan, np.nan
    value = weight[passed].sum() / weight.sum()
    k = passed.sum() if n == len(weight) else value * n
    return k, n, k / n, *clopper_pearson(min(k, n), n)


def named(name, values):
    """Columns of a value and its interval."""
    return dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))


def area_under_curve(true, scores, weight, classes):
    """Of the signal of two classes; of more, the mean over each class against the rest."""
    curves = classes[:1] if len(classes) == 2 else classes
    areas = [roc_auc_score(true == one, scores[one], sample_weight=weight) for one in curves]
    return float(np.mean(areas))


def influences(true, scores, weight, classes):
    """How far each event moves the area, from all pairs of events (DeLong et al., 1988)."""
    curves = classes[:1] if len(classes) == 2 else classes
    moved = np.zeros(len(true))
    for one in curves:
        score, signal = np.asarray(scores[one]), true == one
        ours, others = weight[signal], weight[~signal]
        first, second = score[signal][:, None], score[~signal][None, :]
        order = (first > second) + 0.5 * (first == second)
        of_signal, of_others = order @ others / others.sum(), ours @ order / ours.sum()
        area = ours @ of_signal / ours.sum()
        moved[signal] += (of_signal - area) / ours.sum() / len(curves)
        moved[~signal] += (of_others - area) / others.sum() / len(curves)
    found = np.zeros(len(true))
    for one in classes:
        mine = true == one
        own, size = weight[mine], effective(weight[mine])
        centred = moved[mine] - own @ moved[mine] / own.sum()
        found[mine] = own * centred * (np.sqrt(size / (size - 1)) if mine.sum() > 1 else np.nan)
    return found


def area_interval(true, scores, weight, classes):
    """Area with the ends that solve (found - A)^2 = k V(A), as documented in `auc_interval`."""
    found = area_under_curve(true, scores, weight, classes)
    smallest, misordered = None, []
    for one in classes[:1] if len(classes) == 2 else classes:
        score, signal = np.asarray(scores[one]), true == one
        above = sum(each <= max(score[~signal]) for each in score[signal])
        below = sum(each >= min(score[signal]) for each in score[~signal])
        misordered.append(min(above, below))
        sizes = effective(weight[signal]), effective(weight[~signal])
        if smallest is None or sizes[0] < smallest[0]:
            smallest = sizes
    m, n = smallest

    def variance(area):
        pairs = (m - 1) * (area / (2 - area) - area**2)
        pairs += (n - 1) * (2 * area**2 / (1 + area) - area**2)
        return (area * (1 - area) + pairs) / (m * n)

    k, count = 1.0, min(misordered)
    measured = (influences(true, scores, weight, classes) ** 2).sum()
    if count > 0 and np.isfinite(measured):
        k = (count * measured / variance(found) + 2) / (count + 2)

    def beyond(area):
        return (found - area) ** 2 - k * variance(area)

    low = 0.0 if found <= 0 else bisect(beyond, 0, found - 1e-12, xtol=1e-13)
    high = 1.0 if found >= 1 else bisect(beyond, found + 1e-12, 1, xtol=1e-13)
    return found, low, high


def p_of_difference(difference, error, events, freedom=np.inf):
    if difference == 0:
        return 1.0
    if np.isnan(error):
        return np.nan
    tail = 0.0 if error == 0 else 2 * student.sf(abs(difference) / error, freedom)
    return max(tail, 2 / 2**events if events < 1000 else 0.0, np.finfo(float).tiny)


def holm(values):
    """The k-th smallest of n p-values times n - k + 1, at most 1 and never below a smaller one."""
    values = list(values)
    known = sorted((p, place) for place, p in enumerate(values) if not np.isnan(p))
    corrected, largest = [np.nan] * len(values), 0.0
    for rank, (p, place) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - rank)))
        corrected[place] = largest
    return corrected


def accepted_at(signal, score, weight, efficiency):
    """Fraction of the others that is accepted where this fraction of the signal is.

    A line from (0, 0) to (1, 1) through the distinct scores of signal events: through both corners
    of a score that others share, through the middle of one that only signal has.
    """
    weight = np.asarray(weight, dtype=float)
    steps: dict[float, list[float]] = {}
    for one, ours, w in zip(score.tolist(), signal.tolist(), weight.tolist(), strict=True):
        steps.setdefault(one, [0.0, 0.0])[0 if ours else 1] += w
    all_signal, all_others = weight[signal].sum(), weight[~signal].sum()
    x, y, nodes = 0.0, 0.0, [(0.0, 0.0)]
    for one in sorted(steps, reverse=True):
        right, up = steps[one][0] / all_signal, steps[one][1] / all_others
        if right > 0 and up > 0:
            nodes += [(x, y), (x + right, y + up)]
        elif right > 0:
            nodes.append((x + right / 2, y))
        x, y = x + right, y + up
    nodes.append((1.0, 1.0))
    for (x0, y0), (x1, y1) in itertools.pairwise(nodes):
        if x1 >= efficiency - 1e-12:
            return y1 if x1 == x0 else y0 + (y1 - y0) * (efficiency - x0) / (x1 - x0)
    raise AssertionError("the curve ends at an efficiency of 1")


def drawn(true, generator):
    """Rows of a bootstrap sample within classes."""
    members = [np.flatnonzero(true == one) for one in sorted(set(true))]
    return np.concatenate([generator.choice(rows, len(rows)) for rows in members])
