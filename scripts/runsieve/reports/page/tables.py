"""Tables of the page: each cell names the place of its number in a file, for readers and tests."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from runsieve.reports.page.numbers import Quoted, count, number, quoted, significant

FIRST, MEAN = "first seed", "mean of seeds"
TEXT, COUNT, NUMBER, QUOTED, SIGNIFICANT = "text", "count", "number", "quoted", "significant"


@dataclass(frozen=True)
class Column:
    """A column of a table of the page.

    title: its heading; name: the column of the file; kind: how its values are written; low, high:
    columns with the ends of the interval of a quoted value, by default NAME_low and NAME_high;
    digits: decimals of a number; note: explanation; seeds: which seeds its values are of, FIRST or
    MEAN, where a model can have several
    """

    title: str
    name: str
    kind: str = TEXT
    low: str = ""
    high: str = ""
    digits: int = 4
    note: str = ""
    seeds: str = ""

    @property
    def numeric(self) -> bool:
        """True if values are aligned to the right."""
        return self.kind != TEXT

    @property
    def ends(self) -> tuple[str, str]:
        """Columns with the ends of the interval."""
        return self.low or f"{self.name}_low", self.high or f"{self.name}_high"


@dataclass(frozen=True)
class Cell:
    """A cell: its text, or a value with its interval.

    place: `LINK#ROW` where the row is not that of the table; link, tags: what stands with it
    """

    text: str = ""
    quoted: Quoted | None = None
    place: str = ""
    link: str = ""
    tags: Sequence[tuple[str, str]] = ()


@dataclass
class Row:
    """A row; number: of the row of the file, counted from 0; model, sample: what it can be
    filtered by; style: classes of the element.
    """

    number: int
    cells: list[Cell]
    model: str = ""
    sample: str = ""
    style: str = ""


@dataclass
class Table:
    """A table with a caption; link: to its file, relative to the page; first: its first column
    names the row.
    """

    caption: str
    link: str
    columns: Sequence[Column]
    rows: list[Row] = field(default_factory=list)
    note: str = ""
    sortable: bool = False
    style: str = ""


def cell(column: Column, values: Mapping[str, Any], place: str = "") -> Cell:
    """The cell of a column from the values of a row."""
    value = values.get(column.name)
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return Cell(place=place)
    if column.kind == TEXT:
        return Cell(str(value), place=place)
    if column.kind == COUNT:
        return Cell(count(value), place=place)
    if column.kind == NUMBER:
        return Cell(number(value, column.digits), place=place)
    if column.kind == SIGNIFICANT:
        return Cell(significant(value, column.digits), place=place)
    low, high = (values.get(name) for name in column.ends)
    return Cell(quoted=quoted(value, low, high, column.digits), place=place)


def table(
    caption: str,
    link: str,
    columns: Sequence[Column],
    values: pd.DataFrame,
    style: Callable[[Mapping[str, Any]], str] = lambda row: "",
    **options: Any,
) -> Table:
    """A table of rows of a file; the index of `values` is the number of each row in it."""
    rows = [
        Row(
            number=int(place),
            cells=[cell(column, row) for column in columns],
            model=str(row.get("model", "")),
            sample=str(row.get("sample", "")),
            style=style(row),
        )
        for place, row in zip(values.index, records(values), strict=True)
    ]
    return Table(caption, link, columns, rows, **options)


def records(values: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings, None where there is no value."""
    return values.astype(object).where(values.notna(), None).to_dict("records")


def first_of_each(rows: Iterable[Row], names: Iterable[str]) -> None:
    """Mark each row whose name differs from that of the row before."""
    before = None
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        if place and name != before:
            row.style = f"{row.style} first".strip()
        before = name
