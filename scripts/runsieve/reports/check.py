"""The report of a check: for the terminal as text, and as a page."""

from collections.abc import Iterable, Sequence

from runsieve.checks.analysis import AnalysisChecked
from runsieve.reports.templates import environment


def all_problems(mistakes: Sequence[str], analyses: Sequence[AnalysisChecked]) -> list[str]:
    """The mistakes in the configuration and what is wrong with the files, each once.

    Analyses can share runs.
    """
    found = [text for one in analyses for text in one.problems]
    return list(dict.fromkeys([*mistakes, *found]))


def check_text(mistakes: Sequence[str], analyses: Sequence[AnalysisChecked]) -> str:
    """What was found in each analysis; all problems last."""
    problems = all_problems(mistakes, analyses)
    parts = ["\n".join(_lines(one)) for one in analyses]
    parts.append("\n".join([_count(problems), *(f"- {text}" for text in problems)]))
    return "\n\n".join(parts) + "\n"


def check_page(mistakes: Sequence[str], analyses: Sequence[AnalysisChecked]) -> str:
    """The same as HTML, with the branches of each run; what comes from files is escaped."""
    problems = all_problems(mistakes, analyses)
    template = environment().get_template("check.html.j2")
    return template.render(analyses=analyses, problems=problems)


def _lines(one: AnalysisChecked) -> Iterable[str]:
    yield f"{one.name}: {one.title}"
    if one.written:
        yield f"  written by the workflow, not opened: {_runs(one.written)}"
    rows = [("run", "kind", "files", "entries", "MB", "examined", "checksums")]
    rows += [
        (
            run.run,
            run.kind,
            len(run.files),
            run.entries,
            f"{run.megabytes:.1f}",
            run.examined,
            run.checksums or "none",
        )
        for run in one.runs
    ]
    yield from _table(rows if one.runs else [])
    friends = [("run", "friend", "entries", "joined", "events", "with an entry", "%")]
    friends += [
        (run.run, its.name, its.entries, its.joined, its.events, its.matched, f"{its.percent:.2f}")
        for run in one.runs
        for its in run.friends
    ]
    yield from _table(friends if len(friends) > 1 else [])
    expected = [("sample", "class", "events expected")]
    expected += [
        (sample, one.titles.get(label, label), events)
        for sample, label, events in one.expected.itertuples(index=False)
    ]
    yield from _table(expected if len(one.expected) else [])
    if one.disk:
        yield f"  arrays of all samples: up to {one.disk / 1e6:.0f} MB"
    if one.bare:
        yield f"  without checksums in the run sheet: {_runs(one.bare)}"
    for run, reason in one.left_out.items():
        yield f"  left out: run {run} ({reason})"
    bare = sum(len(run.unprotected) for run in one.runs)
    if bare:
        yield f"  branches with baskets without a checksum: {bare}, listed on the page"


def _runs(numbers: Sequence[int]) -> str:
    return f"run{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"


def _count(problems: Sequence[str]) -> str:
    if not problems:
        return "no problem found"
    return f"{len(problems)} problem{'s' * (len(problems) > 1)}:"


def _table(rows: Sequence[Sequence[object]]) -> Iterable[str]:
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells)
