"""Every number in the tables of the page is that of the file that the table names."""

import json
import math
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.workflow

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


@pytest.fixture(scope="module")
def results(finished) -> Path:
    return finished.folder / "results"


@pytest.fixture(scope="module")
def tables(results) -> Tables:
    found = Tables()
    found.feed((results / "index.html").read_text(encoding="utf-8"))
    return found


def test_every_number_is_that_of_its_file(tables, results):
    files, compared, wrong = Files(results), 0, []
    for cell in tables.cells:
        if cell.column == "count":  # tested below
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
    assert wrong == []
    assert compared > 300
    assert tables.tables > 20


def test_seeds_are_counted(tables, results):
    counts = [cell for cell in tables.cells if cell.column == "count"]
    paths = sorted(results.glob("*/reports/comparison.csv"))
    seeds = [text for path in paths for text in pd.read_csv(path, dtype={"seeds": str})["seeds"]]
    assert sorted(int(cell.value) for cell in counts) == sorted(len(one.split()) for one in seeds)


@pytest.mark.parametrize(
    ("text", "number", "half"),
    [
        ("1\u2009898", 1898, 0.5),
        ("\u22120.50", -0.5, 0.005),
        ("1e\u22126", 1e-6, 5e-7),
        ("±\u20090.012", 0.012, 5e-4),
    ],
)
def test_numbers_are_read(text, number, half):
    assert parsed(text) == pytest.approx((number, half))
