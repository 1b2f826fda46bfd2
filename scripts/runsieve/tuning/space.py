"""The space of a search: parameters that Optuna draws, and the settings that they stand for."""

import json
from collections.abc import Mapping
from typing import Any

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from runsieve.config.search import LAYERS, Range, Search


def space_of(search: Search) -> dict[str, BaseDistribution]:
    """Distribution of each parameter, in the order of the ranges.

    A choice is drawn as its text in JSON: Optuna has no lists, and takes 1 and true for the same. A
    range with layers is two parameters, the number of layers and the value of each.
    """
    found: dict[str, BaseDistribution] = {}
    for key, one in search.ranges.items():
        if not isinstance(one, Range):
            found[key] = CategoricalDistribution(list(dict.fromkeys(map(_text, one))))
            continue
        if one.layers is not None:
            found[f"{key}.{LAYERS}"] = IntDistribution(*one.layers)
        found[key] = _distribution(one)
    return found


def _distribution(one: Range) -> BaseDistribution:
    if one.whole:
        return IntDistribution(one.low, one.high, log=one.log, step=one.step or 1)
    return FloatDistribution(float(one.low), float(one.high), log=one.log, step=one.step)


def values_of(search: Search, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the settings, by dotted key, that drawn parameters stand for."""
    found = {}
    for key, one in search.ranges.items():
        value = parameters[key]
        if not isinstance(one, Range):
            value = json.loads(value)
        elif one.layers is not None:
            value = [value] * parameters[f"{key}.{LAYERS}"]
        found[key] = value
    return found


def _text(choice: Any) -> str:
    return json.dumps(choice, sort_keys=True)
