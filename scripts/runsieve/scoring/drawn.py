"""The events of a run that a sample has drawn: in which split they are, and in which fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.base import SPLITS
from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.samples.drawing import fold_of

UNDRAWN = -1  # split of an event that nothing was trained, chosen or tested on


@dataclass(frozen=True)
class Drawn:
    """The drawn events of one run.

    events: columns entry, event, channel, split and, with folds, fold; sorted by entry
    settings: of the sample
    """

    events: pd.DataFrame
    settings: Sample

    @classmethod
    def read(cls, path: str | Path, run: int, settings: Mapping[str, Any]) -> "Drawn":
        """From the events of a sample (parquet) and its settings as plain values."""
        return cls.of(pd.read_parquet(path), run, Sample.model_validate(settings))

    @classmethod
    def of(cls, events: pd.DataFrame, run: int, settings: Sample) -> "Drawn":
        """events: of the sample, of all runs."""
        return cls(events[events["run"] == run].sort_values("entry"), settings)

    def splits(self, channel: int, entries: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        """Place in `SPLITS` of each event, or `UNDRAWN`; int8, shape (events,).

        With folds every drawn event is one of test: a model scores it that has not seen it.
        entries: increasing; numbers: of the events. Raises RunsieveError if an entry holds another
        event than when the sample was drawn.
        """
        mine, place, known = self._found(channel, entries)
        found = np.full(len(entries), UNDRAWN, np.int8)
        if not known.any():
            return found
        wrong = np.flatnonzero(known & (mine["event"].to_numpy()[place] != numbers))
        if len(wrong):
            entry = entries[wrong[0]]
            raise RunsieveError(
                f"run {mine['run'].iloc[0]}: entry {entry} holds event {numbers[wrong[0]]}, but "
                f"event {mine['event'].to_numpy()[place[wrong[0]]]} was drawn from it; the file "
                "has changed since; run `snakemake` to draw the sample anew"
            )
        code = mine["split"].map(SPLITS.index).to_numpy(np.int8)
        if "fold" in mine:
            code[:] = SPLITS.index("test")
        found[known] = code[place[known]]
        return found

    def folds(
        self, run: int, channel: int, entries: np.ndarray, columns: pd.DataFrame
    ) -> np.ndarray:
        """Fold, 1 to n, whose model scores each event, shape (events,).

        Of a drawn event it is the one that tests it; of others it follows from the same hash.
        columns: event and, if folds follow one, the column of the group
        """
        group = self.settings.split.group
        keys: Sequence[pd.Series]
        if group is None:
            keys = [pd.Series(run, columns.index), columns["event"]]
        else:
            bits = (columns[group].to_numpy(np.float64) + 0.0).view(np.uint64)
            keys = [pd.Series(bits, columns.index)]
        found = fold_of(keys, self.settings)
        mine, place, known = self._found(channel, entries)
        found[known] = mine["fold"].to_numpy()[place[known]]
        return found

    def _found(
        self, channel: int, entries: np.ndarray
    ) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """The drawn events of a channel, the place of each entry in them, and if it is there."""
        mine = self.events[self.events["channel"] == channel]
        if mine.empty:
            return mine, np.zeros(len(entries), int), np.zeros(len(entries), bool)
        drawn = mine["entry"].to_numpy()
        place = np.searchsorted(drawn, entries).clip(max=len(drawn) - 1)
        return mine, place, drawn[place] == entries
