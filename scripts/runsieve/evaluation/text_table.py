"""Tables as plain text of a limited width, however many columns they have."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH = 100
_LONGEST_HEADING = 30  # longer ones are wrapped


@dataclass(frozen=True)
class Column:
    """A heading, which is wrapped above the column, and one text per row."""

    heading: str
    cells: Sequence[str]
    align: str = ">"

    @property
    def width(self) -> int:
        """Width of the longest cell, or of the heading."""
        return max([1, *map(len, self.cells), min(len(self.heading), _LONGEST_HEADING)])

    def lines(self, headings: int) -> list[str]:
        """The column with the bottom of its heading in the line of this number."""
        head = wrapped(self.heading, self.width).splitlines()
        texts = [*[""] * (headings - len(head)), *head, *self.cells]
        return [f"{text:{self.align}{self.width}}" for text in texts]

    @property
    def height(self) -> int:
        """Number of lines of the heading."""
        return len(wrapped(self.heading, self.width).splitlines())


def text_table(first: Column, columns: Sequence[Column]) -> str:
    """The columns side by side; those that do not fit follow below, next to the first again.

    Lines have at most `WIDTH` characters, provided that the first column and any other fit into it.
    """
    return "\n\n".join(_beside([first, *some]) for some in _fitting(first, columns))


def wrapped(text: str, width: int = WIDTH) -> str:
    """A text in lines of at most `width` characters."""
    return textwrap.fill(text, width, break_on_hyphens=False)


def _fitting(first: Column, columns: Sequence[Column]) -> Iterator[list[Column]]:
    """The columns in groups that fit next to the first."""
    group: list[Column] = []
    used = first.width
    for column in columns:
        if group and used + 1 + column.width > WIDTH:
            yield group
            group, used = [], first.width
        group.append(column)
        used += 1 + column.width
    yield group


def _beside(columns: Sequence[Column]) -> str:
    headings = max(column.height for column in columns)
    rows = zip(*(column.lines(headings) for column in columns), strict=True)
    return "\n".join(" ".join(row).rstrip() for row in rows)
