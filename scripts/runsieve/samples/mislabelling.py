"""Wrong labels that are made on purpose, to see what they do."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from runsieve.samples.hashing import hash_of


def mislabel(
    events: pd.DataFrame, fraction: float, classes: Sequence[str], seed: int
) -> pd.DataFrame:
    """The events of a sample, some of which get the label of another class.

    `fraction` of the training and validation events are chosen by a hash of their numbers; with
    several other classes, each is as likely. The column mislabelled says which they are; test
    events keep their label.
    """
    numbers = events.run, events.event, events.channel
    chosen = hash_of(seed, "mislabel", *numbers) / 2.0**64 < fraction
    chosen &= (events["split"] != "test").to_numpy()
    others = np.uint64(len(classes) - 1)
    step = (hash_of(seed, "become", *numbers) % others).astype(np.int64) + 1
    label = events["label"].to_numpy()
    label = np.where(chosen, (label + step) % len(classes), label)
    named = np.array(classes, dtype=object)[label]
    return events.assign(label=label, mislabelled=chosen, **{"class": named})
