"""Fewer training events of a sample, for its learning curve."""

import numpy as np
import pandas as pd

from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.samples.drawing import balanced_weights
from runsieve.samples.hashing import hash_of


def fewer_events(events: pd.DataFrame, number: int, settings: Sample, name: str) -> pd.DataFrame:
    """A sample with at most `number` training events of each class, and all test events.

    Events are taken in the order in which the sample was drawn, so that fewer are a part of more.
    Validation events are reduced by the same factor, as they would be in a smaller data set, but
    each class keeps at least one. Where classes are balanced, weights make them equal. Raises
    RunsieveError if every class has fewer training events than that.
    """
    numbers = events.run, events.event, events.channel
    order = pd.Series(hash_of(settings.seed, "draw", *numbers), events.index)
    cells = [events["split"], events["label"]]
    rank = order.groupby(cells).rank(method="first") - 1
    train = events[events["split"] == "train"].groupby("label").size()
    if (train < number).all():
        raise RunsieveError(
            f"sample {name}: learning_curve: {number} training events of a class, but the largest "
            f"has {train.max()}; take smaller numbers"
        )
    factor = events["label"].map((number / train).clip(upper=1))
    most = factor * events["label"].groupby(cells).transform("size")
    keep = (rank < np.ceil(most - 1e-9)) | (events["split"] == "test")
    kept = events[keep].reset_index(drop=True)
    return kept.assign(weight=balanced_weights(kept, settings))
