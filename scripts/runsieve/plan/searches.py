"""What the configuration says of searches for hyper-parameters."""

from collections.abc import Mapping
from typing import Any

from runsieve import layout
from runsieve.config.search import Search
from runsieve.errors import RunsieveError
from runsieve.plan.plan import Plan


def found_models(plans: Mapping[str, Plan]) -> list[str]:
    """The best model of every search, and its figure. Raises RunsieveError if there is none."""
    found = [
        plan.path(template, search=name)
        for plan in plans.values()
        for name in plan.settings.searches
        for template in (layout.SEARCH_BEST, f"{layout.SEARCH_FIGURE}.svg")
    ]
    if not found:
        raise RunsieveError(f"searches: none is configured in {', '.join(plans)}")
    return found


def search_of(plan: Plan, name: str) -> Search:
    """Settings of a search. Raises RunsieveError for one that is not configured."""
    if name not in plan.settings.searches:
        raise RunsieveError(f"{plan.name}: searches: there is no search '{name}'")
    return plan.settings.searches[name]


def workers_of(plan: Plan, name: str) -> list[str]:
    """What each worker of a search writes when it has ended."""
    workers = range(1, search_of(plan, name).workers + 1)
    return [plan.path(layout.SEARCH_WORKER, search=name, worker=one) for one in workers]


def fitted(plan: Plan, name: str) -> dict[str, Any]:
    """What the trials of a search depend on besides its own settings and its sample.

    model: settings of the model that it starts from; pulses, classes; code: a fingerprint
    """
    search = search_of(plan, name)
    return {
        "model": plan.model(search.model),
        "pulses": plan.pulses(search.model),
        "classes": plan.classes(search.sample),
        "code": plan.fitting_code("search_worker.py", search.model),
    }


def threads_of(plan: Plan, name: str) -> int:
    """Threads of a worker: those of the trainings of a network."""
    model = search_of(plan, name).model
    return plan.settings.models[model].training.threads if plan.is_network(model) else 1
