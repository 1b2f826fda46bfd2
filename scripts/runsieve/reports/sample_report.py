"""The report of a sample: tables of all its models together."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from runsieve.config.working_point import WorkingPoint, headline
from runsieve.reports.registry import LABEL


def of_models(files: Mapping[str, str | Path]) -> pd.DataFrame:
    """Rows of a table of every model, of its first seed and judged by the labels.

    files: table by model. The first column is `model`.
    """
    tables = {}
    for model, path in files.items():
        table = pd.read_csv(path)
        mine = (table["against"] == LABEL) & (table["seed"] == table["seed"].iloc[0])
        tables[model] = table[mine].drop(columns=["seed", "against"])
    table = pd.concat([one.assign(model=model) for model, one in tables.items()], ignore_index=True)
    return table[["model", *table.columns.drop("model")]]


def at_headline(
    table: pd.DataFrame, points: Mapping[str, WorkingPoint]
) -> tuple[pd.DataFrame, str]:
    """Rows at the working point to quote, and how events are assigned there, in words.

    Of a table without a working point they are those of the most probable class.
    """
    known = {name: points[name].kind for name in table["working_point"].unique() if name in points}
    name = headline(known) or table["working_point"].iloc[0]
    words = "assigned to the most probable class"
    if name in points:
        words = f"thresholds for {points[name].title}"
    return table[table["working_point"] == name].reset_index(drop=True), words
