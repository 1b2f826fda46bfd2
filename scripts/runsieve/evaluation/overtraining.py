"""Overtraining: whether training events score like test events of the same class."""

from typing import Any

import numpy as np
import pandas as pd

from runsieve.evaluation.auc import area
from runsieve.evaluation.holm import holm
from runsieve.evaluation.predictions import Predictions


def overtraining_table(events: Predictions) -> pd.DataFrame:
    """One row per class: the scores of its training and test events, compared.

    class, train, test: name and numbers of events
    distance: largest difference of the weighted distributions of the score (Kolmogorov-Smirnov)
    p: probability of a distance that large if the training events were not known to the model
    p_holm: p, corrected for the number of classes
    auc_train, auc_test: of all classes, thus equal in every row

    The score is the probability of the signal (two classes) or of the true class (more). Blank
    without training events, as with folds.
    """
    train, test = events.part("train"), events.part("test")
    rows = [_row(index, name, train, test) for index, name in enumerate(events.classes)]
    table = pd.DataFrame(rows)
    areas = {f"auc_{name}": _area(one) for name, one in (("train", train), ("test", test))}
    table.insert(5, "p_holm", holm(table["p"]))
    return table.assign(**areas)


def overtraining(table: pd.DataFrame) -> dict[str, Any]:
    """The table as part of a summary: by class, and None for what is blank."""
    known = table.astype(object).where(table.notna(), None).set_index("class")
    areas = known[["auc_train", "auc_test"]].iloc[0].to_dict()
    return {"p_holm": known["p_holm"].to_dict(), "distance": known["distance"].to_dict(), **areas}


def _row(index: int, name: str, train: Predictions, test: Predictions) -> dict[str, float]:
    mine = [one.where(one.true == index) for one in (train, test)]
    distance, p = np.nan, np.nan
    if all(map(len, mine)):
        distance, p = kolmogorov_smirnov(*((one.score, one.weight) for one in mine))
    return {
        "class": name,
        "train": len(mine[0]),
        "test": len(mine[1]),
        "distance": distance,
        "p": p,
    }


def kolmogorov_smirnov(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
) -> tuple[float, float]:
    """Largest difference of two weighted empirical distributions, and its p-value.

    first, second: values and weights, each of shape (events,). The p-value is that of a single
    sample of n m / (n + m) events (Hodges, Ark. Mat. 3 (1958) 469, as in `scipy.stats.ks_2samp`),
    where n and m are the effective numbers of events (sum w)^2 / sum w^2 (Monahan, Numerical
    Methods of Statistics (2001) 358, as in ROOT). Equal values make it too large, never too small.
    """
    from scipy.stats import kstwo  # here, as it takes half a second

    places = np.unique(np.concatenate([first[0], second[0]]))
    (one, n), (other, m) = (_distribution(*sample, places) for sample in (first, second))
    distance = float(np.abs(one - other).max())
    events = max(1, round(n * m / (n + m)))
    return distance, float(kstwo.sf(distance, events))


def _distribution(
    value: np.ndarray, weight: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, float]:
    """Fraction of the weight up to each place, and the effective number of events."""
    summed = np.bincount(np.searchsorted(places, value), weight, len(places)).cumsum()
    return summed / summed[-1], float(weight.sum() ** 2 / (weight**2).sum())


def _area(events: Predictions) -> float:
    complete = np.bincount(events.true, minlength=len(events.classes)).all()
    return area(events).value if complete else np.nan
