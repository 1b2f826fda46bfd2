"""Points on the ROC curve at exactly a given efficiency or rejection."""

from dataclasses import dataclass

import numpy as np

from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.predictions import Predictions
from runsieve.intervals import jeffreys, resampled_chunks


@dataclass(frozen=True)
class Curve:
    """The ROC curve of two groups of scores, as a line through its distinct signal scores.

    signal: bool, weight: of the events in falling order of the score, shape (events,)
    alone: whether a distinct score of signal is one of signal only, shape (scores,)
    signal_at, others_at: numbers of events above each such score, and from it on, shape (2, scores)
    """

    signal: np.ndarray
    weight: np.ndarray
    alone: np.ndarray
    signal_at: np.ndarray
    others_at: np.ndarray

    @classmethod
    def of(cls, signal: np.ndarray, score: np.ndarray, weight: np.ndarray) -> "Curve":
        """signal: bool, score and weight: float, all of shape (events,)."""
        order = np.argsort(-score, kind="stable")
        signal, weight = signal[order], weight[order]
        first = np.flatnonzero(np.diff(score[order], prepend=np.inf) != 0)
        ends = np.array([first, np.append(first[1:], len(signal))])
        signal_at, others_at = (np.append(0, np.cumsum(one))[ends] for one in (signal, ~signal))
        has_signal = signal_at[0] < signal_at[1]
        signal_at, others_at = signal_at[:, has_signal], others_at[:, has_signal]
        return cls(signal, weight, others_at[0] == others_at[1], signal_at, others_at)

    def accepted(self, efficiency: float, counts: np.ndarray | None = None) -> np.ndarray:
        """Fraction of the others that is accepted at a signal efficiency, shape (rows,).

        counts: how often each event counts, shape (rows, events); once by default. Where signal and
        others have equal scores, both are accepted in proportion, as if drawn at random. A score
        that only signal has is a point at half its weight, which makes the efficiency at a signal
        event's score unbiased; between points the curve is linear.
        """
        weights = self.weight[None, :] if counts is None else counts * self.weight
        kept, taken = (_summed(weights[:, mine]) for mine in (self.signal, ~self.signal))
        wanted = efficiency * kept[:, -1]
        signal, others = self._points_near(wanted, kept, taken)
        place = (signal < wanted[:, None]).sum(axis=1).clip(1, signal.shape[1] - 1)
        row = np.arange(len(signal))
        start, end = signal[row, place - 1], signal[row, place]
        low, high = others[row, place - 1], others[row, place]
        width = np.where(end > start, end - start, 1)
        return (low + (high - low) * np.clip((wanted - start) / width, 0, 1)) / taken[:, -1]

    def _points_near(
        self, wanted: np.ndarray, kept: np.ndarray, taken: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Six points of the curve, two of each of the three scores around the wanted weight.

        wanted: weight of signal, shape (rows,); kept, taken: summed weights of signal and others,
        shape (rows, 1 + their events). Returns the weights of both, each of shape (rows, 6).
        """
        ends = self.signal_at[1]
        reached = kept[:, 1:] if len(ends) == kept.shape[1] - 1 else kept[:, ends]
        near = (reached < wanted[:, None]).sum(axis=1)[:, None] + [-1, 0, 1]
        known = near.clip(0, len(ends) - 1)
        alone, row = self.alone[known], np.arange(len(kept))[:, None]
        found = []
        for total, at in ((kept, self.signal_at), (taken, self.others_at)):
            start, end = (total[row, of_scores[known]] for of_scores in at)
            middle = (start + end) / 2
            two = [np.where(alone, middle, start), np.where(alone, middle, end)]
            both = np.where(
                (near < len(ends))[..., None], np.stack(two, axis=2), total[:, -1:, None]
            )
            found.append(np.where((near < 0)[..., None], 0, both).reshape(len(kept), -1))
        return found[0], found[1]

    def interval(
        self, efficiency: float, bootstrap: int, generator: np.random.Generator
    ) -> tuple[float, float]:
        """Interval of `accepted`, whose threshold is found again in each bootstrap sample.

        The variance of the samples, drawn within both groups, says how many events would measure
        the fraction as well with a known threshold; the interval is that of so many events. This is
        how Korn and Graubard, Survey Methodology 24 (1998) 193, treat fractions of surveys, and it
        has a width where no event is accepted. Quantiles of the samples cover too little there.
        """
        value = float(self.accepted(efficiency)[0])
        samples = [
            self.accepted(efficiency, counts)
            for counts in resampled_chunks(self.signal, bootstrap, generator)
        ]
        others = self.weight[~self.signal]
        events = others.sum() ** 2 / (others**2).sum()
        variance = np.concatenate(samples).var()
        if 0 < value < 1 and variance > 0:
            events = min(events, value * (1 - value) / variance)
        return jeffreys(value * events, events)


def at_target(
    test: Predictions, point: WorkingPoint, index: int, bootstrap: int
) -> dict[str, float]:
    """The rejection at exactly the target efficiency, or the efficiency at exactly the rejection.

    index: of the signal class. The latter is the fraction of the signal that is accepted where
    1 - target of the background is. Returns its value and the ends of its interval, low and high.
    """
    at_efficiency = point.kind == "signal_efficiency"
    first = (test.true == index) == at_efficiency
    curve = Curve.of(first, test.probability[:, index], test.weight)
    given = point.target if at_efficiency else 1 - point.target
    value = float(curve.accepted(given)[0])
    low, high = curve.interval(given, bootstrap, np.random.default_rng(0))
    if at_efficiency:
        value, low, high = 1 - value, 1 - high, 1 - low
    return {"value": value, "low": low, "high": high}


def _summed(weights: np.ndarray) -> np.ndarray:
    """Running sums of each row from 0 on, shape (rows, 1 + events)."""
    sums = np.zeros((len(weights), 1 + weights.shape[1]))
    np.cumsum(weights, axis=1, out=sums[:, 1:])
    return sums
