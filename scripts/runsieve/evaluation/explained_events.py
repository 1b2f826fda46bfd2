"""The test events that are explained: those that are averaged over, and those that are shown."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from runsieve.evaluation.attribution_table import Means

SHOWN = 2  # of each class, where there is no gallery


def events_to_explain(
    events: pd.DataFrame, classes: Sequence[str], number: int, gallery: Sequence[str] = ()
) -> pd.DataFrame:
    """Test events of a sample that are averaged over or shown.

    With the columns averaged (True or False) and kind (empty: not shown). Averaged: `number` of
    each class, drawn with a fixed seed. Shown: the first of each class and kind of the gallery or,
    without one, the first two of each class that are averaged. gallery: its file, if there is one
    """
    test = events[events["split"] == "test"].reset_index(drop=True)
    rng = np.random.default_rng(0)
    averaged = np.zeros(len(test), bool)
    kinds = np.full(len(test), "", dtype=object)
    for label in range(len(classes)):
        mine = np.flatnonzero(test["label"] == label)
        chosen = np.sort(rng.permutation(mine)[:number])
        averaged[chosen] = True
        if not gallery:
            kinds[chosen[:SHOWN]] = "example"
    for path in gallery:
        for row in pd.read_csv(path).drop_duplicates(["class", "kind"]).to_dict("records"):
            kinds[test["row"] == row["row"]] = row["kind"]
    table = test.assign(averaged=averaged, kind=kinds)
    return table[averaged | (kinds != "")].reset_index(drop=True)


def means_of(
    pulses: Mapping[str, np.ndarray],
    attributions: Mapping[str, np.ndarray],
    labels: np.ndarray,
    classes: int,
) -> dict[str, Means]:
    """Means by input over the events of each class; classes without any have zeros.

    pulses: values without their baseline; attributions: both (events, *shape), by input
    """
    masks = [labels == label for label in range(classes)]

    def mean(values: np.ndarray) -> np.ndarray:
        return np.stack([values[mask].mean(axis=0, dtype=float) for mask in masks])

    return {
        name: Means(
            mean(pulses[name]),
            np.stack([pulses[name][mask].std(axis=0, dtype=float) for mask in masks]),
            mean(one),
            mean(np.abs(one)),
        )
        for name, one in attributions.items()
    }
