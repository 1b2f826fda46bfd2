"""Checks of conditions: the run sheet must give those that columns read, as numbers."""

from collections.abc import Iterator
from math import isfinite

from runsieve.config.analysis import Analysis
from runsieve.config.conditions import SHEET, conditions_in
from runsieve.config.messages import hint
from runsieve.config.ranges import run_ranges
from runsieve.config.run_sheet import Run


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
