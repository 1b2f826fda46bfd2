"""What is checked of an analysis before anything is computed, from its plan."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from runsieve.config.columns import ComputedColumn
from runsieve.config.friends import branches_of, friends_of
from runsieve.config.inputs import Input
from runsieve.config.selection import ALL
from runsieve.expressions import for_channel, parse_for
from runsieve.plan.files import for_run
from runsieve.plan.plan import Plan


def checked(plan: Plan, compare_checksums: bool = True) -> dict[str, Any]:
    """Plain values: fields of `AnalysisChecked`, `RunToCheck` and `SampleToCheck`.

    Of an analysis with mistakes, what does not depend on anything that is mistaken.

    place: its file; absent: by run, what is missing of it, where such runs are left out
    uncertain: classes that may have further runs, which are not known
    """
    written = [number for number, run in plan.runs.items() if run.simulated or run.ingested]
    repeated = {run for run, _ in plan.repeated_files()}  # its other events are not known
    runs = [run for run in plan.runs if run not in written]
    absent = {run: sentence for run in runs if (sentence := plan.absence(run))}
    return {
        "name": plan.name,
        "title": plan.settings.title,
        "titles": plan.titles(),
        "place": str(plan.loaded.places.analysis(plan.name)),
        "runs": [
            _run(plan, run, compare_checksums)
            for run in runs
            if run not in repeated and run not in absent
        ],
        "absent": absent,
        "written": written,
        "bare": [run for run in runs if not plan.runs[run].checksums],
        "uncertain": sorted(_uncertain(plan, {*written, *repeated})),
        "samples": [
            _sample(plan, name)
            for name in plan.settings.samples
            if not plan.loaded.lacks("samples", name)
        ],
    }


def _uncertain(plan: Plan, unopened: set[int]) -> Iterator[str]:
    known = {run.run for run in plan.loaded.runs}
    for name, one in plan.settings.classes.items():
        lost = any(
            (number is None and set(one.runs) - known)
            or (kind is None and one.kinds)
            or one.takes(-1 if number is None else number, kind or "")
            for number, kind in plan.loaded.lost
        )
        opened = any(one.takes(run, plan.kind(run)) for run in unopened)
        if lost or opened or plan.loaded.lacks("classes", name):
            yield name


def _run(plan: Plan, run: int, compare_checksums: bool) -> dict[str, Any]:
    settings, lacks = plan.settings, plan.loaded.lacks
    columns = plan.columns(run)
    left_out = set(plan.computed) | {n for n, text in columns.items() if _unclear(plan, text)}
    columns = {name: text for name, text in columns.items() if name not in left_out}
    cuts = plan.cuts(run)
    unknown = any(parse_for(cut, settings.channels[0]).names & left_out for cut in cuts)
    unknown |= lacks("channels") and any("{channel}" in cut for cut in cuts)
    inputs = {
        name: one
        for name, one in settings.inputs.items()
        if one.branches and not lacks("inputs", name)
        if one.tree is not None or not lacks("tree")
        if not any(_unclear(plan, text, _names(plan, text)) for text in one.branches)
        if not any(_unclear(plan, text, ()) for text in one.expressions().values())
        if one.window is None or {None, plan.kind(run)} & set(one.window.starts())
    }
    named = {column for one in settings.inputs.values() for column in one.columns}
    named |= {column for name in inputs for column in plan.named_columns(name, run)}
    others = {
        name: text
        for name, text in settings.columns.items()
        if name in named and not isinstance(text, ComputedColumn) and not _unclear(plan, text)
    }
    friends = _friends(plan, run, [*columns.values(), *others.values()], inputs.values())
    sheet = plan.runs[run].files
    return {
        "run": run,
        "kind": plan.kind(run),
        "files": sheet,
        "checksums": plan.runs[run].checksums if compare_checksums else "",
        "tree": None if lacks("tree") else settings.tree,
        "channels": settings.channels,
        "columns": columns,
        "others": plan.filled(run, others),
        "hit": plan.hit,
        "classes": {} if unknown else plan.steps(run),
        "keys": _keys(plan, run),
        "complete": not any(map(lacks, ("selection", "classes", "columns", "channels"))),
        "keep": [name for name in settings.keep if name not in left_out],
        "inputs": {
            name: {
                "settings": plan.input_of(run, name),
                "files": sheet if one.files is None else for_run(one.files, run),
                "tree": one.tree or settings.tree,
            }
            for name, one in inputs.items()
        },
        "friends": friends,
        "skips": plan.skips_runs,
    }


def _unclear(plan: Plan, text: str, names: Iterable[str] | None = None) -> bool:
    """True if a column or branch depends on channels or friends that are mistaken.

    names: of its branches (default: those in the expression)
    """
    settings, lacks = plan.settings, plan.loaded.lacks
    if lacks("channels") and "{channel}" in text:
        return True
    if names is None:
        names = branches_of([text], settings.channels)
    friends = {name.partition(".")[0] for name in names if "." in name}
    return any(
        lacks("friends", name)
        or (lacks("tree") and name in settings.friends and settings.friends[name].tree is None)
        for name in friends
    )


def _names(plan: Plan, text: str) -> set[str]:
    """A branch of an input, in all channels."""
    return {for_channel(text, number) for number in plan.settings.channels}


def _friends(plan: Plan, run: int, texts: Iterable[str], inputs: Iterable[Input]) -> dict[str, Any]:
    """Friends that columns or inputs read, with files as the configuration names them."""
    settings, sheet = plan.settings, plan.runs[run].files
    branches = branches_of(texts, settings.channels)
    branches |= {name for one in inputs for text in one.branches for name in _names(plan, text)}
    no_event = plan.loaded.lacks("columns", "event")
    return {
        name: {
            "settings": one.model_dump(mode="json"),
            "files": sheet if one.files is None else for_run(one.files, run),
            "tree": one.tree or settings.tree,
            "event": None if one.event and no_event else settings.columns["event"],
        }
        for name, one in settings.friends.items()
        if name in friends_of(branches, settings.friends)
    }


def _keys(plan: Plan, run: int) -> dict[str, str]:
    """Where in the configuration each cut of a run is."""
    selection, kind = plan.settings.selection, plan.kind(run)
    return {
        ALL: "selection.hit",
        **{name: f"classes.{name}.cut" for name in plan.settings.classes},
        **{name: f"selection.by_kind.{kind}.{name}" for name in selection.by_kind.get(kind, {})},
        **{name: f"selection.precut.{name}" for name in selection.precut},
    }


def _sample(plan: Plan, name: str) -> dict[str, Any]:
    sample = plan.settings.samples[name]
    runs = plan.sample_runs(name)
    if sample.runs_of is not None:
        classes = {f"run {run}": (sample.runs_of, [run]) for run in runs}
    else:
        steps = {run: plan.steps(run) for run in runs}
        classes = {
            label: (label, [run for run in runs if label in steps[run]])
            for label in plan.classes(name)
        }
    seen = [plan.settings.models[model].inputs_seen() for model in plan.models(name)]
    return {
        "name": name,
        "channels": sample.channels or plan.settings.channels,
        "classes": classes,
        "inputs": list(dict.fromkeys(one for inputs in seen for one in inputs)),
    }


def state(plan: Plan) -> list[list[Any]]:
    """Path, size and time of each file of the runs, so that changed files are checked again."""
    words = [run.files for run in plan.runs.values()]
    words += [
        for_run(one.files, run)
        for one in (*plan.settings.inputs.values(), *plan.settings.friends.values())
        if one.files is not None
        for run in plan.runs
    ]
    files = {
        file for text in words for word in text.split() for file in plan.folders.matching(word)
    }
    found = [(file, Path(file).stat()) for file in sorted(files) if Path(file).exists()]
    return [[file, one.st_size, one.st_mtime_ns] for file, one in found]
