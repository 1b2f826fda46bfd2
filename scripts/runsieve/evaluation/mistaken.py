"""Test events that are mistaken, by pair of classes."""

import numpy as np
import pandas as pd

from runsieve.evaluation.predictions import Predictions

KIND = "mistaken"


def choose_mistaken(events: Predictions, pairs: int, number: int) -> pd.DataFrame:
    """Events of the pairs of classes (true, most probable) that are mistaken most often.

    At most `number` events of each of at most `pairs` pairs, the most certain mistakes first: those
    whose probability is largest in favour of the wrong class. Pairs of equal size are in the order
    of the classes. Columns: place (index into `events`), class, assigned, kind, mistaken (events of
    the pair) and of (events of the true class).
    """
    true, assigned = events.true, events.predicted
    rows = np.arange(len(events))
    behind = events.probability[rows, assigned] - events.probability[rows, true]
    table = pd.DataFrame({"place": rows, "true": true, "as": assigned, "behind": -behind})
    table["of"] = table.groupby("true")["place"].transform("size")
    wrong = table[true != assigned]
    sizes = wrong.groupby(["true", "as"]).size().sort_values(ascending=False, kind="stable")
    parts = []
    for (of, taken), size in sizes.head(pairs).items():
        mine = wrong[(wrong["true"] == of) & (wrong["as"] == taken)]
        mine = mine.sort_values("behind", kind="stable").head(number)
        named = {"class": events.classes[of], "assigned": events.classes[taken], "kind": KIND}
        parts.append(mine[["place", "of"]].assign(**named, mistaken=int(size)))
    columns = ["place", "class", "assigned", "kind", "mistaken", "of"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
