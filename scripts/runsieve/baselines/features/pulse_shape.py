"""Pulse-shape variables of scintillation waveforms, used to reject photomultiplier noise.

They are those commonly used by NaI(Tl) experiments: the ratios X1 and X2 of DAMA/LIBRA, mean time,
asymmetry of the two PMTs and number of clusters, as in the selections of COSINE-100.
"""

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from runsieve.baselines.feature_registry import FeatureSettings
from runsieve.config.base import LengthOrZero, Positive
from runsieve.config.pulse import Level, Pulse
from runsieve.errors import RunsieveError
from runsieve.progress import Progress
from runsieve.samples.pulses import pulses

if TYPE_CHECKING:
    from runsieve.config.inputs import Input

CHUNK = 256  # events at a time; 8 MB of floats at 8160 samples stay in the cache
PULSE_FEATURES = ("charge", "mean_time", "x1", "x2", "late_fraction")
PAIR_FEATURES = ("asymmetry", "mean_time_difference")


class PulseShape(FeatureSettings):
    """Windows of the pulse-shape features, in samples from the start of the record."""

    type: Literal["pulse_shape"]
    sample_ns: Positive = Field(description="length of a sample in ns")
    onset: LengthOrZero = Field(description="first sample of the pulse")
    early_ns: Level = Field(50.0, description="end of the early window, ns after the onset")
    late_ns: tuple[Level, Level] = Field((100.0, 600.0), description="late window, ns")
    mean_ns: Level = Field(600.0, description="end of the window of mean time and ratios, ns")
    cluster_threshold: Positive = Field(description="ADC counts over the baseline of a cluster")
    cluster_gap_ns: Level = Field(40.0, description="quiet time that separates two clusters, ns")


def problems(settings: PulseShape, seen: "Input") -> Iterator[str]:
    """Yield the reasons why an input is not a waveform that the windows fit."""
    if seen.columns:
        yield "pulse shapes are those of waveforms, but it is made of columns"
        return
    if seen.baseline is None:
        yield "pulse shapes are measured from the baseline, which it does not give"
    yield from _misfits(settings, prod(seen.event_shape()) // seen.pulse.segments)


def _misfits(settings: PulseShape, length: int) -> Iterator[str]:
    """Yield what does not fit a segment of this number of samples."""
    if settings.onset >= length:
        yield f"onset is {settings.onset}, but the record of a PMT has only {length} samples"


def feature_names(segments: int) -> tuple[str, ...]:
    """Names of the columns of `compute`: per PMT (`charge_0`), their sum (`charge`), the pair."""
    each = [f"{name}_{pmt}" for pmt in range(segments) for name in (*PULSE_FEATURES, "clusters")]
    if segments == 1:
        return tuple(each)
    return (*each, *PULSE_FEATURES, *(PAIR_FEATURES if segments == 2 else ()))


def compute(
    settings: PulseShape, waveforms: np.ndarray, pulse: Pulse, rows: np.ndarray | None = None
) -> np.ndarray:
    """Pulse-shape variables of waveforms, float32 of shape (events, features).

    `waveforms` has shape (events, samples), in ADC counts, one PMT after the other, each a segment
    of `pulse`; `rows` selects events (default: all). The columns are
    `feature_names(pulse.segments)`. Q(a, b) is the charge above the baseline from a to b ns after
    the onset, T (600 ns) the end of the mean-time window:

    - charge: Q from the onset to the end of the record, ADC counts x samples
    - mean_time: charge-weighted mean of the time since the onset within T, ns
    - x1 = Q(100, 600) / Q(0, T) and x2 = Q(0, 50) / Q(0, T): slow and fast fraction
    - late_fraction = Q(T, end) / Q(0, end)
    - clusters: groups of samples above the threshold, separated by at least `cluster_gap_ns`
    - asymmetry = (Q_0 - Q_1) / (Q_0 + Q_1) of the charges, and the difference of the mean times

    A ratio whose denominator is not positive is NaN. Raises RunsieveError if the windows do not fit
    the record.
    """
    windows = _windows(settings, waveforms.shape[1] // pulse.segments)
    rows = np.arange(len(waveforms)) if rows is None else rows
    table = np.empty((len(rows), len(feature_names(pulse.segments))), np.float32)
    progress = Progress("pulse shapes of events", len(rows))
    for start in range(0, len(rows), CHUNK):
        part = slice(start, start + CHUNK)
        table[part] = _chunk(waveforms[rows[part]], settings, pulse, windows)
        progress.advance(len(rows[part]))
    return table


def _windows(settings: PulseShape, length: int) -> np.ndarray:
    """Weights of the sums over a pulse: early, late, mean-time window, time x charge, all.

    Shape (samples after the onset, 5), float32.
    """
    for problem in _misfits(settings, length):
        raise RunsieveError(f"pulse_shape: {problem}")
    times = np.arange(length - settings.onset) * settings.sample_ns
    inside = times < settings.mean_ns
    columns = (
        times < settings.early_ns,
        (times >= settings.late_ns[0]) & (times < settings.late_ns[1]),
        inside,
        inside * times,
        np.ones_like(times),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _chunk(raw: np.ndarray, settings: PulseShape, pulse: Pulse, windows: np.ndarray) -> np.ndarray:
    parts = pulses(raw.astype(np.float32), pulse)
    sums = parts[:, :, settings.onset :] @ windows
    each = _ratios(sums)
    columns = np.concatenate([each, _clusters(parts, settings)[:, :, None]], axis=2)
    columns = [columns.reshape(len(raw), -1)]
    if pulse.segments > 1:
        columns.append(_ratios(sums.sum(axis=1)))
    if pulse.segments == 2:
        charge, mean_time = each[:, :, 0], each[:, :, 1]
        columns.append(
            np.stack(
                [
                    _fraction(charge[:, 0] - charge[:, 1], charge[:, 0] + charge[:, 1]),
                    mean_time[:, 0] - mean_time[:, 1],
                ],
                axis=1,
            )
        )
    return np.concatenate(columns, axis=1)


def _ratios(sums: np.ndarray) -> np.ndarray:
    early, late, window, moment, charge = np.moveaxis(sums, -1, 0)
    return np.stack(
        [
            charge,
            _fraction(moment, window),
            _fraction(late, window),
            _fraction(early, window),
            _fraction(charge - window, charge),
        ],
        axis=-1,
    )


def _fraction(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def _clusters(parts: np.ndarray, settings: PulseShape) -> np.ndarray:
    """Number of clusters of each PMT, shape (events, PMTs)."""
    events, pmts, length = parts.shape
    above = np.flatnonzero(parts > settings.cluster_threshold)
    record = above // length
    quiet = (np.diff(above) - 1) * settings.sample_ns
    starts = np.ones(len(above), bool)
    starts[1:] = (np.diff(record) > 0) | (quiet >= settings.cluster_gap_ns)
    return np.bincount(record[starts], minlength=events * pmts).reshape(events, pmts)
