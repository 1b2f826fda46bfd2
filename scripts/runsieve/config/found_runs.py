"""Lines of a run sheet that stand for many runs: ranges of numbers, and files found by pattern."""

import re
from collections.abc import Iterator
from pathlib import Path

RANGE = re.compile(r"(\d+)\s*-\s*(\d+)")
RUN = "{run}"
MOST = 1_000_000  # runs of a range without files, each of which is simulated


class RangeError(ValueError):
    """A range that stands for no run; the message says why."""


def numbers_of(text: str) -> range | None:
    """The numbers of a range such as `1000-2999`, both ends included; None for anything else."""
    found = RANGE.fullmatch(text)
    return None if found is None else range(int(found[1]), int(found[2]) + 1)


def runs_found(numbers: range, files: str) -> Iterator[tuple[int, str]]:
    """Number and files of each run that a range stands for, in their order.

    files: as in the run sheet, with `{run}` in the first path. There, `{run}` also finds numbers
    with leading zeros, which are then filled in everywhere. Without files, or with an address that
    cannot be listed, the range stands for all of its numbers. Raises RangeError if no run is found.
    """
    if not numbers:
        raise RangeError(f"expected a range that rises, found {numbers.start}-{numbers.stop - 1}")
    if files and RUN not in files:
        raise RangeError(f"the files of a range need {RUN} in their names, found '{files}'")
    pattern = next((word for word in files.split() if RUN in word), "")
    if not pattern or "://" in pattern:
        if len(numbers) > MOST:
            raise RangeError(f"expected at most {MOST:,} runs, found {len(numbers):,}")
        yield from ((number, files.replace(RUN, str(number))) for number in numbers)
        return
    digits: dict[int, str] = {}
    for text in sorted(_digits(pattern)):
        other = digits.setdefault(int(text), text)
        if other != text and int(text) in numbers:
            raise RangeError(f"'{pattern}' finds run {int(text)} as {other} and as {text}")
    digits = {number: text for number, text in digits.items() if number in numbers}
    if not digits:
        raise RangeError(
            f"no file '{pattern}' has a run number in {numbers.start} to {numbers[-1]}"
        )
    yield from ((number, files.replace(RUN, digits[number])) for number in sorted(digits))


def _digits(pattern: str) -> set[str]:
    """What stands for the run number in the paths that a pattern finds."""
    parts = Path(pattern).parts
    place = next(index for index, part in enumerate(parts) if RUN in part)
    folders = [Path()]
    for part in parts[:place]:
        folders = [one for folder in folders for one in _below(folder, part)]
    expression = re.compile(_expression(parts[place]))
    rest = parts[place + 1 :]
    found = set()
    for folder in folders:
        for name in _names(folder):
            match = expression.fullmatch(name)
            if match and (not rest or any(_reached(folder / name, rest, match[1]))):
                found.add(match[1])
    return found


def _below(folder: Path, part: str) -> list[Path]:
    """The folders that one part of a path leads to; the part may be a glob."""
    if not any(sign in part for sign in "*?["):
        return [folder / part]
    return [one for one in folder.glob(part) if one.is_dir()]


def _reached(folder: Path, rest: tuple[str, ...], digits: str) -> Iterator[Path]:
    """Paths below a folder that the rest of a pattern leads to."""
    return folder.glob("/".join(rest).replace(RUN, digits))


def _names(folder: Path) -> list[str]:
    """Names of the entries of a folder; none if it is not one."""
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _expression(part: str) -> str:
    """A part of a path as a regular expression: globs, and digits for the first `{run}`."""
    pieces = {RUN: r"(\d+)", "*": ".*", "?": "."}
    words = re.split(r"(\{run\}|\*|\?|\[[^\]]+\])", part)
    expression, seen = "", False
    for word in words:
        if word == RUN and seen:
            expression += r"\1"
        elif word == RUN and expression.endswith(".*"):
            expression += rf"(?<!\d){pieces[RUN]}"  # or the wildcard would take most digits
            seen = True
        elif word in pieces:
            expression += pieces[word]
            seen = seen or word == RUN
        elif word.startswith("[") and word.endswith("]"):
            expression += "[^" + word[2:] if word[1] == "!" else word
        else:
            expression += re.escape(word)
    return expression
