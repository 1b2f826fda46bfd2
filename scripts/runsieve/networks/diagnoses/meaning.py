"""What the file of diagnoses holds, in words."""

from collections.abc import Mapping
from typing import Any

from runsieve.networks.diagnoses.diagnosis import Diagnosis

ABOVE, BELOW = "above the limit", "below the limit"

# By diagnosis: what its value is, and where it fires.
MEANINGS = {
    "too_good_to_be_true": (
        "area under the ROC curve reached without the pulse, where 0.5 is chance",
        ABOVE,
    ),
    "different_scaling": (
        "largest significant difference of means or deviations of the input, between training and "
        "validation or between runs of a class, in units of what is tolerated",
        ABOVE,
    ),
    "unmixed_batches": (
        "unevenness of the classes over the batches, relative to random order",
        ABOVE,
    ),
    "rate_too_high": (
        "largest training loss of an epoch over the lowest before it; if that is below its limit "
        "and the statistics of batch normalisation span few batches, as statistics_behind",
        ABOVE,
    ),
    "statistics_behind": (
        "accuracy of training events that recomputed statistics of batch normalisation restore",
        ABOVE,
    ),
    "dead_network": ("standard deviation of the scores of validation events", BELOW),
    "jumping_validation": (
        "number of epochs that lost a class in validation which training had learned",
        ABOVE,
    ),
    "one_class": (
        "fraction of the validation events that are assigned to one class; fires only if fewer "
        "belong there",
        ABOVE,
    ),
    "overfitting": (
        "last validation loss over the lowest; fires only if the training loss fell meanwhile",
        ABOVE,
    ),
    "not_better_than_binned": (
        "gain in log loss over a classifier that knows only the bin of the report's variable, in "
        "standard errors",
        BELOW,
    ),
}

KEYS = {
    "parameters": "number of parameters of the network",
    "not_trainable": "those of them that training does not fit",
    "precision": "of the arithmetic during training",
    "epochs": "number of epochs that were trained",
    "kept_epoch": "the epoch, counted from 1, whose weights are kept",
    "seconds": "duration of the training in s",
    "epoch_seconds": "of each epoch",
    "finished": "end of the training (UTC)",
    "machine": "where it was trained, and the versions used",
    "diagnoses": "possible faults, causes first. Each fires on the named side of its limit; a "
    "value of null could not be measured; one that follows from another is explained_by it "
    "and does not fire",
    "warnings": "finding and advice of each diagnosis that fired",
}


def entry(one: Diagnosis) -> Mapping[str, Any]:
    """A diagnosis as it is written; finding and advice only where the value is beyond its limit."""
    value, fires = MEANINGS[one.name]
    found = {
        "name": one.name,
        "fired": one.fired,
        "value": one.value,
        "limit": one.limit,
        "value_is": value,
        "fires": fires,
    }
    if one.explained_by is not None:
        found["explained_by"] = one.explained_by
    if one.fired or one.explained_by is not None:
        found |= {"finding": one.finding, "advice": one.advice}
    return found
