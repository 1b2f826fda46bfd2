"""What the configuration says of networks that are used outside of the workflow."""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from runsieve import layout
from runsieve.config.columns import ComputedColumn
from runsieve.config.conditions import conditions_in
from runsieve.config.friends import branches_of, friends_of
from runsieve.config.inputs import Input
from runsieve.errors import RunsieveError
from runsieve.expressions import for_channel
from runsieve.plan.plan import Plan


def exports(plans: Mapping[str, Plan]) -> list[str]:
    """ONNX files of all networks that are compared, with all their seeds, and of each fold."""
    return [
        plan.path(layout.ONNX, sample=part, model=model, seed=seed)
        for plan in plans.values()
        for sample, model in plan.compared_models()
        if plan.is_network(model)
        for part in plan.folds(sample) or [sample]
        for seed in plan.seeds(sample, model)
    ]


def exported_network(plan: Plan, sample: str, model: str, seed: int) -> str:
    """The file of a network that is exported. Raises RunsieveError for a baseline."""
    if not plan.is_network(model):
        raise RunsieveError(
            f"{plan.name}: models.{model}: only networks can be written as ONNX, found type "
            f"{plan.settings.models[model].type}"
        )
    return plan.model_file(sample, model, seed)


def exported_facts(plan: Plan, sample: str, model: str) -> dict[str, Any]:
    """What a network is of, and where the events are that it scores: tree, event and channels."""
    settings = plan.settings
    return {
        "analysis": plan.name,
        "sample": sample,
        "model": model,
        "tree": settings.tree,
        "event": settings.columns["event"],
        "channels": settings.samples[layout.whole(sample)].channels or settings.channels,
    }


def described_inputs(plan: Plan, model: str) -> dict[str, dict[str, Any]]:
    """By input of a model, what its values are and how they are read from a run.

    order, unit: of the values of an event, in words; tree; read: branches or expressions that
    follow each other, with {channel} for its number; segments of each of them; start and length of
    the window in each segment, a length of 0 for all of it; beyond: what else has to be done, in
    words (None: nothing)
    """
    return {name: _described(plan, name) for name in plan.settings.models[model].inputs_seen()}


def _described(plan: Plan, name: str) -> dict[str, Any]:
    one, columns = plan.settings.inputs[name], plan.settings.columns
    window, fixed = one.window, one.window is not None and isinstance(one.window.start, int)
    texts = [columns[column] for column in one.columns]
    read = [text.file if isinstance(text, ComputedColumn) else text for text in texts]
    return {
        "order": _order(one),
        "unit": _unit(one),
        "tree": one.tree or plan.settings.tree,
        "read": [*read, *one.branches],
        "segments": 1 if window is None else one.segments_of_branch,
        "start": window.start if fixed else 0,
        "length": window.size if fixed else 0,
        "beyond": "; ".join(_beyond(plan, one)) or None,
    }


def _order(one: Input) -> str:
    """The order of the values of an event, in words."""
    shape = one.event_shape()
    if one.columns:
        return f"one value each: {', '.join(one.columns)}"
    if one.join == "last" and len(one.branches) > 1:
        return f"along the last axis {', '.join(one.branches)}"
    every = "" if one.axes.sample_ns is None else f", every {one.axes.sample_ns:g} ns"
    count = one.pulse.segments
    if count > 1:
        names = one.axes.names or (one.branches if len(one.branches) == count else [])
        values = f"{count} segments of {prod(shape) // count} values{every}"
        return f"{values}: {', then '.join(names)}" if names else values
    return f"the axes of {one.branches[0]}" if len(shape) > 1 else f"in order of time{every}"


def _unit(one: Input) -> str:
    """Unit of the values as models see them."""
    unit, count = one.axes.unit, one.axes.unit_per_count
    return unit if count == 1 else f"counts of {count:g} {unit}".strip()


def _beyond(plan: Plan, one: Input) -> Iterator[str]:
    """What an input needs besides its branches and a window, in words."""
    if one.files is not None:
        yield "it is in files of its own"
    if one.window is not None and not isinstance(one.window.start, int):
        yield f"its window starts at {', '.join(map(str, one.window.starts().values()))}"
    if isinstance(one.baseline, str):
        yield f"{one.baseline} is subtracted"
    if one.reduce is not None:
        factor = one.reduce.factor
        yield f"each block of {factor} x {factor} pixels becomes its {one.reduce.by}"
    if one.join == "last" and len(one.branches) > 1:
        yield "its branches are joined along the last axis"
    for column in one.columns:
        text = plan.settings.columns[column]
        if isinstance(text, ComputedColumn):
            yield f"the column {column} is computed by {text.file}"
        else:
            yield from _elsewhere(plan, branches_of([text], plan.settings.channels))
            if conditions_in(text, plan.settings.channels):
                yield f"the column {column} is in the run sheet"
    for text in one.branches:
        names = {for_channel(text, channel) for channel in plan.settings.channels}
        yield from _elsewhere(plan, names)


def _elsewhere(plan: Plan, branches: set[str]) -> Iterator[str]:
    for friend in friends_of(branches, plan.settings.friends):
        yield f"it needs the friend {friend}"
