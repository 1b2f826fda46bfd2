"""The snippets of the manual, config/README.md, in the form in which a reader would copy them."""

import re
from dataclasses import dataclass

from helpers.places import ROOT

MANUAL = ROOT / "config/README.md"


@dataclass(frozen=True)
class Snippet:
    """A block of code.

    section: title of the heading above it
    language: that of the fence; empty for an indented block
    line: number of its first line in the manual
    """

    section: str
    language: str
    text: str
    line: int

    @property
    def file(self) -> str | None:
        """The file that a comment in the first line names; None if there is none."""
        found = re.match(r"# ([\w./]+\.\w+)", self.text)
        return found and found[1]


def snippets() -> list[Snippet]:
    """All fenced and indented blocks above the tables of keys, in their order."""
    lines = MANUAL.read_text(encoding="utf-8").split("\n<!-- keys")[0].splitlines()
    found, block = [], []
    section, language = "", None
    for number, line in enumerate([*lines, ""], start=1):
        if language is not None:
            if line == "```":
                first = number - len(block)
                found.append(Snippet(section, language, "\n".join([*block, ""]), first))
                block, language = [], None
            else:
                block.append(line)
        elif line.startswith("    "):
            block.append(line[4:])
        else:
            if block:
                found.append(Snippet(section, "", "\n".join([*block, ""]), number - len(block)))
                block = []
            if line.startswith("```"):
                language = line[3:]
            elif line.startswith("#"):
                section = line.lstrip("# ")
    return found


def run_sheet(text: str) -> str:
    """A run sheet, tab-separated, from one whose columns are aligned by spaces."""
    header, *rows = text.splitlines()
    starts = [found.start() for found in re.finditer(r"\S+", header)]
    ends = [*starts[1:], None]
    lines = [
        [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
        for line in (header, *rows)
    ]
    return "".join("\t".join(fields).rstrip() + "\n" for fields in lines)


def commands() -> list[str]:
    """The command lines that the manual gives."""
    return [
        line
        for one in snippets()
        if not one.language
        for line in one.text.splitlines()
        if line.startswith(".venv/bin/")
    ]
