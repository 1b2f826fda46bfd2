"""What the rules need to know of an analysis to describe how its results were made."""

from typing import Any

import yaml

from runsieve import layout
from runsieve.plan.curves import fewer_samples
from runsieve.plan.plan import Plan
from runsieve.plan.scored import scored_runs
from runsieve.plan.scored_reports import scores_on_page


def effective_configuration(plan: Plan) -> str:
    """The settings of an analysis with all defaults, as the YAML of an analysis of its own."""
    settings = plan.settings.model_dump(mode="json", exclude={"demo", "extends"})
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=100)


def origin_of_runs(plan: Plan) -> list[dict[str, Any]]:
    """Kind, origin and files of each run; of each file the checksum, if the run sheet gives one.

    Scored runs are among them where the page shows these.
    """
    runs = plan.runs | {run: plan.known[run] for run in _scored(plan)}
    return [
        {
            "run": number,
            "kind": run.kind,
            "origin": "simulated" if run.simulated else "ingested" if run.ingested else "files",
            "files": dict.fromkeys(plan.files(number))
            | dict(zip(plan.files(number), plan.checksums(number), strict=False)),
        }
        for number, run in runs.items()
    ]


def _scored(plan: Plan) -> list[int]:
    """Scored runs, if the page shows them."""
    return scored_runs(plan) if scores_on_page(plan) else []


def training_files(plan: Plan) -> list[str]:
    """Facts of every training of a network, of each fold where there are any."""
    return [
        plan.path(layout.TRAINING, sample=part, model=model, seed=seed)
        for sample in plan.settings.samples
        for model in plan.models(sample)
        if plan.is_network(model)
        for part in plan.folds(sample) or [sample]
        for seed in plan.seeds(sample, model)
    ]


def _parts(plan: Plan, sample: str) -> list[str]:
    """The samples that a sample is divided into for one purpose or another."""
    return [*plan.folds(sample), *plan.judging_folds(sample), *fewer_samples(plan, sample)]


def described_jobs() -> dict[str, str]:
    """Benchmark templates of the rules of an analysis but those that describe what the others did.

    These run after them, at the same time.
    """
    describing = ("write_provenance", "summarise_resources")
    return {
        rule: template
        for rule, template in layout.JOBS.items()
        if "{analysis}" in template and rule not in describing
    }


def known_jobs(plan: Plan) -> dict[str, list[str]]:
    """Values of wildcards that occur in the jobs of an analysis as it is configured."""
    samples = list(plan.settings.samples)
    return {
        "run": [str(run) for run in plan.runs | dict.fromkeys(_scored(plan))],
        "runs": plan.batches(plan.runs),
        "sample": [*samples, *(part for sample in samples for part in _parts(plan, sample))],
        "model": list(plan.settings.models),
        "seed": [str(seed) for seed in plan.settings.seeds],
        "column": list(plan.settings.keep),
        "input": list(plan.settings.inputs),
        "tested": samples,
    }
