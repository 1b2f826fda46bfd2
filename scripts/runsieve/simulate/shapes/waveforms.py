"""Waveforms made of pulses of one form, in one order.

Heights, widths and times have the same distributions in all classes, so that none of them tells
the classes apart. No form is its own mirror image, or `backwards` would be no class of its own.
"""

from collections.abc import Callable

import numpy as np

from runsieve.simulate.shapes.parameters import Parameters

RINGING = 3.0  # oscillations within a width
RISE, FALL = 0.25, 0.6  # standard deviations of the two sides of a bell, widths
EDGE, LONG, SLOPE = 0.1, 1.5, 0.5  # rise and length of a step in widths, and how much it falls


def _decay(time: np.ndarray) -> np.ndarray:
    return np.where(time < 0, 0, np.exp(-np.clip(time, 0, 50)))


def _bell(time: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * np.clip((time - 1) / np.where(time < 1, RISE, FALL), -30, 30) ** 2)


def _step(time: np.ndarray) -> np.ndarray:
    sides = np.clip(time / EDGE, 0, 1) * np.clip((LONG - time) / EDGE, 0, 1)
    return sides * (1 - SLOPE * time / LONG)


def _ringing(time: np.ndarray) -> np.ndarray:
    return _decay(time) * np.cos(2 * np.pi * RINGING * time)


# Form of a pulse: height against time in widths, from its start on.
FORMS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "decay": _decay,
    "bell": _bell,
    "step": _step,
    "ringing": _ringing,
}

# Order: start in widths, height and direction of time of each pulse.
ORDERS: dict[str, list[tuple[float, float, int]]] = {
    "single": [(0.0, 1.0, 1)],
    "double": [(0.0, 1.0, 1), (3.0, 1.0, 1)],
    "falling": [(0.0, 1.0, 1), (3.0, 0.5, 1)],
    "backwards": [(3.0, 1.0, -1)],
}
LONGEST = 6.0  # widths that all pulses of an order take


def waveform(rng: np.random.Generator, form: str, order: str, settings: Parameters) -> np.ndarray:
    """A waveform of one class in ADC counts, uint16 (samples,)."""
    sample = np.arange(settings.samples)
    width = min(rng.uniform(*settings.width), settings.samples / LONGEST)
    height = rng.uniform(*settings.amplitude)
    start = rng.uniform(0, max(settings.samples - LONGEST * width, 1))
    phase, turns = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 3)
    values = np.full(settings.samples, float(settings.baseline))
    values += settings.wander * np.sin(phase + 2 * np.pi * turns * sample / settings.samples)
    values += settings.noise * rng.standard_normal(settings.samples)
    for place, part, direction in ORDERS[order]:
        time = direction * ((sample - start) / width - place)
        values += part * height * FORMS[form](time)
    return np.clip(np.rint(values), 0, 65_535).astype(np.uint16)
