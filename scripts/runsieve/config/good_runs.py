"""Good-run lists: the runs that an experiment has approved."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from runsieve.config.found_runs import numbers_of


@dataclass(frozen=True)
class GoodRuns:
    """Numbers of runs, as ranges with both ends."""

    ranges: tuple[range, ...]

    def __contains__(self, run: int) -> bool:
        return any(run in numbers for numbers in self.ranges)


def read_good_runs(path: str | Path) -> tuple[GoodRuns, list[str]]:
    """Read a good-run list, and a sentence for each mistake in it.

    It holds run numbers and ranges such as `1000-2999`, separated by spaces, commas or line breaks;
    what follows a `#` is a comment. Runs that no sheet names do no harm.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return GoodRuns(()), [f"{path}: the good-run list does not exist"]
    except (OSError, UnicodeDecodeError) as error:
        return GoodRuns(()), [f"{path}: the good-run list cannot be read: {error}"]
    found, errors = [], []
    for number, line in enumerate(lines, start=1):
        for word in _words(line):
            numbers = range(int(word), int(word) + 1) if word.isdecimal() else numbers_of(word)
            if numbers:
                found.append(numbers)
            else:
                errors.append(
                    f"{path}: line {number}: expected a run number or a range such as 1000-2999, "
                    f"found '{word}'"
                )
    if not found and not errors:
        errors.append(f"{path}: the good-run list names no run")
    return GoodRuns(tuple(found)), errors


def _words(line: str) -> Iterable[str]:
    text = re.sub(r"\s*-\s*", "-", line.partition("#")[0])
    return re.split(r"[\s,;]+", text.strip()) if text.strip() else []
