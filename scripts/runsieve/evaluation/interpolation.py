"""Points on the ROC curve at exactly a given efficiency or rejection."""

from dataclasses import dataclass

import numpy as np

from runsieve.intervals import jeffreys, resampled_chunks


@dataclass(frozen=True)
class Curve:
    """The ROC curve of two groups of scores, as a line through its distinct signal scores.

    All arrays are in falling order of the score.
    signal: bool, weight: of the events, shape (events,)
    first: index of the first event of each group of equal scores
    """

    signal: np.ndarray
    weight: np.ndarray
    first: np.ndarray

    @classmethod
    def of(cls, signal: np.ndarray, score: np.ndarray, weight: np.ndarray) -> "Curve":
        """signal: bool, score and weight: float, all of shape (events,)."""
        order = np.argsort(-score, kind="stable")
        first = np.flatnonzero(np.diff(score[order], prepend=np.inf) != 0)
        return cls(signal[order], weight[order], first)

    def accepted(self, efficiency: float, counts: np.ndarray | None = None) -> np.ndarray:
        """Fraction of the others that is accepted at a signal efficiency, shape (rows,).

        counts: how often each event counts, shape (rows, events); once by default. Where signal and
        others have equal scores, both are accepted in proportion, as if drawn at random. A score
        that only signal has is a point at half its weight, which makes the efficiency at a signal
        event's score unbiased; between points the curve is linear.
        """
        weights = self.weight[None, :] if counts is None else counts * self.weight
        signal, others = self._nodes(weights)
        place = (signal < efficiency).sum(axis=1).clip(1, signal.shape[1] - 1)
        row = np.arange(len(signal))
        start, end = signal[row, place - 1], signal[row, place]
        low, high = others[row, place - 1], others[row, place]
        width = np.where(end > start, end - start, 1)
        return low + (high - low) * np.clip((efficiency - start) / width, 0, 1)

    def _nodes(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of the curve, from (0, 0) to (1, 1): two for each score that signal has."""
        signal = np.add.reduceat(weights * self.signal, self.first, axis=1)
        others = np.add.reduceat(weights * ~self.signal, self.first, axis=1)
        has_signal = np.logical_or.reduceat(self.signal, self.first)
        alone = ~np.logical_or.reduceat(~self.signal, self.first)[has_signal]
        kept, accepted = (
            np.cumsum(parts, axis=1) / parts.sum(axis=1, keepdims=True)
            for parts in (signal, others)
        )
        nodes = []
        for total, part in ((kept, signal), (accepted, others)):
            part = (part / part.sum(axis=1, keepdims=True))[:, has_signal]
            end = total[:, has_signal]
            start = end - part
            middle = (start + end) / 2
            both = np.stack(
                [np.where(alone, middle, start), np.where(alone, middle, end)], axis=2
            ).reshape(len(end), -1)
            nodes.append(np.pad(both, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1))))
        return nodes[0], nodes[1]

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
