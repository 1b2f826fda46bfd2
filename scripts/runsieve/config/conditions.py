"""Conditions of a run: numbers of the run sheet that the columns of an analysis read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite

from runsieve.config.analysis import Analysis
from runsieve.config.messages import hint
from runsieve.config.run_sheet import Run
from runsieve.expressions import for_channel
from runsieve.runs.ranges import run_ranges

SHEET = "sheet"
NAMED = re.compile(rf"(?<![\w.]){SHEET}\.((?:\w|\{{channel\}})+)")


def conditions_in(text: str, channels: Iterable[int]) -> set[str]:
    """Names of the conditions that an expression reads, over all channels."""
    return {for_channel(name, one) for name in NAMED.findall(text) for one in channels}


def with_conditions(text: str, values: Mapping[str, str], channels: Iterable[int]) -> str:
    """An expression with the values of a run in place of `sheet.NAME`.

    Where the name depends on `{channel}`, so does what replaces it.
    """

    def number(found: re.Match) -> str:
        if "{channel}" not in found[1]:
            return f"({float(values[found[1]])!r})"
        terms = (
            f"({{channel}} == {one}) * ({float(values[for_channel(found[1], one)])!r})"
            for one in channels
        )
        return f"({' + '.join(terms)})"

    return NAMED.sub(number, text)


def check_conditions(analysis: Analysis, runs: list[Run], sheet: str) -> Iterator[str]:
    """Conditions that the run sheet does not give, as sentences that start with the key."""
    if SHEET in analysis.friends:
        yield f"friends.{SHEET}: the name is taken; {SHEET}.NAME is a column of the run sheet"
    known = {name for run in runs for name in run.conditions}
    for column, text in analysis.columns.items():
        named = conditions_in(text, analysis.channels) if isinstance(text, str) else set()
        for name in sorted(named - known):
            yield f"columns.{column}: {sheet} has no column '{name}'{hint(name, known)}"
        for name in sorted(named & known):
            wrong = [run for run in runs if not _is_number(run.conditions.get(name, ""))]
            if wrong:
                numbers = run_ranges(run.run for run in wrong)
                yield (
                    f"columns.{column}: expected a finite number in column '{name}' of {sheet}, "
                    f"found '{wrong[0].conditions.get(name, '')}' (run {numbers})"
                )


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
