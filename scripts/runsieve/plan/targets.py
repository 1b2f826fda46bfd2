"""What rules need to know from all analyses together."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from runsieve.config.ranges import run_ranges
from runsieve.errors import RunsieveError
from runsieve.plan.plan import Plan

MANY = 20  # runs whose missing files are named one by one


def analyses_with(plans: Mapping[str, Plan], origin: str) -> str:
    """Regular expression that matches {analysis} if the path goes on with a run of this origin.

    origin: `simulated` or `ingested`. Both kinds of run have the same file names. Without any such
    run, the expression matches nothing.
    """
    analyses = []
    for name, plan in plans.items():
        numbers = [str(number) for number, run in plan.known.items() if getattr(run, origin)]
        if numbers:
            analyses.append(rf"{name}(?=/run(?:{'|'.join(numbers)})\.)")
    return "|".join(analyses) or "(?!)"


def scores_of_folds(plans: Mapping[str, Plan]) -> str:
    """Regular expression that matches {analysis} if the path goes on with the scores of a model of
    a whole sample that has folds.

    These are merged from the scores of the folds, which have the same file names.
    """
    return _followed_by_samples(plans, Plan.folds, "tests", r"\w+/seed")


def frozen_samples(plans: Mapping[str, Plan]) -> str:
    """Regular expression that matches {analysis} if the path goes on with a frozen sample.

    No rule draws these; their files are what they are.
    """
    return _followed_by_samples(plans, Plan.is_frozen, "samples")


def cleaned_samples(plans: Mapping[str, Plan]) -> str:
    """Regular expression that matches {analysis} if the path goes on with a cleaned sample.

    These are made of the events of another sample, in place of event lists.
    """
    return _followed_by_samples(plans, Plan.is_cleaned, "samples")


def _followed_by_samples(
    plans: Mapping[str, Plan], chosen: Callable[[Plan, str], Any], folder: str, rest: str = ""
) -> str:
    """Matches {analysis} if the path goes on with a folder, a chosen sample of it, and the rest."""
    analyses = []
    for name, plan in plans.items():
        samples = [sample for sample in plan.settings.samples if chosen(plan, sample)]
        if samples:
            analyses.append(rf"{name}(?=/{folder}/(?:{'|'.join(samples)})/{rest})")
    return f"(?:{'|'.join(analyses)})" if analyses else "(?!)"


def undrawn_samples(plans: Iterable[Plan]) -> list[str]:
    """A sentence for each frozen sample that was never drawn, or has lost a run."""
    found = []
    for plan in plans:
        for sample in filter(plan.is_frozen, plan.settings.samples):
            try:
                plan.drawn_runs(sample)
            except RunsieveError as error:
                found.append(str(error))
    return found


def repeated_files(plans: Iterable[Plan]) -> list[str]:
    """A sentence for each file that is listed twice in a run sheet."""
    found = [sentence for plan in plans for _, sentence in plan.repeated_files()]
    return list(dict.fromkeys(found))


def missing_files(plans: Iterable[Plan]) -> list[str]:
    """A sentence for each run with a file that is not there, unless such runs are left out.

    Also for runs that are only scored. Of many runs, the first are said in full.
    """
    found = []
    for plan in plans:
        if plan.skips_runs:
            continue
        scored = plan.loaded.scored
        sheets = {plan.sheet: plan.runs, scored.settings.sheet: [run.run for run in scored.others]}
        for sheet, runs in sheets.items():
            missing = {run: sentence for run in runs if (sentence := plan.missing(run))}
            found += [f"{sheet}: {sentence}" for sentence in list(missing.values())[:MANY]]
            if others := list(missing)[MANY:]:
                word = "runs" if len(others) > 1 else "run"
                found.append(f"{sheet}: files of {word} {run_ranges(others)} are not there either")
    return list(dict.fromkeys(found))
