"""Cleaning a sample: events whose label is doubted by models that have not seen them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from runsieve.config.sample import Sample
from runsieve.errors import RunsieveError
from runsieve.samples.drawing import balanced_weights, counts, fold_of, group_keys

EVENT = ["run", "event", "channel"]


def in_judging_folds(events: pd.DataFrame, settings: Sample, name: str) -> pd.DataFrame:
    """The training and validation events of a sample, with the fold in which each is judged.

    settings: of the cleaned sample. A fold is decided as that of a sample with folds.
    """
    used = events[events["split"] != "test"]
    folded = settings.model_copy(update={"folds": settings.cleaned.folds})
    return used.assign(fold=fold_of(group_keys(used, settings, name), folded))


def doubted_labels(
    events: pd.DataFrame, judged: Sequence[pd.DataFrame], classes: Sequence[str], filter_by: str
) -> pd.DataFrame:
    """Training and validation events whose label is doubted, the most doubtful first.

    events: of the sample; judged: scores of each fold, of which the test events count; filter_by:
    rule of cleanlab's `find_label_issues` (confident learning: Northcutt, Jiang and Chuang, JAIR 70
    (2021) 1373).

    Columns: run, event, channel, entry, row, split, class, suggested (the most probable class),
    p_given and p_suggested (probabilities of these two), reason. Raises RunsieveError unless every
    training and validation event is judged once.
    """
    from cleanlab.filter import find_label_issues  # here, as it takes seconds

    scores = pd.concat([one[one["split"] == "test"] for one in judged], ignore_index=True)
    columns = [f"p_{name}" for name in classes]
    used = events[events["split"] != "test"].reset_index(drop=True)
    if scores.duplicated(EVENT).any() or len(scores) != len(used):
        raise RunsieveError(
            f"cleaning: {len(used)} training and validation events, but {len(scores)} scores of "
            "them; each must be judged in one fold"
        )
    found = used[EVENT].merge(scores[[*EVENT, *columns]], how="left", on=EVENT)
    probability = found[columns].to_numpy(dtype=np.float64)
    if np.isnan(probability).any():
        raise RunsieveError("cleaning: the scores of the folds are not of the events of the sample")
    probability = probability / probability.sum(axis=1, keepdims=True)
    label = used["label"].to_numpy()
    rank = {"filter_by": filter_by, "return_indices_ranked_by": "self_confidence"}
    ranked = find_label_issues(label, probability, n_jobs=1, **rank)
    likely = probability[ranked].argmax(axis=1)
    given, suggested = probability[ranked, label[ranked]], probability[ranked, likely]
    table = used.iloc[ranked][[*EVENT, "entry", "row", "split", "class"]].reset_index(drop=True)
    table = table.assign(
        suggested=np.array(classes, dtype=object)[likely], p_given=given, p_suggested=suggested
    )
    last = table[["class", "suggested", "p_given", "p_suggested"]]
    return table.assign(reason=[_reason(*row) for row in last.itertuples(index=False)])


def _reason(of: str, suggested: str, given: float, other: float) -> str:
    if of == suggested:
        return f"{of} has only {given:.3f}, fewer than usual for it"
    return f"{suggested} has {other:.3f}, {of} has {given:.3f}"


def without(
    events: pd.DataFrame, doubted: pd.DataFrame, settings: Sample, classes: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The events of a sample without doubted ones, and a table of them (see `build_sample`).

    Where classes are balanced in a split, weights of its training and validation events make them
    equal again. Rows point into the arrays of the sample that is cleaned.
    """
    kept = events[~events["row"].isin(doubted["row"])].reset_index(drop=True)
    kept = kept.assign(weight=balanced_weights(kept, settings))
    before, after = counts(events, classes, settings), counts(kept, classes, settings)
    lost = [place for place, number in after.items() if not number]
    if lost:
        raise RunsieveError(
            f"cleaning: all {before[lost[0]]} events of class '{lost[0][0]}' in the {lost[0][-1]} "
            "split are doubted; choose another model or filter_by"
        )
    weight = kept.groupby(after.index.names).weight.sum().round(6)
    table = pd.DataFrame({"available": before, "drawn": after, "weight": weight}).reset_index()
    table.insert(len(after.index.names), "balance", table["split"].map(settings.modes()))
    return kept, table
