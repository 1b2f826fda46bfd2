"""Integrated gradients: the gradient along the way from the baseline to the event.

Sundararajan, Taly and Yan, 'Axiomatic attribution for deep networks', ICML 2017 (arXiv 1703.01365):
the distance of each value from the baseline, times the mean of its gradient on the straight line.
They are complete: their sum is what the log odds of the event and of the baseline differ by.
"""

import numpy as np

from runsieve.networks.explained import VALUES_AT_A_TIME, Explained, Values

TITLE = "integrated gradients"
COMPLETE = True
FIRST, MOST = 16, 4096  # steps


def obstacle(explained: Explained, name: str) -> str | None:
    """None: there is always a gradient."""
    return None


def attribute(explained: Explained, values: Values, labels: np.ndarray) -> Values:
    """Attributions in log odds, complete within the tolerance.

    The steps of the midpoint rule, at first 16, are doubled for those events that are not, up to
    4096.
    """
    baselines = explained.baselines()
    found = {name: np.zeros(one.shape) for name, one in values.items()}
    left = np.arange(len(labels))
    wanted = difference(explained, values, labels)
    steps = FIRST
    while len(left) and steps <= MOST:
        some = {name: one[left] for name, one in values.items()}
        for name, one in _integrated(explained, some, baselines, labels[left], steps).items():
            found[name][left] = one
        left = left[error_of(found, wanted)[left] > explained.tolerance]
        steps *= 2
    return {name: one.astype(np.float32) for name, one in found.items()}


def difference(explained: Explained, values: Values, labels: np.ndarray) -> np.ndarray:
    """Log odds of each event less those of the baseline, shape (events,)."""
    empty = {name: np.repeat(one, len(labels), 0) for name, one in explained.baselines().items()}
    return explained.all_log_odds(values, labels) - explained.all_log_odds(empty, labels)


def error_of(attributions: Values, wanted: np.ndarray) -> np.ndarray:
    """How far attributions are from adding up to `wanted`, relative to it or to 1, (events,)."""
    total = sum(
        one.reshape(len(wanted), -1).sum(axis=1, dtype=float) for one in attributions.values()
    )
    return np.abs(total - wanted) / np.maximum(np.abs(wanted), 1)


def _integrated(
    explained: Explained, values: Values, baselines: Values, labels: np.ndarray, steps: int
) -> Values:
    """The mean gradient at the middles of equal steps, times the distance from the baseline."""
    distance = {name: one - baselines[name] for name, one in values.items()}
    total = {name: np.zeros(one.shape) for name, one in values.items()}
    size = sum(one.size for one in values.values())
    ways = (np.arange(steps, dtype=np.float32) + 0.5) / steps
    for some in np.array_split(ways, min(steps, -(-steps * size // VALUES_AT_A_TIME))):
        between = {
            name: np.concatenate([baselines[name] + way * one for way in some])
            for name, one in distance.items()
        }
        found = explained.gradients(between, np.tile(labels, len(some)))
        for name, one in found.items():
            total[name] += one.reshape(len(some), *values[name].shape).sum(axis=0)
    return {name: distance[name] * one / steps for name, one in total.items()}
