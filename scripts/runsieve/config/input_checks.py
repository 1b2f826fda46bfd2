"""Checks of inputs: the columns that they name, and windows that differ between kinds of run."""

from collections.abc import Iterator

from runsieve.config.analysis import Analysis
from runsieve.config.columns import ComputedColumn
from runsieve.config.messages import hint
from runsieve.config.references import names, problems, unknown
from runsieve.config.run_sheet import Run
from runsieve.expressions import for_channel


def check_inputs(analysis: Analysis, runs: list[Run], sheet: str) -> Iterator[str]:
    """All contradictions between inputs and the rest of an analysis, see `checks.check`."""
    computed = {
        name: column
        for name, column in analysis.columns.items()
        if isinstance(column, ComputedColumn)
    }
    for name, settings in analysis.inputs.items():
        for column in settings.columns:
            yield from unknown(f"inputs.{name}.columns", "column", column, analysis.columns)
        for part, text in settings.expressions().items():
            key = f"inputs.{name}.{part}"
            yield from problems(key, text, analysis, analysis.columns)
            for column in sorted(_names_of(text, analysis) & set(computed)):
                if any(name in one.inputs for one in computed.values()):
                    yield f"{key}: column '{column}' is computed, but columns are computed from it"
        if settings.window is not None:
            named = set(settings.window.starts()) - {None}
            yield from _check_kinds(f"inputs.{name}.window.start", named, analysis, runs, sheet)


def _check_kinds(
    key: str, named: set[str], analysis: Analysis, runs: list[Run], sheet: str
) -> Iterator[str]:
    """What differs between kinds of run must name all that events are taken from, and no others."""
    kinds = {run.kind for run in runs}
    for kind in sorted(named - kinds):
        yield f"{key}.{kind}: {sheet} has no run of this kind{hint(kind, kinds)}"
    taken = {
        run.kind
        for run in runs
        if any(one.takes(run.run, run.kind) for one in analysis.classes.values())
    }
    for kind in sorted(taken - named) if named else ():
        yield f"{key}: kind '{kind}' of {sheet} is missing; give it a start, too"


def _names_of(text: str, analysis: Analysis) -> frozenset[str]:
    """Names in an expression in any channel."""
    return frozenset().union(*(names(for_channel(text, channel)) for channel in analysis.channels))
