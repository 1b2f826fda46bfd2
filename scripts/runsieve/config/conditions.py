"""Conditions of a run: numbers of the run sheet that the columns of an analysis read."""

import re
from collections.abc import Iterable, Mapping

from runsieve.expressions import for_channel

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
