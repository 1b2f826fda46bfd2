"""What may be wrong with a trained network: measured values, their limits, and what to do.

Each value is written next to its limit, whether it fired or not. docs/diagnoses.md states how often
each diagnosis fires without reason and how often it misses.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from runsieve.networks.diagnoses import course, inputs, scores
from runsieve.networks.diagnoses.diagnosis import Diagnosis
from runsieve.networks.diagnoses.meaning import KEYS, entry
from runsieve.networks.observations import Observations

# Causes come first.
DIAGNOSES: tuple[Callable[[Observations], Iterator[Diagnosis]], ...] = (
    inputs.too_good_to_be_true,
    inputs.different_scaling,
    course.unmixed_batches,
    course.rate_too_high,
    course.statistics_behind,
    scores.dead_network,
    course.jumping_validation,
    scores.one_class,
    course.overfitting,
    scores.not_better_than_binned,
)

# What follows from a diagnosis, and is silent where it fired: its advice would treat a symptom.
_JUMPS = ("jumping_validation", "one_class", "overfitting", "not_better_than_binned")
EXPLAINS: dict[str, Sequence[str]] = {
    "different_scaling": _JUMPS,
    "unmixed_batches": ("rate_too_high", "statistics_behind", "dead_network", *_JUMPS),
    "rate_too_high": ("statistics_behind", "dead_network", *_JUMPS),
    "statistics_behind": _JUMPS,
    "dead_network": _JUMPS,
    "jumping_validation": ("one_class", "overfitting"),
    "one_class": ("not_better_than_binned",),
    "overfitting": ("not_better_than_binned",),
}


def diagnose(seen: Observations) -> list[Diagnosis]:
    """All diagnoses, causes first, whether they fired or not.

    A diagnosis that follows from another one does not fire; `explained_by` names that one.
    """
    found: list[Diagnosis] = []
    for diagnosis in (one for function in DIAGNOSES for one in function(seen)):
        reasons = [
            one.name for one in found if one.fired and diagnosis.name in EXPLAINS.get(one.name, ())
        ]
        if diagnosis.fired and reasons:
            diagnosis = replace(diagnosis, fired=False, explained_by=reasons[0])
        found.append(diagnosis)
    return found


def say(diagnoses: Sequence[Diagnosis]) -> dict[str, Any]:
    """Print the diagnoses that fired, and return what is written of them.

    Keys: diagnoses (all), warnings (sentences), keys (what the file holds, in words).
    """
    warnings = [one.sentence for one in diagnoses if one.fired]
    print(*(warnings or ["no diagnosis fired"]), sep="\n", flush=True)
    return {"diagnoses": [entry(one) for one in diagnoses], "warnings": warnings, "keys": KEYS}
