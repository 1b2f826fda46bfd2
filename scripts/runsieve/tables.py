"""CSV, JSON and text files, always written in the same format and as UTF-8."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.files import written


def write_csv(table: pd.DataFrame, path: str | Path, index: bool = False) -> None:
    """Write a table; floats with eight significant digits, missing values as empty fields."""
    with written(path) as place:
        table.to_csv(place, index=index, float_format="%.8g")


def rounded(table: pd.DataFrame, digits: int, but: Sequence[str] = ()) -> pd.DataFrame:
    """The table with this many significant digits in columns of floats; `but`: those left alone."""
    names = [name for name in table.select_dtypes("float") if name not in but]
    return table.assign(
        **{name: [float(f"{value:.{digits}g}") for value in table[name]] for name in names}
    )


def write_json(content: Mapping[str, Any], path: str | Path) -> None:
    """Write a mapping; undefined numbers must be None, because JSON has no NaN."""
    with written(path) as place:
        place.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def write_text(text: str, path: str | Path) -> None:
    """Write a text file."""
    with written(path) as place:
        place.write_text(text, encoding="utf-8")
