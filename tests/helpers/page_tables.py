"""The numeric cells of the tables of the page, and the files that they name."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd

MINUS, THIN = "\u2212", "\u2009"


@dataclass
class Cell:
    """A numeric cell: the file, row and column that it names, and what it shows."""

    file: str
    row: str
    column: str
    low: str
    high: str
    value: str = ""
    errors: list[str] = field(default_factory=list)


class Tables(HTMLParser):
    """Collects the numeric cells of all tables."""

    def __init__(self):
        super().__init__()
        self.cells: list[Cell] = []
        self.tables, self.now, self.quoted, self.inside = 0, None, [], False

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        names = values.get("class", "").split()
        if tag == "table":
            self.file, self.columns, self.tables = values.get("data-csv"), [], self.tables + 1
        elif tag == "th" and values.get("scope") == "col":
            self.columns.append(values)
        elif tag == "tr":
            self.row, self.place = values.get("data-row"), -1
        elif tag in ("td", "th") and self.file is not None:
            self.place += 1
            column = self.columns[self.place]
            if "data-column" in column:
                at = values.get("data-at") or f"{self.file}#{self.row}"
                file, _, row = at.partition("#")
                ends = column.get("data-low", ""), column.get("data-high", "")
                self.now = Cell(file, row, column["data-column"], *ends)
                self.cells.append(self.now)
        elif tag == "span" and self.now is not None:
            self.quoted.append("interval" in names or "pm" in names or bool(self.quoted))
            self.inside = "value" not in names and any(self.quoted)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.now, self.quoted, self.inside = None, [], False

    def handle_data(self, data):
        if self.now is not None and data.strip():
            if self.inside:
                self.now.errors.append(data.strip())
            else:
                self.now.value += data.strip()


def parsed(text: str) -> tuple[float, float]:
    """A number and half a unit of its last digit."""
    text = text.replace(MINUS, "-").replace(THIN, "").lstrip("±+")
    if text in ("∞", "-∞"):
        return math.copysign(math.inf, -1 if text[0] == "-" else 1), 0
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(text), 0.5 * 10 ** (int(exponent or 0) - decimals)


class Files:
    """The files that tables name, as they were written."""

    def __init__(self, folder: Path):
        self.folder, self.read = folder, {}

    def value(self, file: str, row: str, column: str) -> float | None:
        content = self._content(file)
        if isinstance(content, pd.DataFrame):
            return content.iloc[int(row)][column]
        if "diagnoses" in content:
            return content["diagnoses"][int(row)][column]
        first = next(iter(content["seeds"].values()))["metrics"][row]
        return first[{"low": "low", "high": "high"}.get(column.rpartition("_")[2], "value")]

    def _content(self, file: str):
        if file not in self.read:
            path = self.folder / file
            is_table = path.suffix == ".csv"
            self.read[file] = pd.read_csv(path) if is_table else json.loads(path.read_text())
        return self.read[file]


def close(text: str, expected: float) -> bool:
    shown, half = parsed(text)
    # What is written in significant digits ends in zeros that were dropped, which is no less exact.
    return shown == expected or abs(shown - expected) <= half * (1 + 1e-6) + 1e-12


def read_tables(page: Path) -> Tables:
    """All tables of a page."""
    found = Tables()
    found.feed(page.read_text(encoding="utf-8"))
    return found


def compare(cells: Iterable[Cell], folder: Path) -> tuple[int, list[tuple]]:
    """How many numbers were compared with those of the files, and those that differ."""
    files, compared, wrong = Files(folder), 0, []
    for cell in cells:
        if cell.column == "count":  # of seeds, which no file has
            continue
        value = files.value(cell.file, cell.row, cell.column) if cell.row else None
        if not cell.value:
            assert value is None or math.isnan(value), cell
            continue
        compared += 1
        if not close(cell.value, value):
            wrong.append((cell, value))
        if cell.errors:
            low, high = (files.value(cell.file, cell.row, name) for name in (cell.low, cell.high))
            up, down = cell.errors if len(cell.errors) == 2 else cell.errors * 2
            if not close(up, high - value) or not close(down.lstrip(MINUS), value - low):
                wrong.append((cell, value, low, high))
    return compared, wrong
