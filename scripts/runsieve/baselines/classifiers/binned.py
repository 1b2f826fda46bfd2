"""A classifier that knows only the bin of one column."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from runsieve.config.base import Edges, Name
from runsieve.config.model import ModelSettings
from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import Arrays, FitSample

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier


class Binned(ModelSettings):
    """Knows only the bin of one column: the class fractions of the training events in that bin."""

    seeded: ClassVar[bool] = False

    type: Literal["binned"]
    column: Name = Field(description="column of the event list")
    edges: Edges

    def columns_seen(self) -> dict[str, list[str]]:
        """The column."""
        return {"column": [self.column]}


def observables(settings: Binned, events: pd.DataFrame, arrays: Arrays) -> np.ndarray:
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

    A bin without training events is treated as the nearest bin that has some, the lower of two.
    """
    from sklearn.tree import DecisionTreeClassifier

    training = sample.split("train")
    tree = DecisionTreeClassifier(random_state=0)
    bins = observables(settings, training, sample.arrays)
    return tree.fit(bins, training["label"], training["weight"])


def smoothed_fractions(tree: "DecisionTreeClassifier", bins: np.ndarray) -> np.ndarray:
    """Class fractions with one event added to each class of a bin, so that none is zero.

    bins: `observables`, shape (events, 1). Returns shape (events, classes). Laplace's rule of
    succession; log losses of small samples would be infinite without it.
    """
    events = tree.tree_.weighted_n_node_samples[tree.apply(bins)][:, None]
    fractions = tree.predict_proba(bins)
    return (events * fractions + 1) / (events + fractions.shape[1])
