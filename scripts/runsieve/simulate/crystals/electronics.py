"""Waveforms in ADC counts from the photoelectrons of a hit."""

import numpy as np
from numpy.typing import NDArray

from runsieve.simulate.crystals.light import Floats, Photoelectrons
from runsieve.simulate.crystals.parameters import PULSE_LENGTH, Electronics, Parameters


def pulse(times: Floats, electronics: Electronics) -> Floats:
    """Height of a single-photoelectron pulse `times` ns after its start; its maximum is 1.

    The difference of two exponentials, exp(-t/fall) - exp(-t/rise).
    """
    rise, fall = electronics.rise, electronics.fall
    peak = np.log(fall / rise) * rise * fall / (fall - rise)
    shape = np.exp(-times / fall) - np.exp(-times / rise)
    return np.where(times > 0, shape, 0) / (np.exp(-peak / fall) - np.exp(-peak / rise))


def waveforms(
    rng: np.random.Generator, light: Photoelectrons, onset: Floats, parameters: Parameters
) -> NDArray[np.uint16]:
    """Digitised records of hits whose pulses begin at `onset` (ns), shape (hits, 2 * samples).

    The samples of PMT 0 come first, then those of PMT 1.
    """
    record, electronics = parameters.record, parameters.electronics
    time = light.time + onset[light.hit]
    before = np.floor(time / record.sample).astype(np.int64)
    taps = 1 + np.arange(int(PULSE_LENGTH * electronics.fall / record.sample))
    samples = before[:, None] + taps
    heights = pulse(samples * record.sample - time[:, None], electronics)
    heights *= electronics.gain * light.charge[:, None]
    start = (2 * light.hit + light.pmt) * record.samples
    inside = samples < record.samples
    size = len(onset) * 2 * record.samples
    counts = np.bincount((start[:, None] + samples)[inside], heights[inside], size)
    counts = counts.astype(np.float32).reshape(len(onset), 2, record.samples)
    counts += electronics.noise * rng.standard_normal(counts.shape, dtype=np.float32)
    pedestals = rng.normal(electronics.pedestal, electronics.pedestal_spread, counts.shape[:2])
    counts += pedestals[:, :, None].astype(np.float32)
    np.clip(np.rint(counts, out=counts), 0, 2**record.bits - 1, out=counts)
    return counts.astype(np.uint16).reshape(len(onset), -1)
