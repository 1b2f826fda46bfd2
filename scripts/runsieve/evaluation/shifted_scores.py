"""Scores of the test events of a sample with shifts of what a model sees."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from runsieve.evaluation.scores import Scorer, score_table
from runsieve.samples.sample_files import Arrays, class_names
from runsieve.samples.shifting import AppliedShift, shifted_chunks

SHIFT = "shift"  # column with the name of the shift


def shifted_scores(
    scorer: Scorer, events: pd.DataFrame, arrays: Arrays, shifts: Mapping[str, AppliedShift]
) -> pd.DataFrame:
    """Scores of the test events with each shift, one below the other, with the column `shift`.

    `events` and `arrays` are those of a sample. The other columns are those of `score_table`.
    """
    test, classes = events[events["split"] == "test"], class_names(events)
    tables = []
    for name, shift in shifts.items():
        print(f"shift {name}", flush=True)
        parts = [scorer.probabilities(*chunk) for chunk in shifted_chunks(test, arrays, shift)]
        tables.append(score_table(test, np.concatenate(parts), classes).assign(**{SHIFT: name}))
    return pd.concat(tables, ignore_index=True)
