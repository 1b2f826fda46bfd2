"""Scores of a range of entries, as branches of a friend tree and as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.base import SPLITS
from runsieve.config.working_point import WorkingPoint
from runsieve.evaluation.predictions import most_probable, read_predictions
from runsieve.evaluation.working_points import Decision, decisions
from runsieve.runs.columns import EVENT
from runsieve.scoring.drawn import UNDRAWN
from runsieve.scoring.reading import Part

NOT_SCORED = -1  # of decisions, where there is no score


@dataclass(frozen=True)
class Branches:
    """Names and types of the branches of a friend tree.

    prefixes: by channel, how the names of its branches begin
    classes: names, in the order of the probabilities; decisions: at the working points
    kept: columns of the table
    """

    prefixes: Mapping[int, str]
    classes: Sequence[str]
    decisions: Sequence[Decision]
    kept: Sequence[str] = ()

    @classmethod
    def of(
        cls,
        prefixes: Mapping[int, str],
        classes: Sequence[str],
        points: Mapping[str, Mapping[str, Any]],
        scores: str | Path,
        kept: Sequence[str],
    ) -> "Branches":
        """From plain values.

        points: the working points; scores: of the sample, on whose validation events thresholds are
        chosen
        """
        chosen = {name: WorkingPoint(**one) for name, one in points.items()}
        found = decisions(chosen, read_predictions(scores, classes))
        return cls({int(channel): one for channel, one in prefixes.items()}, classes, found, kept)

    @property
    def types(self) -> dict[str, np.dtype]:
        """Types by branch."""
        found = {"run": np.dtype(np.int64), EVENT: np.dtype(np.int64)}
        for prefix in self.prefixes.values():
            found |= {f"{prefix}score_{name}": np.dtype(np.float32) for name in self.classes}
            found |= {f"{prefix}{name}": np.dtype(np.int8) for name in self.passing}
            others = ("selected", "split", *(["class"] if len(self.classes) > 2 else []))
            found |= {f"{prefix}{name}": np.dtype(np.int8) for name in others}
        return found

    @property
    def passing(self) -> dict[str, tuple[Decision, int]]:
        """Branch of each decision, and the class that it accepts or rejects.

        Of two classes it is the signal; of more there is one of each.
        """
        found = {}
        for decision in self.decisions:
            if decision.settings is None:
                continue
            for place in range(len(decision.thresholds)):
                name = f"pass_{decision.name}"
                name += f"_{self.classes[place]}" if len(self.classes) > 2 else ""
                found[name] = (decision, place)
        return found


@dataclass
class Scored:
    """Scores of the entries of a part; without, a probability is NaN and a decision -1.

    probability: by channel, float32 of shape (entries, classes); fold: by channel, whose model gave
    them (0 without folds), and split: place in `SPLITS`, or -1; both of shape (entries,)
    """

    part: Part
    branches: Branches
    probability: dict[int, np.ndarray] = field(default_factory=dict)
    fold: dict[int, np.ndarray] = field(default_factory=dict)
    split: dict[int, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        entries, classes = self.part.chunk.entries, len(self.branches.classes)
        for channel in self.branches.prefixes:
            self.probability[channel] = np.full((entries, classes), np.nan, np.float32)
            self.fold[channel] = np.zeros(entries, np.int64)
            self.split[channel] = np.full(entries, UNDRAWN, np.int8)

    def decided(self, channel: int) -> dict[str, np.ndarray]:
        """1 where an event passes, 0 where it does not, -1 without score; int8, by branch."""
        found = {}
        for name, (decision, place) in self.branches.passing.items():
            score = self.probability[channel][:, place].astype(float)
            limit = _limits(decision, place, self.fold[channel])
            known = ~np.isnan(score) & ~np.isnan(limit)
            found[name] = np.where(known, score >= limit, NOT_SCORED).astype(np.int8)
        return found

    def most_probable(self, channel: int) -> np.ndarray:
        """Index of the most probable class, -1 without score; int8, shape (entries,)."""
        probability = self.probability[channel]
        known = ~np.isnan(probability[:, 0])
        found = np.full(len(probability), NOT_SCORED, np.int8)
        found[known] = most_probable(probability[known])
        return found

    def of_tree(self, run: int) -> dict[str, np.ndarray]:
        """The branches of all entries."""
        entries = self.part.chunk.entries
        found = {"run": np.full(entries, run, np.int64), EVENT: self.part.events.astype(np.int64)}
        for channel, prefix in self.branches.prefixes.items():
            probability = self.probability[channel]
            for place, name in enumerate(self.branches.classes):
                found[f"{prefix}score_{name}"] = probability[:, place]
            found |= {f"{prefix}{name}": one for name, one in self.decided(channel).items()}
            found[f"{prefix}selected"] = self.part.selected[channel].astype(np.int8)
            found[f"{prefix}split"] = self.split[channel]
            if len(self.branches.classes) > 2:
                found[f"{prefix}class"] = self.most_probable(channel)
        return found

    def of_table(self, run: int) -> pd.DataFrame:
        """The entries and channels with a score, sorted by entry and channel.

        Columns: run, entry, event, channel, selected, split (empty where nothing was drawn), the
        kept columns, p_CLASS, of more than two classes the most probable one as class, and a
        decision per working point as in the tree (true or false).
        """
        names = np.array([*SPLITS, ""], dtype=object)  # the last is that of UNDRAWN, -1
        parts = []
        for channel in self.branches.prefixes:
            probability = self.probability[channel]
            places = np.flatnonzero(~np.isnan(probability[:, 0]))
            columns = self.part.chunk.columns[channel]
            parts.append(
                pd.DataFrame(
                    {
                        "run": np.full(len(places), run),
                        "entry": self.part.chunk.start + places,
                        "event": self.part.events[places].astype(np.int64),
                        "channel": np.full(len(places), channel),
                        "selected": self.part.selected[channel][places],
                        "split": names[self.split[channel][places]],
                        **{name: columns[name][places] for name in self.branches.kept},
                        **{
                            f"p_{name}": probability[places, label]
                            for label, name in enumerate(self.branches.classes)
                        },
                        **self._classes(channel, places),
                        **{name: one[places] == 1 for name, one in self.decided(channel).items()},
                    }
                )
            )
        table = pd.concat(parts, ignore_index=True)
        return table.sort_values(["entry", "channel"], ignore_index=True)

    def _classes(self, channel: int, places: np.ndarray) -> dict[str, np.ndarray]:
        if len(self.branches.classes) == 2:
            return {}
        names = np.array(self.branches.classes, dtype=object)
        return {"class": names[self.most_probable(channel)[places]]}


def _limits(decision: Decision, place: int, fold: np.ndarray) -> np.ndarray:
    """Threshold that each event is compared with, NaN where there is none; shape (events,)."""
    if not decision.by_fold:
        found = decision.thresholds[place]
        return np.full(len(fold), np.nan if found is None else found)
    limits = np.full(len(fold), np.nan)
    for number, of_class in decision.by_fold.items():
        if of_class[place] is not None:
            limits[fold == number] = of_class[place]
    return limits
