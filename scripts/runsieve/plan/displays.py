"""Displays of single events: which are asked for, and what is known of them already."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from runsieve import layout
from runsieve.errors import RunsieveError
from runsieve.plan.plan import Plan


def displays(plans: Mapping[str, Plan], events: Iterable[str]) -> list[str]:
    """A display of each event, given as RUN/EVENT, in every analysis that has its run.

    Raises RunsieveError if there is no event, or no analysis with its run.
    """
    found = []
    for event in events:
        run, number = map(int, event.split("/"))
        having = [plan for plan in plans.values() if run in plan.runs]
        if not having:
            raise RunsieveError(f"display: no analysis takes events from run {run}")
        for plan in having:
            if plan.absence(run):
                raise RunsieveError(f"display: {plan.absence(run)}")
        found += [plan.path(layout.DISPLAY, run=run, event=number) for plan in having]
    if not found:
        raise RunsieveError(
            "name the events to draw: snakemake displays --config 'display=RUN/EVENT'"
        )
    return found


def found_scores(plan: Plan, run: int) -> dict[str, str]:
    """Scores that are there already, by model, of samples that take events from a run.

    Paths are such that Snakemake knows no job that writes them: a display shows what is there, and
    is drawn again when that changes, but starts no training.
    """
    paths = {
        f"{model} on {sample}": plan.of_seeds(layout.SCORES, sample, model)[0]
        for sample, model in plan.compared_models()
        if run in plan.sample_runs(sample)
    }
    return _found(paths)


def found_galleries(plan: Plan, run: int) -> dict[str, str]:
    """Tables of galleries that are there already, by sample; see `found_scores`."""
    paths = {
        sample: plan.path(layout.GALLERY, sample=sample)
        for sample in plan.compared()
        if run in plan.sample_runs(sample) and plan.gallery_inputs(sample)
    }
    return _found(paths)


def _found(paths: Mapping[str, str]) -> dict[str, str]:
    """Those files that exist, by the same names, as absolute paths; a path that is absolute already
    becomes a relative one. Either is another than that of the job that writes the file.
    """
    return {
        name: os.path.relpath(path) if Path(path).is_absolute() else str(Path(path).absolute())
        for name, path in paths.items()
        if Path(path).exists()
    }
