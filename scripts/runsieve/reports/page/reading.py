"""Reading the files of an analysis, and the links to them."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.reports.page.files import AnalysisFiles, ModelFiles
from runsieve.reports.page.tables import records
from runsieve.reports.registry import LABEL, TRUTH

TEXTS = ("channel", "seeds", "group", "process")


@dataclass(frozen=True)
class Reader:
    """Reads tables; folder: that of the page, which links are relative to."""

    folder: Path
    cache: dict[str, pd.DataFrame] = field(default_factory=dict)

    def table(self, path: str, texts: Sequence[str] = ()) -> pd.DataFrame:
        """A table; its index numbers the rows of the file. texts: columns that are not numbers."""
        if path not in self.cache:
            header = pd.read_csv(path, nrows=0).columns
            types = {name: str for name in (*TEXTS, *texts) if name in header}
            # As a copy it is in one piece, to which columns can be added without a warning.
            self.cache[path] = pd.read_csv(path, dtype=types).copy()
        return self.cache[path]

    def text(self, path: str) -> str:
        """A text file."""
        return Path(path).read_text(encoding="utf-8")

    def json(self, path: str) -> dict[str, Any]:
        """A JSON file."""
        return json.loads(self.text(path))

    def link(self, path: str | Path) -> str:
        """A link from the page to a file."""
        return Path(os.path.relpath(path, self.folder)).as_posix()


@dataclass(frozen=True)
class ModelResults:
    """What the files say of a model on a sample."""

    entry: ModelFiles
    analysis: AnalysisFiles
    reader: Reader

    @property
    def anchor(self) -> str:
        """The id of the model's section."""
        return f"{self.analysis.name}-{self.entry.sample}-{self.entry.model}"

    @cached_property
    def seeds(self) -> dict[str, dict[str, Any]]:
        """Metrics by seed."""
        return json.loads(Path(self.entry.metrics).read_text(encoding="utf-8"))["seeds"]

    @property
    def first(self) -> dict[str, Any]:
        """Metrics of the first seed."""
        return next(iter(self.seeds.values()))

    @cached_property
    def diagnoses(self) -> dict[str, dict[str, Any]]:
        """Content of the diagnosis of each training, by the text of its link."""
        return {
            name: json.loads(Path(path).read_text(encoding="utf-8"))
            for name, path in self.entry.diagnoses.items()
        }

    def rows(self, name: str) -> pd.DataFrame:
        """Rows of a table that are of the first seed and judged by the label."""
        table = self.reader.table(self.entry.tables[name])
        table = table[table["seed"] == self.entry.seeds[0]] if "seed" in table else table
        return table[table["against"] == LABEL] if "against" in table else table

    def place(self, name: str, row: int) -> str:
        """Where a cell takes its number from: `LINK#ROW` of a table."""
        return f"{self.reader.link(self.entry.tables[name])}#{row}"

    @cached_property
    def points(self) -> list[dict[str, Any]]:
        """Working points, judged by the label; `row` is the number of the row of the file."""
        table = self.rows("working_points")
        return records(table.assign(row=table.index))

    @cached_property
    def true_points(self) -> list[dict[str, Any]]:
        """Working points of the first seed, judged by the truth; none where that is not known."""
        table = self.reader.table(self.entry.tables["working_points"])
        table = table[(table["seed"] == self.entry.seeds[0]) & (table["against"] == TRUTH)]
        return records(table)

    @property
    def several_groups(self) -> bool:
        """True if the test events are of more than one run or channel."""
        groups = self.rows("groups")
        return bool((groups.groupby("by")["group"].nunique() > 1).any())
