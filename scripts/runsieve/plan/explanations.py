"""What rules need to know to explain networks."""

from collections.abc import Mapping
from typing import Any

from runsieve import layout
from runsieve.code import code_of
from runsieve.errors import RunsieveError
from runsieve.networks.methods import METHODS
from runsieve.plan.plan import Plan


def explanations(plans: Mapping[str, Plan]) -> list[str]:
    """Figures of all networks that are compared: with the first seed, of the first fold."""
    return [
        plan.of_drawn(f"{layout.ATTRIBUTION_FIGURE}.svg", sample, model)
        for plan in plans.values()
        for sample, model in plan.compared_models()
        if plan.is_network(model)
    ]


def explained_network(plan: Plan, sample: str, model: str, seed: int) -> str:
    """The file of a network that is explained. Raises RunsieveError for a baseline."""
    if not plan.is_network(model):
        raise RunsieveError(
            f"{plan.name}: models.{model}: only networks can be explained, found type "
            f"{plan.settings.models[model].type}"
        )
    return plan.model_file(sample, model, seed)


def gallery_of(plan: Plan, sample: str) -> list[str]:
    """The gallery of a sample, whose events are explained; none of a fold or a null test."""
    whole = layout.whole(sample) == sample
    if not whole or sample not in plan.compared() or not plan.gallery_inputs(sample):
        return []
    return [plan.path(layout.GALLERY, sample=sample)]


def explained_inputs(plan: Plan, model: str) -> dict[str, dict[str, Any]]:
    """Settings of the inputs that a network sees."""
    names = plan.settings.models[model].inputs_seen()
    return {name: plan.settings.inputs[name].model_dump(mode="json") for name in names}


def explain_settings(plan: Plan) -> dict[str, Any]:
    """What is averaged over, and what is warned of."""
    return plan.settings.explain.model_dump(mode="json")


def explaining_code(plan: Plan, model: str) -> str:
    """Fingerprint of all code that the explanation of a network depends on."""
    settings = plan.settings.models[model]
    sources = [*plan.family(model).scoring_sources(settings), *METHODS.sources()]
    return code_of(["explain_network.py", *sources], settings.user_files())
