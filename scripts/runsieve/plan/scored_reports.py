"""What the rules need to know to report runs that were scored."""

from typing import Any

from runsieve import layout
from runsieve.plan.plan import Plan
from runsieve.plan.scored import scored_models, scored_runs


def reported_files(plan: Plan, template: str) -> list[str]:
    """A file of the report of each model that runs are scored with, of its first seed."""
    return [
        plan.path(template, sample=sample, model=model, seed=plan.seeds(sample, model)[0])
        for sample, model in (scored_models(plan) if scored_runs(plan) else ())
    ]


def scores_of_runs(plan: Plan, sample: str, model: str, seed: int) -> list[str]:
    """Tables of all scored runs, in the order of `described_runs`."""
    return [
        plan.path(layout.RUN_SCORE_TABLE, sample=sample, model=model, seed=seed, run=run)
        for run in scored_runs(plan)
    ]


def described_runs(plan: Plan, sample: str) -> list[dict[str, Any]]:
    """What a report says of each scored run (fields of `scoring.counting.ScoredRun`)."""
    return [
        {
            "run": run,
            "kind": plan.kind(run),
            "livetime": plan.livetime(run),
            "evenly": drawn_evenly(plan, run, sample),
        }
        for run in scored_runs(plan)
    ]


def drawn_evenly(plan: Plan, run: int, sample: str) -> bool:
    """True if what a sample draws of a run is a random part of its selected events.

    It is where one class takes all of them, and none are preferred to balance a column.
    """
    taking = set(plan.steps(run)) & set(plan.classes(sample))
    cut = any(plan.settings.classes[name].cut for name in taking)
    return not taking or (len(taking) == 1 and not cut and not plan.matched(sample))


def masses_of(plan: Plan, sample: str) -> dict[int, float | None]:
    """Mass in kg by channel of a sample; None where the analysis gives none."""
    channels, masses = plan.settings.samples[sample].channels, plan.masses(sample)
    return {channel: masses.get(channel) for channel in channels or plan.settings.channels}


def scored_simulation(plan: Plan) -> bool:
    """True if every scored run is simulated."""
    return all(plan.known[run].simulated for run in scored_runs(plan))


def scores_on_page(plan: Plan) -> bool:
    """True if the page shows scored runs: where the analysis itself names runs or models."""
    own = plan.settings.scores
    return bool(own.runs or own.models) and bool(scored_runs(plan))
