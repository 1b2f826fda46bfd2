"""What models say of a single event, and for which galleries it was chosen."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

Lines = dict[int, list[str]]


def scores_of_event(
    scores: Mapping[str, str | Path], run: int, event: int, titles: Mapping[str, str]
) -> Lines:
    """Scores of an event in words, by channel; none where it is not in a sample.

    scores: the scores file of each model, by its name; titles: display names of classes. With
    two classes a line gives the probability of the first, with more that of the most probable one.
    """
    lines: Lines = {}
    for name, path in scores.items():
        found = pd.read_parquet(path, filters=[("run", "==", run), ("event", "==", event)])
        columns = [column for column in found if column.startswith("p_")]
        for row in found.to_dict("records"):
            likely = columns[int(np.argmax([row[column] for column in columns]))]
            shown = columns[0] if len(columns) == 2 else likely
            title = titles.get(shown.removeprefix("p_"), shown.removeprefix("p_"))
            text = f"{name}: {title} {row[shown]:.3f} ({row['split']})"
            lines.setdefault(int(row["channel"]), []).append(text)
    return lines


def reasons_for_event(
    galleries: Mapping[str, str | Path], run: int, event: int, titles: Mapping[str, str]
) -> list[str]:
    """Why an event is in galleries, in words.

    galleries: the table of each sample (see `gallery_table`), by its name
    """
    reasons = []
    for sample, path in galleries.items():
        table = pd.read_csv(path)
        for row in table[(table["run"] == run) & (table["event"] == event)].to_dict("records"):
            of, taken = (titles.get(row[key], row[key]) for key in ("class", "assigned"))
            mistaken = "" if taken == of else f", taken for {taken}"
            name = f"{row['model']} on {sample}{mistaken}"
            reasons.append(f"{row['kind']} {of} of {name} (channel {row['channel']})")
    return reasons
