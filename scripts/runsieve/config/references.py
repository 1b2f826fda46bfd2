"""Names and expressions in the configuration: whether they can be read, and what they name."""

from collections.abc import Iterable, Iterator

from runsieve.config.analysis import Analysis
from runsieve.config.messages import hint
from runsieve.errors import RunsieveError
from runsieve.expressions import parse, parse_for


def unknown(key: str, what: str, name: str, known: Iterable[str]) -> Iterator[str]:
    """What is said of a name that is not among the known ones."""
    if name not in known:
        yield f"{key}: there is no {what} '{name}'{hint(name, known)}"


def names(text: str) -> frozenset[str]:
    """Names in an expression; none if it cannot be read."""
    try:
        return parse(text).names
    except RunsieveError:
        return frozenset()


def problems(
    key: str, text: str, analysis: Analysis, known: Iterable[str] | None = None
) -> Iterator[str]:
    """What is wrong with a cut or a column in any channel; `known` are the names it may use."""
    found: set[str] = set()
    for channel in dict.fromkeys(analysis.channels):
        try:
            found |= parse_for(text, channel).names
        except RunsieveError as error:
            yield f"{key}: {error}"
            return
    if known is not None:
        for name in sorted(found):
            yield from unknown(key, "column", name, known)
