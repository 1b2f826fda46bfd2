"""What is checked of an analysis before anything is computed, from its plan."""

from glob import glob
from pathlib import Path
from typing import Any

from runsieve.config.columns import ComputedColumn
from runsieve.expressions import parse_for
from runsieve.plan.plan import Plan


def checked(plan: Plan) -> dict[str, Any]:
    """Plain values: fields of `AnalysisChecked`, `RunToCheck` and `SampleToCheck`."""
    written = [number for number, run in plan.runs.items() if run.simulated or run.ingested]
    return {
        "name": plan.name,
        "title": plan.settings.title,
        "runs": [_run(plan, number) for number in plan.runs if number not in written],
        "written": written,
        "samples": [_sample(plan, name) for name in plan.settings.samples],
    }


def _run(plan: Plan, run: int) -> dict[str, Any]:
    settings = plan.settings
    computed = set(plan.computed)
    columns = {name: text for name, text in plan.columns(run).items() if name not in computed}
    named = {column for name in settings.inputs for column in plan.named_columns(name, run)}
    cuts = {cut for steps in plan.steps(run).values() for cut in steps.values()}
    needs_computed = any(parse_for(cut, settings.channels[0]).names & computed for cut in cuts)
    sheet = plan.runs[run].files
    return {
        "run": run,
        "kind": plan.kind(run),
        "files": sheet,
        "tree": settings.tree,
        "channels": settings.channels,
        "columns": columns,
        "others": {
            name: text
            for name, text in settings.columns.items()
            if name in named and not isinstance(text, ComputedColumn)
        },
        "classes": {} if needs_computed else plan.steps(run),
        "keep": [name for name in settings.keep if name not in computed],
        "inputs": {
            name: {
                "settings": plan.input_of(run, name),
                "files": sheet if one.files is None else one.files.replace("{run}", str(run)),
                "tree": one.tree or settings.tree,
            }
            for name, one in settings.inputs.items()
            if one.branches
        },
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
        one.files.replace("{run}", str(run))
        for one in plan.settings.inputs.values()
        if one.files is not None
        for run in plan.runs
    ]
    files = sorted({file for text in words for word in text.split() for file in glob(word)})
    found = [(file, Path(file).stat()) for file in files]
    return [[file, one.st_size, one.st_mtime_ns] for file, one in found]
