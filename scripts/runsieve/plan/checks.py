"""What is checked of an analysis before anything is computed, from its plan."""

from collections.abc import Iterable
from glob import glob
from pathlib import Path
from typing import Any

from runsieve.config.columns import ComputedColumn
from runsieve.config.friends import branches_of, friends_of
from runsieve.expressions import for_channel, parse_for
from runsieve.plan.plan import Plan
from runsieve.plan.runs import for_run


def checked(plan: Plan) -> dict[str, Any]:
    """Plain values: fields of `AnalysisChecked`, `RunToCheck` and `SampleToCheck`."""
    written = [number for number, run in plan.runs.items() if run.simulated or run.ingested]
    return {
        "name": plan.name,
        "title": plan.settings.title,
        "titles": plan.titles(),
        "runs": [_run(plan, number) for number in plan.runs if number not in written],
        "written": written,
        "samples": [_sample(plan, name) for name in plan.settings.samples],
    }


def _run(plan: Plan, run: int) -> dict[str, Any]:
    settings = plan.settings
    computed = set(plan.computed)
    columns = {name: text for name, text in plan.columns(run).items() if name not in computed}
    named = {column for name in settings.inputs for column in plan.named_columns(name, run)}
    needs_computed = any(
        parse_for(cut, settings.channels[0]).names & computed for cut in plan.cuts(run)
    )
    sheet = plan.runs[run].files
    others = {
        name: text
        for name, text in settings.columns.items()
        if name in named and not isinstance(text, ComputedColumn)
    }
    return {
        "run": run,
        "kind": plan.kind(run),
        "files": sheet,
        "tree": settings.tree,
        "channels": settings.channels,
        "columns": columns,
        "others": others,
        "hit": plan.hit,
        "classes": {} if needs_computed else plan.steps(run),
        "friends": _friends(plan, run, [*columns.values(), *others.values()]),
        "keep": [name for name in settings.keep if name not in computed],
        "inputs": {
            name: {
                "settings": plan.input_of(run, name),
                "files": sheet if one.files is None else for_run(one.files, run),
                "tree": one.tree or settings.tree,
            }
            for name, one in settings.inputs.items()
            if one.branches
        },
    }


def _friends(plan: Plan, run: int, texts: Iterable[str]) -> dict[str, Any]:
    """Friends that columns or inputs read, with files as the configuration names them."""
    settings, sheet = plan.settings, plan.runs[run].files
    branches = branches_of(texts, settings.channels)
    for one in settings.inputs.values():
        branches |= {
            for_channel(text, number) for text in one.branches for number in settings.channels
        }
    return {
        name: {
            "settings": one.model_dump(mode="json"),
            "files": sheet if one.files is None else for_run(one.files, run),
            "tree": one.tree or settings.tree,
            "event": settings.columns["event"],
        }
        for name, one in settings.friends.items()
        if name in friends_of(branches, settings.friends)
    }


def _sample(plan: Plan, name: str) -> dict[str, Any]:
    sample = plan.settings.samples[name]
    runs = plan.sample_runs(name)
    if sample.runs_of is not None:
        classes = {f"run {run}": (sample.runs_of, [run]) for run in runs}
    else:
        classes = {label: (label, runs) for label in plan.classes(name)}
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
    files = sorted({file for text in words for word in text.split() for file in glob(word)})
    found = [(file, Path(file).stat()) for file in files]
    return [[file, one.st_size, one.st_mtime_ns] for file, one in found]
