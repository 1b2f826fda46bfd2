"""Shifted events: changes of gain, noise or scale in what models see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from runsieve.config.pulse import Pulse
from runsieve.config.shift import Shift
from runsieve.samples.mapped import Resident
from runsieve.samples.pulses import baselines, segments
from runsieve.samples.sample_files import Arrays, pulses_of

EVENTS = 2048  # in memory at a time


@dataclass(frozen=True)
class AppliedShift:
    """A shift, and where its column stands in arrays.

    places: by input of columns, the place of the shifted column in its events
    pulses: of the inputs that gain or noise change
    """

    settings: Shift
    places: Mapping[str, int]
    pulses: Mapping[str, Pulse]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "AppliedShift":
        """Create from plain values."""
        pulses = pulses_of(values["pulses"])
        return cls(Shift.model_validate(values["settings"]), values["places"], pulses)


def shifted_chunks(
    events: pd.DataFrame, arrays: Arrays, shift: AppliedShift
) -> Iterator[tuple[pd.DataFrame, dict[str, np.ndarray]]]:
    """Events and arrays with the shift, chunk by chunk; `row` points into the arrays of the chunk.

    `events` and `arrays` are those of a sample and stay as they are. Noise is drawn event after
    event from one seeded stream, so it does not depend on the size of the chunks.
    """
    generator = np.random.default_rng(shift.settings.seed)
    resident = Resident(*arrays.values())
    for start in range(0, len(events), EVENTS):
        part = events.iloc[start : start + EVENTS]
        rows = part["row"].to_numpy()
        values = {name: array[rows] for name, array in arrays.items()}
        resident.touch(sum(value.nbytes for value in values.values()))
        changed = {
            name: shifted_array(value, name, shift, generator) for name, value in values.items()
        }
        yield _shifted_columns(part, shift.settings).assign(row=np.arange(len(part))), changed


def shifted_array(
    values: np.ndarray, name: str, shift: AppliedShift, generator: np.random.Generator
) -> np.ndarray:
    """The array of an input with the shift, in its own type, shape (events, *shape).

    Integers are rounded and clipped to the range of their type.
    """
    settings = shift.settings
    if name in shift.places:
        changed = values.copy()
        changed[:, shift.places[name]] *= settings.scale
        return changed
    if name not in settings.inputs:
        return values
    parts = segments(values.astype(float), shift.pulses[name])
    if settings.gain is not None:
        baseline = baselines(parts, shift.pulses[name])
        parts = baseline + settings.gain * (parts - baseline)
    else:
        parts += generator.normal(0, settings.noise, parts.shape)
    return _in_type(parts, values.dtype).reshape(values.shape)


def _in_type(values: np.ndarray, kind: np.dtype) -> np.ndarray:
    if np.issubdtype(kind, np.integer):
        limits = np.iinfo(kind)
        values = np.clip(np.rint(values), limits.min, limits.max)
    return values.astype(kind)


def _shifted_columns(events: pd.DataFrame, settings: Shift) -> pd.DataFrame:
    if settings.column is None:
        return events
    return events.assign(**{settings.column: events[settings.column] * settings.scale})
