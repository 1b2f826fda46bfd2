"""Windows of waveforms: where they are in each event, and taking the values inside of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from runsieve.config.inputs import Input
from runsieve.config.window import Window
from runsieve.expressions import parse_for
from runsieve.runs.arrays import Wanted, evaluated, read_values
from runsieve.runs.trees import Chain

FARTHEST = 2.0**53  # every whole number below it is a double


def wanted_of(
    chain: Chain,
    settings: Input,
    columns: Mapping[str, str],
    channel: int,
    entries: np.ndarray,
    rows: np.ndarray | None = None,
) -> Wanted:
    """Entries of an input (increasing), with the windows and baselines that columns decide.

    chain: the run, with all columns. columns: branch or expression by column, of those that the
    input names. rows: where the entries go in an array (default: one after the other). A start is
    rounded to the nearest whole number, halves upwards.
    """
    rows = np.arange(len(entries)) if rows is None else rows
    values = _Values(chain, columns, channel, entries)
    starts = baselines = None
    if settings.window is not None:
        starts = np.floor(values.of(settings.window.start) + 0.5)
        starts = np.clip(starts, -FARTHEST, FARTHEST)
    if isinstance(settings.baseline, str):
        baselines = values.of(settings.baseline)
    return Wanted(entries, rows, None, starts, baselines)


@dataclass(frozen=True)
class _Values:
    """Evaluates expressions of the columns of some entries."""

    chain: Chain
    columns: Mapping[str, str]
    channel: int
    entries: np.ndarray

    def of(self, text: int | str) -> np.ndarray:
        """A number, or an expression of columns, for each entry; float64, shape (entries,)."""
        if isinstance(text, int):
            return np.full(len(self.entries), float(text))
        expression = parse_for(text, self.channel)
        found = {name: self._column(name) for name in expression.names}
        return evaluated(self.chain.run, expression, found, len(self.entries)).astype(float)

    def _column(self, name: str) -> np.ndarray:
        expression = parse_for(self.columns[name], self.channel)
        found = {one: read_values(self.chain, one, self.entries) for one in expression.names}
        return evaluated(self.chain.run, expression, found, len(self.entries))


@dataclass(frozen=True)
class Cutter:
    """Takes the values of a branch that an input uses.

    window: the part of each segment (None: all); segments: equal parts of the branch
    """

    window: Window | None = None
    segments: int = 1

    @classmethod
    def of(cls, settings: Input) -> "Cutter":
        """The cutter of an input."""
        return cls(settings.window, settings.segments_of_branch)

    def __call__(self, values: np.ndarray, size: int, start: float) -> np.ndarray:
        """The `size` values, of those of one entry, shape (n,), that are in its window.

        start: of the window, in each segment. Raises ValueError if there are not as many.
        """
        window = self.window
        if window is None:
            if values.size != size:
                raise ValueError(f"expected {size}")
            return values
        if np.isnan(start):
            raise ValueError("but the start of its window is not a number")
        first, stop = int(start), int(start) + window.size
        if values.size % self.segments:
            raise ValueError(f"expected {self._least(stop)}")
        parts = values.reshape(self.segments, -1)
        length = parts.shape[1]
        if first >= 0 and stop <= length:
            return parts[:, first:stop].ravel()
        if stop <= 0 or first >= length or not length:
            raise ValueError(f"but its window from {first} to {stop} lies outside of them")
        if window.outside == "pad":
            return parts[:, np.arange(first, stop).clip(0, length - 1)].ravel()
        if first < 0:
            raise ValueError(f"but its window starts at {first}; window.outside: pad would fill it")
        raise ValueError(f"expected {self._least(stop)}")

    def _least(self, stop: int) -> str:
        if self.segments == 1:
            return f"at least {stop}"
        return f"{self.segments} equal segments of at least {stop}"
