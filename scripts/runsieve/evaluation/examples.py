"""Examples of test events: those most wrongly classified, undecided ones, and typical ones."""

import numpy as np
import pandas as pd

from runsieve.evaluation.evaluated import Evaluated
from runsieve.evaluation.metrics import headline_of
from runsieve.evaluation.predictions import Predictions
from runsieve.evaluation.working_points import MOST_PROBABLE, Decision

WORST, UNDECIDED, TYPICAL = KINDS = ("worst", "undecided", "typical")


def deciding(evaluated: Evaluated) -> Decision:
    """The decision by which examples are chosen: the one that rejections are compared at.

    With more than two classes the most probable class; of two classes the first working point, if
    none is at a fixed signal efficiency, and the score 0.5 if no threshold could be chosen.
    """
    found = [headline_of(evaluated), *evaluated.assigning]
    usable = (one for one in found if one is not None and one.defined)
    return next(usable, Decision(MOST_PROBABLE, None, ()))


def choose_examples(events: Predictions, decision: Decision, number: int) -> pd.DataFrame:
    """At most `number` events of each class and kind; no event is chosen twice.

    Columns place (index into `events`), class, kind and assigned (class by the decision), and one
    row per example, by class, kind and rank:

    - worst: wrongly classified, the furthest from being right first. Of several classes that a
      class is mistaken for, the worst of each comes before the next of any, the commonest first
    - undecided: nearest to the threshold; of several classes, with the smallest difference of the
      two highest probabilities
    - typical: rightly classified, with the score (see `Predictions.score`) nearest to the median of
      those

    Among equal events, the first ones are chosen.
    """
    assigned = decision.assigned(events)
    right, distance = assigned == events.true, _distance(events, decision)
    parts = []
    for label, name in enumerate(events.classes):
        mine = np.flatnonzero(events.true == label)
        correct = mine[right[mine]]
        orders = {
            WORST: _worst(mine[~right[mine]], assigned, events, distance),
            UNDECIDED: mine[np.argsort(distance[mine], kind="stable")],
            TYPICAL: _nearest_to_median(correct, events.score),
        }
        taken = np.empty(0, dtype=int)
        for kind in KINDS:
            order = orders[kind]
            chosen = order[~np.isin(order, taken)][:number]
            taken = np.concatenate([taken, chosen])
            of = [events.classes[index] for index in assigned[chosen]]
            parts.append(
                pd.DataFrame({"place": chosen, "class": name, "kind": kind, "assigned": of})
            )
    return pd.concat(parts, ignore_index=True)


def _distance(events: Predictions, decision: Decision) -> np.ndarray:
    """How far each event is from being assigned to another class, shape (events,)."""
    if events.binary:
        thresholds = decision.of_events(events, 0)
        return np.abs(events.score - np.where(np.isnan(thresholds), 0.5, thresholds))
    highest = np.sort(events.probability, axis=1)
    return highest[:, -1] - highest[:, -2]


def _worst(
    wrong: np.ndarray, assigned: np.ndarray, events: Predictions, distance: np.ndarray
) -> np.ndarray:
    """Places of wrongly classified events in the order in which they are examples."""
    behind = distance[wrong]
    if not events.binary:
        of = events.probability[wrong]
        rows = np.arange(len(wrong))
        behind = of[rows, assigned[wrong]] - of[rows, events.true[wrong]]
    table = pd.DataFrame({"place": wrong, "as": assigned[wrong], "behind": -behind})
    table = table.sort_values("behind", kind="stable")
    by_pair = table.groupby("as")["place"]
    table = table.assign(rank=by_pair.cumcount(), rare=-by_pair.transform("size"))
    return table.sort_values(["rank", "rare", "behind"], kind="stable")["place"].to_numpy()


def _nearest_to_median(places: np.ndarray, score: np.ndarray) -> np.ndarray:
    if not len(places):
        return places
    away = np.abs(score[places] - np.median(score[places]))
    return places[np.argsort(away, kind="stable")]
