"""Diagnoses on the inputs: what differs between events and should not."""

import math
from collections.abc import Iterator

from runsieve.networks.diagnoses.diagnosis import Diagnosis
from runsieve.networks.observations import Observations
from runsieve.networks.shifts import Shift

SHIFT, RATIO = 0.25, 1.5  # difference of inputs: means (in deviations), deviations (factor)
P_VALUE = 0.001  # above which a difference may be accidental
AREA = 0.05  # of an area under the ROC curve above 0.5
ERRORS = 4.0  # standard deviations of that area if the classes look alike


def different_scaling(seen: Observations) -> Iterator[Diagnosis]:
    """Training and validation, or runs of one class, differ in mean or deviation.

    The value is the largest of the significant differences, in units of its limit.
    """
    worst = max(seen.shifts, key=_size, default=None)
    value = 0.0 if worst is None else _size(worst)
    finding = "Training and validation values, and runs of one class, are scaled alike."
    if worst is not None and value > 0:
        finding = (
            f"Values of {worst.input} differ between {worst.first} and {worst.second}: their means "
            f"by {abs(worst.mean):.2g} standard deviations, their deviations by a factor of "
            f"{max(worst.ratio, 1 / worst.ratio):.3g}."
        )
    yield Diagnosis(
        "different_scaling",
        value > 1,
        value,
        1.0,
        finding,
        "Look for a different pedestal, gain or unit in some of the runs.",
    )


def _size(shift: Shift) -> float:
    mean = abs(shift.mean) / SHIFT if shift.mean_p < P_VALUE else 0.0
    ratio = abs(math.log(shift.ratio)) / math.log(RATIO) if shift.ratio_p < P_VALUE else 0.0
    return max(mean, ratio)


def too_good_to_be_true(seen: Observations) -> Iterator[Diagnosis]:
    """What comes before the pulse tells the classes apart."""
    if seen.masked is None:
        yield Diagnosis(
            "too_good_to_be_true",
            False,
            None,
            0.5 + AREA,
            "No part of the inputs is known to be free of a pulse, or there are too few events.",
            "",
        )
        return
    refit = seen.masked.auc, 0.5 + max(AREA, ERRORS * seen.masked.error)
    network = seen.masked.network, 0.5 + max(AREA, ERRORS * seen.masked.network_error)
    value, limit = max(refit, network, key=lambda one: one[0] - one[1])
    yield Diagnosis(
        "too_good_to_be_true",
        value > limit,
        value,
        limit,
        f"The classes can be told apart without the pulse: what comes before it in "
        f"{seen.masked.input} gives an area under the ROC curve of {refit[0]:.3f} to classifiers "
        f"fitted to it, and the network reaches {network[0]:.3f} if the rest is masked.",
        "Look for a pattern of the digitiser, pickup or a pedestal that goes with the class or its "
        "runs: the network may have learned that.",
    )
