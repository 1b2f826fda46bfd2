"""The run sheet: number, kind and files of each run."""

import csv
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field, FiniteFloat, ValidationError, field_validator, model_validator

from runsieve.config.base import NAME, Name, RunNumber, Settings
from runsieve.config.found_runs import RUN, RangeError, numbers_of, runs_found
from runsieve.config.messages import nearest, sentences
from runsieve.errors import RunsieveError

COLUMNS = ("run", "kind", "files", "events", "livetime", "checksums")
CHECKSUM = re.compile(r"sha256:[0-9a-f]{64}|adler32:[0-9a-f]{1,8}", re.IGNORECASE)


class Run(Settings):
    """One line of the run sheet."""

    run: RunNumber = Field(
        description="run number; on a line, a range such as 1000-2999 stands for all runs of these "
        "numbers whose files are found"
    )
    kind: Name = Field(description="kind of run, such as calibration or physics")
    files: str = Field(
        "",
        description="path, glob or several separated by spaces, in which {run} is filled in; a "
        "folder of pictures or an .npz file is ingested; empty: simulated",
    )
    events: int | None = Field(
        None, gt=0, le=10**12, description="triggers of a simulated run at full scale"
    )

    livetime: FiniteFloat | None = Field(
        None,
        gt=0,
        description="live time in days, for rates of background; of a simulated run at full scale",
    )

    checksums: str = Field(
        "",
        description="sha256:HEX or adler32:HEX of each file, separated by spaces, in the order of "
        "the files; checked before the run is read",
    )

    conditions: dict[Name, str] = Field(
        default_factory=dict,
        description="any other column, such as a temperature or a dead channel, by its name: "
        "`sheet.NAME` in the columns of the analysis",
    )

    @field_validator("files")
    @classmethod
    def _nameable(cls, value: str) -> str:
        try:
            os.fsencode(value)
        except UnicodeEncodeError:
            raise ValueError(
                f"the locale of this terminal cannot name {value!a}; start Snakemake with "
                "LC_ALL=C.UTF-8"
            ) from None
        return value

    @field_validator("checksums")
    @classmethod
    def _normal(cls, value: str) -> str:
        for word in value.split():
            if not CHECKSUM.fullmatch(word):
                raise ValueError(
                    f"sha256: and 64, or adler32: and up to 8 hexadecimal digits, found '{word}'"
                )
        # Some storage systems leave out the leading zeros of Adler-32.
        pairs = (word.lower().split(":") for word in value.split())
        return " ".join(f"{name}:{digits.zfill(8)}" for name, digits in pairs)

    @model_validator(mode="after")
    def _of_files(self) -> "Run":
        if self.checksums and (self.simulated or self.ingested):
            raise ValueError("checksums: only for runs whose files are ROOT files")
        return self

    @field_validator("events", "livetime", mode="before")
    @classmethod
    def _empty_is_none(cls, value: str | float | None) -> str | float | None:
        return None if value == "" else value

    @property
    def simulated(self) -> bool:
        """True where the sheet names no file."""
        return not self.files

    @property
    def ingested(self) -> bool:
        """True where the sheet names pictures: a folder, or a file that ends in .npz."""
        return self.files.endswith((".npz", "/")) or (
            bool(self.files) and Path(self.files).is_dir()
        )


@dataclass
class RunSheet:
    """What a run sheet says.

    runs: of all correct lines, by number
    errors: a sentence with file and line for each mistake
    lost: number and kind of each run that a wrong line may mean; None where they are not known
    """

    runs: dict[int, Run] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lost: list[tuple[int | None, str | None]] = field(default_factory=list)


def read_run_sheet(path: str | Path) -> RunSheet:
    """Read a run sheet: tab-separated, with a header; lines that start with `#` are comments."""
    try:
        lines = _lines(Path(path))
        header, rows = _table(path, lines)
    except RunsieveError as error:
        return RunSheet(errors=[str(error)], lost=[(None, None)])
    sheet = RunSheet()
    for (number, _), row in zip(lines[1:], rows, strict=True):
        _read_line(sheet, f"{path}: line {number}", header, row)
    if not sheet.runs and not sheet.errors:
        sheet.errors.append(f"{path}: the run sheet names no run")
    return sheet


def _lines(path: Path) -> list[tuple[int, str]]:
    """Numbers and texts of the lines that are neither blank nor comments."""
    if not path.is_file():
        raise RunsieveError(f"{path}: the run sheet does not exist")
    with path.open(newline="", encoding="utf-8-sig") as file:
        lines = [
            (number, line)
            for number, line in enumerate(file, start=1)
            if line.strip() and not line.startswith("#")
        ]
    if not lines:
        raise RunsieveError(f"{path}: the run sheet is empty; its columns are {', '.join(COLUMNS)}")
    return lines


def _table(path: str | Path, lines: list[tuple[int, str]]) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the fields of each other line."""
    plain = {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
    first, *rows = csv.reader((line for _, line in lines), **plain)
    header = [name.strip() for name in first]
    problems = []
    if not (len(set(header)) == len(header) and {"run", "kind"} <= set(header)):
        problems.append("run and kind are required, and no name twice")
    for name in header:
        meant = None if name in COLUMNS else nearest(name, COLUMNS)
        if meant is not None:
            problems.append(f"did you mean '{meant}' for '{name}'?")
        elif not NAME.fullmatch(name):
            problems.append(f"'{name}' is not a name")
    if problems:
        raise RunsieveError(
            f"{path}: the first line must name tab-separated columns: {', '.join(COLUMNS)}, or "
            f"names of letters, digits and _ for conditions; found {', '.join(header)} "
            f"({'; '.join(problems)})"
        )
    return header, rows


def _read_line(sheet: RunSheet, place: str, header: list[str], row: list[str]) -> None:
    if len(row) > len(header):
        sheet.errors.append(f"{place}: {len(row)} fields, expected {len(header)}")
        sheet.lost.append((None, None))
        return
    values = {name: text.strip() for name, text in zip(header, row, strict=False)}
    conditions = {name: text for name, text in values.items() if name not in COLUMNS}
    values = {name: text for name, text in values.items() if name in COLUMNS}
    values["conditions"] = conditions
    numbers = numbers_of(values.get("run", ""))
    if numbers is None:
        values["files"] = values.get("files", "").replace(RUN, values.get("run", ""))
        _add(sheet, place, values)
        return
    try:
        if values.get("checksums"):
            raise RangeError("checksums: give each run of its own line")
        found = list(runs_found(numbers, values.get("files", "")))
    except RangeError as error:
        sheet.errors.append(f"{place}: run: {error}")
        sheet.lost.append((None, values.get("kind")))
        return
    wrong = len(sheet.errors)
    for number, files in found:
        _add(sheet, place, values | {"run": str(number), "files": files})
        if len(sheet.errors) > wrong:  # of all runs of the line alike
            return


def _add(sheet: RunSheet, place: str, values: dict[str, Any]) -> None:
    """Add one run from the fields of its line, or what is wrong with them."""
    try:
        run = Run.model_validate(values)
    except ValidationError as error:
        sheet.errors += sentences(error, Run, place)
        wrong = {name for item in error.errors() for name in item["loc"]}
        number = int(float(values["run"])) if "run" in values and "run" not in wrong else None
        sheet.lost.append((number, None if "kind" in wrong else values.get("kind")))
        return
    if run.run in sheet.runs:
        sheet.errors.append(f"{place}: run {run.run} is listed on more than one line")
        sheet.lost.append((None, run.kind))
        return
    sheet.runs[run.run] = run
