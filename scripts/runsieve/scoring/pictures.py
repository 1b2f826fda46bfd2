"""Scoring pictures without labels: a table of files, classes and probabilities."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.evaluation.predictions import most_probable
from runsieve.evaluation.scores import Scorer
from runsieve.progress import Progress
from runsieve.runs.columns import EVENT
from runsieve.scoring.ahead import ahead
from runsieve.scoring.asked import RunToScore
from runsieve.scoring.reading import read_pieces

TREE = "event"


def run_of_pictures(values: Mapping[str, Any], run: Path) -> RunToScore:
    """What is read of a run that pictures were ingested to.

    values: all but its files (plain values of `RunToScore`)
    """
    files = {"files": [str(run)], "tree": TREE}
    inputs = {name: {**one, **files, "friends": {}} for name, one in values["inputs"].items()}
    return RunToScore.of({**values, **files, "inputs": inputs})


def score_pictures(
    asked: RunToScore,
    scorers: Sequence[Scorer],
    classes: Sequence[str],
    pictures: pd.DataFrame,
    threads: int = 1,
) -> pd.DataFrame:
    """One row per file: file, class (the most probable), p_CLASS of each class, problem.

    scorers: of the model, or of each fold, whose mean is taken, because none has seen the pictures;
    pictures: of the ingestion, with event, file and problem. Files that are no pictures have a
    problem and no class. Raises RunsieveError if the model has another number of classes.
    """
    found, numbers = [], []
    progress = Progress("pictures scored", pictures["event"].notna().sum())
    for piece in ahead(read_pieces(asked, threads)):
        if piece.channel is None or not len(piece.places):
            continue
        events = pd.DataFrame({"row": np.arange(len(piece.places))})
        each = [one.probabilities(events, piece.arrays) for one in scorers]
        found.append(np.mean(each, axis=0, dtype=np.float64))
        numbers.append(piece.part.events[piece.places])
        progress.advance(len(piece.places))
    probability = np.concatenate(found)
    if probability.shape[1] != len(classes):
        raise RunsieveError(
            f"model: it has {probability.shape[1]} classes, the sample {len(classes)}: "
            f"{', '.join(classes)}"
        )
    table = pd.DataFrame(probability, columns=[f"p_{name}" for name in classes])
    table.insert(0, "class", np.array(classes, dtype=object)[most_probable(probability)])
    table[EVENT] = np.concatenate(numbers).astype(np.int64)
    listed = pictures[[EVENT, "file", "problem"]]
    joined = listed.merge(table, on=EVENT, how="left").sort_values("file", ignore_index=True)
    return joined[["file", *table.columns.drop(EVENT), "problem"]]
