"""What cleaning a sample did: how many wrong labels it found, and what models gained."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from runsieve.evaluation.choice import rate
from runsieve.evaluation.predictions import Predictions, read_predictions
from runsieve.evaluation.same_events import Training, require_same_events
from runsieve.evaluation.scores import classes_of
from runsieve.intervals import clopper_pearson, ratio

ALL = "all"


def known_wrong(
    events: pd.DataFrame, processes: np.ndarray | None, by_class: Mapping[str, Sequence[int]]
) -> np.ndarray | None:
    """True where the label of an event is known to be wrong, shape (events,).

    Known are the simulated process (`processes`, into which the rows of the events point, and
    `by_class`, see `classes_of`) or which labels were exchanged on purpose; None without either.
    """
    if processes is not None:
        truth = classes_of(processes[events["row"]], by_class)
        return truth != events["class"].to_numpy()
    return events["mislabelled"].to_numpy() if "mislabelled" in events else None


def found_labels(
    events: pd.DataFrame, doubted: pd.DataFrame, classes: Sequence[str], wrong: np.ndarray | None
) -> pd.DataFrame:
    """How many labels are doubted, and how many of these rightly; one row per class, and of all.

    events: of the sample, of which the test events do not count; doubted: see `doubted_labels`;
    wrong: True where the label is known to be wrong, shape (events,), None if that is not known.

    Columns: class, events, doubted, and wrong, found (doubted and wrong), precision (found among
    doubted) and recall (found among wrong) with intervals of Clopper and Pearson; blank where not
    known.
    """
    used = (events["split"] != "test").to_numpy()
    events, wrong = events[used], None if wrong is None else wrong[used]
    taken = events["row"].isin(doubted["row"]).to_numpy()
    label = events["class"].to_numpy()
    rows = []
    for name in [*classes, ALL]:
        mine = np.ones(len(events), bool) if name == ALL else label == name
        row = {"class": name, "events": int(mine.sum()), "doubted": int((mine & taken).sum())}
        known = {} if wrong is None else {"wrong": wrong & mine, "found": wrong & mine & taken}
        rows.append(row | {key: int(one.sum()) for key, one in known.items()})
    table = pd.DataFrame(rows, columns=["class", "events", "doubted", "wrong", "found"])
    if wrong is None:
        return table.reindex(columns=[*table, *_WITH_INTERVALS])
    for name, of in (("precision", "doubted"), ("recall", "wrong")):
        table[name] = ratio(table["found"], table[of])
        low, high = clopper_pearson(table["found"], table[of])
        table[f"{name}_low"], table[f"{name}_high"] = low, high
    return table


_WITH_INTERVALS = [
    f"{name}{end}" for name in ("precision", "recall") for end in ("", "_low", "_high")
]


def read_trainings(
    trainings: Iterable[Training], paths: Iterable[str | Path], classes: Sequence[str]
) -> dict[Training, Predictions]:
    """Predictions of several trainings from their scores files."""
    return {
        training: read_predictions(path, classes)
        for training, path in zip(trainings, paths, strict=True)
    }


def compare_cleaned(
    before: Mapping[Training, Predictions], after: Mapping[Training, Predictions]
) -> pd.DataFrame:
    """AUC on the same test events of models that were trained before and after cleaning.

    One row per model and `against`: label or, where it is known, truth. auc_before and auc_after
    are means over seeds; the difference comes with its 68.27 % interval and p-value (see
    `Rated.against`). Raises RunsieveError unless all have the same test events.
    """
    tests = [{key: one.part("test") for key, one in some.items()} for some in (before, after)]
    require_same_events(
        {
            (f"{key[0]} {place}", key[1]): one
            for place, some in enumerate(tests)
            for key, one in some.items()
        }
    )
    rows = []
    for model in dict.fromkeys(model for model, _ in before if model in {one for one, _ in after}):
        mine = [[one for (name, _), one in some.items() if name == model] for some in tests]
        judged = {"label": mine, "truth": [[one.against_truth() for one in some] for some in mine]}
        for against, (old, new) in judged.items():
            if None in old or any(len(set(one.true)) < len(one.classes) for one in old):
                continue
            first, second = rate(old), rate(new)
            found = second.against(first)
            rows.append(
                {
                    "model": model,
                    "against": against,
                    "seeds": len(old),
                    "auc_before": first.test.value,
                    "auc_after": second.test.value,
                    "difference": found.value,
                    "difference_low": found.value - found.half,
                    "difference_high": found.value + found.half,
                    "error": found.error,
                    "p": found.p,
                }
            )
    return pd.DataFrame(rows, columns=COMPARED)


COMPARED = [
    "model", "against", "seeds", "auc_before", "auc_after",
    "difference", "difference_low", "difference_high", "error", "p",
]  # fmt: skip
