"""Checks of samples: the runs that they are drawn from."""

from collections.abc import Iterator, Mapping

from runsieve.config.run_sheet import Run
from runsieve.config.sample import Sample
from runsieve.config.selection import EventClass


def check_runs_of_sample(
    key: str, sample: Sample, classes: Mapping[str, EventClass], runs: list[Run], sheet: str
) -> Iterator[str]:
    """Contradictions between a sample, its classes and the run sheet, as sentences with the key.

    classes: of the analysis, by name
    """
    if sample.runs is not None:
        yield from _check_named_runs(key, sample, classes, runs, sheet)
    if sample.runs_of is not None:
        yield from _check_runs_of(key, sample, classes, runs, sheet)


def _check_named_runs(
    key: str, sample: Sample, classes: Mapping[str, EventClass], runs: list[Run], sheet: str
) -> Iterator[str]:
    kinds = {run.run: run.kind for run in runs}
    named = set(sample.runs)
    drawn = [sample.runs_of] if sample.runs_of is not None else sample.classes
    mine = {name: one for name, one in classes.items() if not drawn or name in drawn}
    certain = {name: one for name, one in mine.items() if _is_certain(one, runs)}
    for number in sorted(named):
        if sample.runs.count(number) > 1:
            yield f"{key}.runs: run {number} is listed twice"
        if number not in kinds:
            yield f"{key}.runs: run {number} is missing in {sheet}"
        elif certain == mine and not any(one.takes(number, kinds[number]) for one in mine.values()):
            yield f"{key}.runs: run {number} has no event of its classes ({', '.join(mine)})"
    for name, one in certain.items():
        if named <= kinds.keys() and not any(one.takes(run, kinds[run]) for run in named):
            yield f"{key}.runs: class '{name}' takes no event from them"
    for number in sorted({run for split in sample.split.runs.values() for run in split} - named):
        yield f"{key}.split.runs: run {number} is not in {key}.runs"


def _check_runs_of(
    key: str, sample: Sample, classes: Mapping[str, EventClass], runs: list[Run], sheet: str
) -> Iterator[str]:
    if sample.classes is not None:
        yield f"{key}: give classes or runs_of, not both"
    if sample.split.runs:
        yield f"{key}.split.runs: does not go with runs_of, which needs every run in every split"
    label, numbers = sample.runs_of, {run.run for run in runs}
    if label not in classes or not _is_certain(classes[label], runs):
        return
    taken = [
        run.run
        for run in runs
        if classes[label].takes(run.run, run.kind)
        if sample.runs is None or run.run in sample.runs
    ]
    if len(taken) < 2 and numbers.issuperset(sample.runs or ()):
        found = ", ".join(map(str, taken)) or "none"
        place = sheet if sample.runs is None else f"{key}.runs"
        yield f"{key}.runs_of: class '{label}' needs at least two runs in {place}, found {found}"


def _is_certain(one: EventClass, runs: list[Run]) -> bool:
    """False if a class names runs that are not there, so that others may be meant."""
    kinds, numbers = {run.kind for run in runs}, {run.run for run in runs}
    return (
        bool(one.kinds or one.runs) and kinds.issuperset(one.kinds) and numbers.issuperset(one.runs)
    )
