"""What the rules need to know to score whole runs with trained models."""

import re
from pathlib import Path
from typing import Any

from runsieve import layout
from runsieve.errors import RunsieveError
from runsieve.plan.plan import Plan
from runsieve.plan.runs import watched

PICTURE = "image"  # the branch of a run that pictures are in


def scored_runs(plan: Plan) -> list[int]:
    """Numbers of the runs that are scored, but for those that are left out."""
    return [run for run in _named_runs(plan) if not plan.absence(run)]


def absent_scored_runs(plan: Plan) -> dict[int, str]:
    """By run, why it is not scored, although it is asked for."""
    return {run: reason for run in _named_runs(plan) if (reason := plan.absence(run))}


def _named_runs(plan: Plan) -> list[int]:
    scored = plan.loaded.scored
    if scored.settings.sheet:
        runs = [run.run for run in scored.others]
    else:
        runs = list(plan.known) if scored.settings.runs else list(plan.runs)
    return sorted(run for run in runs if scored.settings.names(run))


def scored_models(plan: Plan) -> list[tuple[str, str]]:
    """Combinations (sample, model) that runs are scored with."""
    named = plan.loaded.scored.settings.models
    if named:
        return [tuple(word.split("/")) for word in named]
    references = {plan.settings.baseline, plan.settings.oracle}
    found = []
    for sample, models in plan.settings.models_to_score().items():
        ours = [model for model in models if model not in references]
        found += [(sample, model) for model in ours[:1]]
    return found


def scored_files(plan: Plan, template: str) -> list[str]:
    """A file of each scored run and model, of its first seed."""
    return [
        plan.path(template, sample=sample, model=model, seed=plan.seeds(sample, model)[0], run=run)
        for sample, model in scored_models(plan)
        for run in scored_runs(plan)
    ]


def scoring_models(plan: Plan, sample: str, model: str, seed: int) -> list[str]:
    """The files of a fitted model: one, or one of each fold."""
    return [plan.model_file(one, model, seed) for one in plan.folds(sample) or [sample]]


def scoring_sources(plan: Plan, run: int, sample: str, model: str) -> list[str]:
    """Files that a run is scored from, as far as Snakemake can watch them."""
    asked = run_to_score(plan, run, sample, model)
    own = [asked["files"], [asked["computed"]] if asked["computed"] else []]
    inputs = asked["inputs"].values()
    friends = [one for part in (asked, *inputs) for one in part["friends"].values()]
    return watched([*own, *(part["files"] for part in (*inputs, *friends))], {})


def run_to_score(plan: Plan, run: int, sample: str, model: str) -> dict[str, Any]:
    """What is read of a run to score it, and from where (fields of `scoring.asked.RunToScore`)."""
    settings = plan.settings
    names = {"event", "run", *settings.keep, *plan.scored_columns(model)}
    columns = plan.columns_to_score(run, names)
    return {
        "run": run,
        "files": plan.files(run),
        "tree": settings.tree,
        "computed": plan.computed_file(run),
        "friends": plan.friends_to_score(run, columns),
        "columns": columns,
        "kept": sorted(names - {"event", "run"}),
        "cuts": plan.common_cuts(run),
        "hit": plan.hit,
        "channels": settings.samples[sample].channels or settings.channels,
        "triggers": plan.loaded.scored.settings.triggers,
        "inputs": {
            name: {
                "settings": plan.input_of(run, name),
                "files": plan.input_files(run, name),
                "tree": settings.inputs[name].tree or settings.tree,
                "friends": plan.input_friends(run, name),
                "columns": plan.filled(run, plan.input_columns(name)),
            }
            for name in settings.models[model].inputs_seen()
        },
    }


def picture_files(plan: Plan) -> list[str]:
    """The table of each model that pictures without labels are scored with.

    Raises RunsieveError if there is no folder of them, or if the analysis is not of pictures.
    """
    folder = plan.loaded.scored.settings.pictures
    if folder is None:
        raise RunsieveError(
            "name a folder: snakemake picture_scores --config 'scores={pictures: FOLDER}'"
        )
    if plan.settings.ingest is None:
        raise RunsieveError(
            f"{plan.name}: scores.pictures: the analysis has no `ingest`, so its models see no "
            "pictures; name another with --config analyses=NAME"
        )
    if not Path(folder).is_dir():
        raise RunsieveError(f"{plan.name}: scores.pictures: there is no folder '{folder}'")
    return [
        plan.path(
            layout.PICTURE_SCORES, sample=sample, model=model, seed=plan.seeds(sample, model)[0]
        )
        for sample, model in scored_models(plan)
    ]


def pictures_to_score(plan: Plan, model: str) -> dict[str, Any]:
    """What is read of pictures once they are a run, all but its files (see `RunToScore`).

    Raises RunsieveError if the model sees more than the pictures.
    """
    settings, asked = plan.settings, {}
    seen = [(name, settings.inputs[name]) for name in settings.models[model].inputs_seen()]
    for name, one in seen:
        if one.branches != [PICTURE] or plan.seen_columns(model):
            raise RunsieveError(
                f"{plan.name}: {model} does not see pictures alone, but {name} of "
                f"{', '.join(one.branches or one.columns)}; score a run of them instead"
            )
        asked[name] = {"settings": plan.input(name), "columns": {"event": "event"}}
    return {
        "run": 0,
        "computed": None,
        "friends": {},
        "columns": {"event": "event"},
        "kept": [],
        "cuts": {},
        "hit": None,
        "channels": settings.channels[:1],
        "triggers": "all",
        "inputs": asked,
    }


def branch_prefixes(plan: Plan, sample: str) -> dict[int, str]:
    """By channel of a sample, how names of branches with its scores begin."""
    channels = plan.settings.samples[sample].channels or plan.settings.channels
    if len(plan.settings.channels) == 1:
        return dict.fromkeys(channels, "")
    return {one: _branch_name(f"{plan.settings.channel_name}{one}") + "_" for one in channels}


def _branch_name(title: str) -> str:
    """A title as the name of a branch: what is neither letter nor digit becomes `_`."""
    return re.sub(r"\W+", "_", title, flags=re.ASCII).strip("_")
