"""Event selection: which entries of a run pass the cuts, and how many each cut removes."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from runsieve.config.selection import ALL
from runsieve.errors import RunsieveError
from runsieve.expressions import parse_for
from runsieve.runs.columns import Chunk

Steps = Mapping[str, str]
COUNTS = ("passed", "passed_alone", "passed_others")


class OtherRunError(RunsieveError):
    """A file holds events of another run than the run sheet says."""


class CutFlow:
    """Counts of one class in one channel for each step; step `all` counts every hit.

    hit: what holds in an entry in which the channel was hit; if None, every entry counts
    passed: hits that pass all steps up to this one
    passed_alone: hits that pass this step, whatever the others say
    passed_others: hits that pass every step but this one; for `all`, every step there is

    `{channel}` in a cut is replaced by the channel number.
    """

    def __init__(self, steps: Steps, channel: int, hit: str | None = None) -> None:
        self.cuts = {ALL: hit or "", **steps}
        self.expressions = {step: parse_for(cut, channel) for step, cut in self.cuts.items() if cut}
        self.passed = dict.fromkeys(self.cuts, 0)
        self.passed_alone = dict.fromkeys(self.cuts, 0)
        self.passed_others = dict.fromkeys(self.cuts, 0)

    def apply(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Count one chunk; return which of its entries pass all steps, shape (entries,)."""
        entries = len(next(iter(columns.values())))
        hit = np.broadcast_to(self._passes(ALL, columns), entries)
        alone = [hit & self._passes(step, columns) for step in self.cuts]
        # Before and after each step: what passes all earlier steps, and all later ones.
        before = [hit]
        for passes in alone:
            before.append(before[-1] & passes)
        after = hit
        for place, step in reversed(list(enumerate(self.cuts))):
            self.passed[step] += int(before[place + 1].sum())
            self.passed_alone[step] += int(alone[place].sum())
            self.passed_others[step] += int((before[place] & after).sum())
            after = after & alone[place]
        return before[-1]

    def _passes(self, step: str, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        expression = self.expressions.get(step)
        return np.True_ if expression is None else expression.evaluate(columns) != 0

    def table(self) -> pd.DataFrame:
        """One row per step: step, cut, passed, passed_alone, passed_others."""
        counts = {name: getattr(self, name).values() for name in COUNTS}
        return pd.DataFrame({"step": self.cuts.keys(), "cut": self.cuts.values(), **counts})


class Selector:
    """Applies the steps of every class to the chunks of a run and counts what passes."""

    def __init__(
        self,
        run: int,
        classes: Mapping[str, Steps],
        channels: Iterable[int],
        keep: Iterable[str],
        hit: str | None = None,
    ) -> None:
        self.run = run
        self.keep = list(keep)
        self.flows = {
            (channel, name): CutFlow(steps, channel, hit)
            for channel in channels
            for name, steps in classes.items()
        }

    def select(self, chunks: Iterable[Chunk]) -> Iterator[pd.DataFrame]:
        """One event list per chunk: run, entry, event, channel, class and the kept columns.

        Rows are sorted by entry and channel. Raises RunsieveError if an event is of two classes,
        or if a run number in the file is not that of the run sheet.
        """
        for chunk in chunks:
            require_run(self.run, chunk)
            lists = [self._list(chunk, *key) for key in self.flows]
            events = pd.concat(lists, ignore_index=True)
            events = events.sort_values(["entry", "channel"], ignore_index=True)
            self._require_one_class(events)
            yield events

    def cutflow(self) -> pd.DataFrame:
        """One row per channel, class and step; columns run, channel, class, step, cut, `COUNTS`."""
        tables = [
            flow.table().assign(run=self.run, channel=channel, **{"class": name})
            for (channel, name), flow in self.flows.items()
        ]
        order = ["run", "channel", "class", "step", "cut", *COUNTS]
        return pd.concat(tables, ignore_index=True)[order]

    def _list(self, chunk: Chunk, channel: int, name: str) -> pd.DataFrame:
        columns = chunk.columns[channel]
        passed = np.flatnonzero(self.flows[channel, name].apply(columns))
        listed = {
            "run": np.full(len(passed), self.run),
            "entry": chunk.start + passed,
            "event": columns["event"][passed],
            "channel": np.full(len(passed), channel),
            "class": np.full(len(passed), name, dtype=object),
        }
        return pd.DataFrame(listed | {column: columns[column][passed] for column in self.keep})

    def _require_one_class(self, events: pd.DataFrame) -> None:
        twice = events.duplicated(["entry", "channel"])
        if twice.any():
            first = events[twice].iloc[0]
            names = events[(events.entry == first.entry) & (events.channel == first.channel)][
                "class"
            ]
            raise RunsieveError(
                f"run {self.run}: event {first.event} in channel {first.channel} belongs to the "
                f"classes {' and '.join(names)}; give them cuts that exclude each other"
            )


def require_run(run: int, chunk: Chunk) -> None:
    """Raise OtherRunError if an entry has a run number, and another than that of the run sheet."""
    found = next(iter(chunk.columns.values())).get("run")
    if found is not None and (found != run).any():
        other = found[np.flatnonzero(found != run)[0]]
        raise OtherRunError(
            f"run {run}: its file holds events of run {other:.0f}; correct the run sheet"
        )
