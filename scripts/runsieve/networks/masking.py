"""What remains of an event without its pulse, and whether this tells the classes apart."""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from runsieve.config.pulse import Pulse
from runsieve.samples.pulses import segments

PERIODS = (5, 6, 7, 8)  # digitisers interleave few converters; 8 contains 2 and 4
COMPONENTS = 10
FOLDS = 3
FEWEST = 16  # values of a segment below which nothing is tested
FLOOR = 0.1  # quantile of the deviations that counts as noise
ABOVE = 1.1  # deviation, relative to noise, at which a pulse starts
MARGIN = 0.9  # of the values before that, as an edge may be too low to be seen
NOTHING = (0.5, float("nan"))


@dataclass(frozen=True)
class Masked:
    """Separation of the classes by what comes before the pulse.

    auc: largest cross-validated area under the ROC curve of classifiers fitted to it
    network: area that the network reaches if everything else is replaced; mirrored if below 0.5
    error, network_error: standard deviations of both if the classes look alike
    input: the input that separates best
    """

    auc: float
    error: float
    network: float
    network_error: float
    input: str


def without_pulse(values: np.ndarray, pulse: Pulse) -> slice | None:
    """The values of each segment that hold no pulse; None if they cannot be determined.

    values: raw, shape (events, *shape). These are the samples of the baseline if it is measured;
    otherwise, with one axis, the values before the first whose mean absolute deviation over the
    events exceeds the noise, less a margin. An image has no order in time, so that nothing in it is
    known to be free of a pulse.
    """
    if pulse.measured is not None:
        found = slice(*pulse.measured)
    else:
        found = slice(0, _before_pulse(values, pulse) if values.ndim == 2 else 0)
    return found if found.stop - found.start >= FEWEST else None


def _before_pulse(values: np.ndarray, pulse: Pulse) -> int:
    parts = segments(values, pulse).astype(np.float32)
    deviation = np.abs(parts - parts.mean(axis=0)).mean(axis=0)
    noise = np.quantile(deviation, FLOOR, axis=1, keepdims=True)
    limit = noise * max(ABOVE, 1 + 6 / np.sqrt(len(values)))
    seen = ((deviation > limit) | (noise <= 0)).any(axis=0)
    return int(MARGIN * seen.argmax()) if seen.any() else 0


def masked(values: np.ndarray, pulse: Pulse, kept: slice, seed: int) -> np.ndarray:
    """Events in which all but the `kept` values of each segment are drawn from these.

    values: shape (events, *shape); returns the same shape and type.
    """
    parts = segments(values, pulse).copy()
    others = np.delete(np.arange(parts.shape[2]), kept)
    generator = np.random.default_rng(seed)
    drawn = generator.integers(kept.start, kept.stop, size=(parts.shape[1], len(others)))
    for segment in range(parts.shape[1]):
        parts[:, segment, others] = parts[:, segment, drawn[segment]]
    return parts.reshape(values.shape)


def features(kept: np.ndarray, seed: int) -> np.ndarray:
    """Generic numbers of the values before the pulse, shape (events, n).

    kept: shape (events, segments, values). Mean, deviation, extremes and slope of each segment; its
    values folded with small periods, and the deviation of these; leading components of all values.
    """
    from sklearn.decomposition import PCA

    mean, centred = kept.mean(axis=2), _centred(kept)
    time = np.linspace(-1, 1, kept.shape[2], dtype=np.float32)
    found = [mean, centred.std(axis=2), centred.min(axis=2), centred.max(axis=2), centred @ time]
    for period in PERIODS:
        whole = centred[:, :, : kept.shape[2] // period * period]
        folded = whole.reshape(*kept.shape[:2], -1, period).mean(axis=2)
        found += [folded.reshape(len(kept), -1), folded.std(axis=2)]
    flat = centred.reshape(len(kept), -1)
    count = min(COMPONENTS, len(kept) - 1, flat.shape[1] - 1)
    components = PCA(count, svd_solver="randomized", random_state=seed)
    return np.concatenate([*found, components.fit_transform(flat)], axis=1)


def _centred(kept: np.ndarray) -> np.ndarray:
    """Values less the mean of their segment, float32."""
    return (kept - kept.mean(axis=2, keepdims=True)).astype(np.float32)


def separation(kept: np.ndarray, labels: np.ndarray, seed: int) -> tuple[float, float]:
    """Largest cross-validated area under the ROC curve, and its error if classes look alike.

    kept: shape (events, segments, values). Each class is told from the others by a logistic
    regression on `features` and their squares, and by the difference of the mean values of the
    classes. The area is the mean over 3 folds; its error is that of `area_error`. (0.5, nan) if a
    class has fewer than two events for each fold.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold
    from sklearn.preprocessing import StandardScaler

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    names = np.unique(labels)
    results = []
    # Many small problems: several threads would only wait for each other.
    with threadpool_limits(1):
        flat = _centred(kept).reshape(len(kept), -1)
        linear = StandardScaler().fit_transform(features(kept, seed))
        found = StandardScaler().fit_transform(np.hstack([linear, linear**2]))
        for label in names[1:] if len(names) == 2 else names:
            true = labels == label
            if min(true.sum(), (~true).sum()) < 2 * FOLDS:
                continue
            areas = []  # one row per fold
            for train, test in folds.split(found, true):
                of_class, others = train[true[train]], train[~true[train]]
                template = flat[of_class].mean(axis=0) - flat[others].mean(axis=0)
                fitted = LogisticRegression(C=0.01, max_iter=200).fit(found[train], true[train])
                scores = flat[test] @ template, fitted.decision_function(found[test])
                areas.append([roc_auc_score(true[test], one) for one in scores])
            results.append((float(np.mean(areas, axis=0).max()), area_error(true)))
    return max(results, default=NOTHING)


def area_error(true: np.ndarray) -> float:
    """Standard deviation of the area under the ROC curve of scores that know nothing of `true`.

    That of the statistic of Mann and Whitney, Ann. Math. Stat. 18 (1947) 50.
    """
    one, other = int(true.sum()), int((~true).sum())
    return float(np.sqrt((one + other + 1) / (12 * one * other)))


def scores_separate(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Area under the ROC curve of the class that scores tell best from the others, and its error.

    probabilities: shape (events, classes). Areas below 0.5 are mirrored. The error is that of
    `area_error`; (0.5, nan) if there is only one class.
    """
    from sklearn.metrics import roc_auc_score

    found = []
    for label in np.unique(labels):
        true = labels == label
        if not true.all():
            area = 0.5 + abs(float(roc_auc_score(true, probabilities[:, label])) - 0.5)
            found.append((area, area_error(true)))
    return max(found, default=NOTHING)
