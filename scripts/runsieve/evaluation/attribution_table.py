"""Mean attributions of each class, position by position, beside the mean of what is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from runsieve.config.inputs import Input

MOST_SEGMENTS = 4  # rows of an event with two axes that is waveforms, and not a picture


@dataclass(frozen=True)
class Means:
    """Means over the events of each class, all of shape (classes, *shape of an event).

    value, deviation: of the values without their baseline, and their standard deviation; signed,
    absolute: of the attributions and of their absolute values, in log odds
    """

    value: np.ndarray
    deviation: np.ndarray
    signed: np.ndarray
    absolute: np.ndarray


def is_picture(one: Input) -> bool:
    """True for an input that is drawn as a picture, not as waveforms or single values."""
    shape = one.event_shape()
    return len(shape) > 2 or (len(shape) == 2 and shape[0] > MOST_SEGMENTS)


def segments_of(one: Input) -> int:
    """Number of waveforms of an event."""
    shape = one.event_shape()
    return shape[0] if len(shape) == 2 else one.pulse.segments


def positions(one: Input) -> pd.DataFrame:
    """What is known of the positions of an event, in the order of its values.

    Columns: name (of a segment or a column), sample and time in ns of a waveform, row and column of
    a picture, whose channels are one position.
    """
    shape = one.event_shape()
    table = pd.DataFrame(index=range(int(np.prod(shape[:2]))))
    table[["name", "sample", "time", "row", "column"]] = None
    if one.columns:
        return table.assign(name=one.columns)
    if is_picture(one):
        rows, columns = np.divmod(np.arange(len(table)), shape[1])
        return table.assign(row=rows, column=columns)
    count = segments_of(one)
    length = len(table) // count
    sample = np.tile(np.arange(length), count)
    branches = [text.replace("{channel}", "") for text in one.branches]
    known = one.axes.names or (branches if len(branches) == count else [])
    names = known or [f"segment {number}" for number in range(count)]
    table = table.assign(name=np.repeat(names, length), sample=sample)
    return table if one.axes.sample_ns is None else table.assign(time=sample * one.axes.step)


def attribution_table(
    means: Mapping[str, Means], classes: Sequence[str], inputs: Mapping[str, Input]
) -> pd.DataFrame:
    """Mean attributions by input, class and position.

    Columns: input, class, those of `positions`, value (mean), deviation, attribution (mean),
    absolute (mean of the absolute attribution), fraction (of the absolute attribution of all
    inputs, which adds up to 1 for each class).
    """
    totals = sum(one.absolute.reshape(len(classes), -1).sum(axis=1) for one in means.values())
    parts = []
    for name, one in means.items():
        where = positions(inputs[name])
        for place, label in enumerate(classes):
            value, deviation, signed, absolute = (
                array[place].reshape(len(where), -1)
                for array in (one.value, one.deviation, one.signed, one.absolute)
            )
            part = where.assign(
                value=value.mean(axis=1),
                deviation=np.sqrt((deviation**2).mean(axis=1)),
                attribution=signed.sum(axis=1),
                absolute=absolute.sum(axis=1),
            )
            part["fraction"] = part["absolute"] / max(totals[place], np.finfo(float).tiny)
            part.insert(0, "class", label)
            part.insert(0, "input", name)
            parts.append(part)
    return pd.concat(parts, ignore_index=True)
