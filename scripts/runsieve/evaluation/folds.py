"""Cross-fitting: the scores of all folds of a sample as one table."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from runsieve.errors import RunsieveError

EVENT = ["run", "event", "channel", "class"]


def merge_folds(scores: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The scores of models that were each tested on one fold, so that every event is tested once.

    scores: of each fold, in their order, with the same events; see `score_table`

    Test events come first, in the order of the sample, then the validation events of each fold,
    which its thresholds are chosen on; so an event can be in several folds with split validation.
    Training events are left out. Two columns are added: row, that of the event in the sample, and
    fold, 1, 2, …, of the model that gave the scores. Raises RunsieveError unless all folds have the
    same events, and each event is tested in exactly one.
    """
    first = scores[0]
    for number, one in enumerate(scores, 1):
        if not one[EVENT].equals(first[EVENT]):
            raise RunsieveError(f"fold {number} was not scored on the same events as fold 1")
    tested = sum((one["split"] == "test").to_numpy(int) for one in scores)
    if (tested != 1).any():
        row = int(np.flatnonzero(tested != 1)[0])
        raise RunsieveError(
            f"folds: every event must be tested in one of {len(scores)} folds, but event "
            f"{first['event'][row]} of run {first['run'][row]} is tested in {tested[row]}"
        )
    numbered = [
        one.assign(row=np.arange(len(one)), fold=number) for number, one in enumerate(scores, 1)
    ]
    test = pd.concat([one[one["split"] == "test"] for one in numbered]).sort_values("row")
    validation = [one[one["split"] == "validation"] for one in numbered]
    return pd.concat([test, *validation], ignore_index=True)
