"""From raw values to pulses above zero: the one formula for networks, features and shifts."""

from math import prod
from types import ModuleType
from typing import Any

import numpy as np

from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError


def segments(values: Any, pulse: Pulse, library: ModuleType = np) -> Any:
    """Values (events, *shape) as segments, shape (events, segments, n).

    library: NumPy, or `keras.ops` for tensors and symbolic values. Raises RunsieveError if the
    shape does not hold these segments and the samples of their baseline.
    """
    length, rest = divmod(prod(values.shape[1:]), pulse.segments)
    if rest or (pulse.measured is not None and pulse.measured[1] > length):
        measured = "" if pulse.measured is None else f" of at least {pulse.measured[1]} values"
        raise RunsieveError(
            f"pulses: events of {pulse.segments} equal segments{measured} expected, found the "
            f"shape {list(values.shape[1:])}"
        )
    return library.reshape(values, (-1, pulse.segments, length))


def baselines(parts: Any, pulse: Pulse, library: ModuleType = np) -> Any:
    """The baseline of each segment: one number, or an array of shape (events, segments, 1).

    parts: shape (events, segments, n), floats
    """
    if pulse.measured is None:
        return pulse.baseline
    first, last = pulse.measured
    return library.mean(parts[:, :, first:last], axis=2, keepdims=True)


def pulses(values: Any, pulse: Pulse, library: ModuleType = np) -> Any:
    """Values less their baseline, upwards: (events, *shape) to (events, segments, n), floats."""
    parts = segments(values, pulse, library)
    if not pulse.is_raw:
        parts = parts - baselines(parts, pulse, library)
    return -parts if pulse.polarity == "negative" else parts
