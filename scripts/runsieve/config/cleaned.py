"""Settings of a cleaned sample: another sample without the events whose label is doubted."""

from typing import Any, Literal

from pydantic import Field

from runsieve.config.base import Name, Settings

OWN = (
    "cleaned",
    "models",
    "cross_test",
    "freeze",
    "learning_curve",
)  # keys that a cleaned sample does not take over


class Cleaned(Settings):
    """Which sample is cleaned, and how labels are judged.

    Training and validation events are divided into folds, and those of each fold are judged by a
    model that was trained on the others. Test events are neither judged nor trained on, and all of
    them stay.
    """

    of: Name = Field(description="sample that is cleaned; all but `models` is taken from it")
    model: Name = Field(description="model that judges the labels")
    folds: int = Field(5, ge=2, le=1000, description="number of trainings for it")
    filter_by: Literal[
        "prune_by_noise_rate",
        "prune_by_class",
        "both",
        "confident_learning",
        "predicted_neq_given",
    ] = Field(
        "prune_by_noise_rate",
        description="rule of cleanlab by which a label is doubted: the estimated numbers of wrong "
        "labels by pair of classes, by class, both, by thresholds per class, or any other class "
        "being more probable",
    )


def with_inherited(samples: Any) -> Any:
    """Samples as they are written, each cleaned one with the keys of the sample that it is of."""
    if not isinstance(samples, dict):
        return samples
    found = dict(samples)
    for name, sample in samples.items():
        cleaned = sample.get("cleaned") if isinstance(sample, dict) else None
        of = samples.get(cleaned.get("of")) if isinstance(cleaned, dict) else None
        if isinstance(of, dict):
            found[name] = {key: one for key, one in of.items() if key not in OWN} | sample
    return found
