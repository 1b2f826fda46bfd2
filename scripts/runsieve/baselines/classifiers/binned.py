"""A classifier that knows only the bin of one column."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from runsieve.config.base import Edges, Name
from runsieve.config.model import ModelSettings
from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import Arrays, FitSample

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier


class Binned(ModelSettings):
    """Knows only the bin of one column: predicts its class fractions among the training events."""

    seeded: ClassVar[bool] = False

    type: Literal["binned"]
    column: Name = Field(description="column of the event list")
    edges: Edges

    def columns_seen(self) -> dict[str, list[str]]:
        """The column."""
        return {"column": [self.column]}


def observables(
    settings: Binned, events: pd.DataFrame, arrays: Arrays, pulses: Mapping[str, Pulse]
) -> np.ndarray:
    """Bin of each event, shape (events, 1): 0 below the lowest edge, len(edges) above the highest.

    Raises RunsieveError if the sample lacks the column, or if the column holds NaN.
    """
    if settings.column not in events.columns:
        raise RunsieveError(
            f"baseline: no column {settings.column} in the sample; "
            f"columns: {', '.join(map(str, events.columns))}"
        )
    values = events[settings.column].to_numpy(dtype=float)
    if np.isnan(values).any():
        raise RunsieveError(
            f"baseline: column {settings.column} is NaN in {np.count_nonzero(np.isnan(values))} "
            f"of {len(values)} events, numbers were expected"
        )
    return np.digitize(values, settings.edges.array())[:, None]


def fit(settings: Binned, sample: FitSample, seed: int) -> "DecisionTreeClassifier":
    """A tree with one leaf per bin, so that its probabilities are the weighted class fractions.

    A bin without training events is treated as the nearest bin that has some; on a tie, the lower.
    """
    from sklearn.tree import DecisionTreeClassifier

    training = sample.split("train")
    tree = DecisionTreeClassifier(random_state=0)
    bins = observables(settings, training, sample.arrays, sample.pulses)
    return tree.fit(bins, training["label"], training["weight"])


def smoothed_fractions(settings: Binned, sample: FitSample, events: pd.DataFrame) -> np.ndarray:
    """Class fractions after adding one event of each class to every bin, so that none is zero.

    Returns shape (events, classes). This is Laplace's rule of succession; without it, log losses of
    small samples could be infinite. Bins without training events are treated as in `fit`. The tree
    cannot be used here, because it merges neighbouring bins whose events are all of one class.
    """
    training = sample.split("train")
    bins = observables(settings, training, {}, {})[:, 0]
    counts = np.zeros((len(settings.edges.array()) + 1, len(sample.classes)))
    np.add.at(counts, (bins, training["label"].to_numpy(dtype=int)), training["weight"])
    filled = np.flatnonzero(counts.sum(axis=1))
    nearest = filled[np.abs(observables(settings, events, {}, {}) - filled).argmin(axis=1)]
    counts = counts[nearest]
    return (counts + 1) / (counts.sum(axis=1, keepdims=True) + counts.shape[1])
