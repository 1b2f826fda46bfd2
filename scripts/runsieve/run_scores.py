"""Scores of whole runs for use outside of the workflow."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import uproot

from runsieve.runs.scored import TREE, require_scores_of


def read_scores(
    path: str | Path, run: int, files: Sequence[str], models: Sequence[str] | None = None
) -> pd.DataFrame:
    """Scores of a run, if they belong to it: one row per entry, or per row of a table (parquet).

    files: raw files of the run; models: files of the model, or of each fold's (default: any). Needs
    no more than a megabyte of each end of these files. Raises RunsieveError for scores of another
    run, of files that have changed since, and of another model.
    """
    require_scores_of(path, run, files, models)
    if Path(path).suffix == ".parquet":
        return pd.read_parquet(path)
    with uproot.open(path) as file:
        return file[TREE].arrays(library="pd")
