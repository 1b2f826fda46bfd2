"""Shifts of gain, noise and scale: what is changed, what is not, and of which type it is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.pulse import RAW, Pulse
from runsieve.config.shift import Shift
from runsieve.samples import shifting
from runsieve.samples.shifting import AppliedShift, shifted_array, shifted_chunks

RNG = np.random.default_rng(3)
WAVES = RNG.integers(150, 260, (5, 2, 20)).astype(np.uint16)
EVENTS = pd.DataFrame({"row": [4, 0, 2], "energy": [1.0, 2.0, 3.0]})


def shift(places=None, pulse=RAW, **settings) -> AppliedShift:
    pulses = dict.fromkeys(settings.get("inputs", []), pulse)
    return AppliedShift(Shift.model_validate(settings), places or {}, pulses)


def changed(values: np.ndarray, one: AppliedShift, name: str = "waveform") -> np.ndarray:
    return shifted_array(values, name, one, np.random.default_rng(one.settings.seed))


@pytest.mark.parametrize("polarity", ["positive", "negative"])
def test_gain_is_about_the_baseline_of_each_segment(polarity):
    measured = {"samples": [1, 4]}
    pulse = Pulse.model_validate({"segments": 2, "baseline": measured, "polarity": polarity})
    one = shift(inputs=["waveform"], gain=2, pulse=pulse)
    found = changed(WAVES, one)
    baseline = WAVES[:, :, 1:4].mean(axis=2, keepdims=True)
    assert found.dtype == WAVES.dtype
    assert (found == np.rint(baseline + 2 * (WAVES - baseline))).all()
    # Flat or in two rows, it is the same event.
    assert (changed(WAVES.reshape(5, 40), one) == found.reshape(5, 40)).all()


def test_without_a_baseline_gain_is_about_zero():
    images = RNG.random((3, 4, 4, 1)).astype(np.float32)
    found = changed(images, shift(inputs=["image"], gain=1.5), "image")
    assert found.dtype == np.float32
    assert found == pytest.approx(1.5 * images)


@given(st.floats(0.1, 20))
def test_integers_stay_in_the_range_of_their_type(gain):
    values = np.array([[0, 100, 255]], dtype=np.uint8)
    found = changed(values, shift(inputs=["waveform"], gain=gain))
    assert found.dtype == np.uint8
    assert found.tolist() == [np.clip(np.rint(gain * values[0].astype(float)), 0, 255).tolist()]


def test_noise_has_its_width_and_is_the_same_again():
    flat = np.full((50, 400), 200, dtype=np.int16)
    one = shift(inputs=["waveform"], noise=3)
    found = changed(flat, one)
    assert (found == changed(flat, one)).all()
    # Rounding adds 1/12 to the variance.
    assert found.astype(float).std() == pytest.approx(np.sqrt(9 + 1 / 12), rel=0.02)
    assert found.mean() == pytest.approx(200, abs=0.1)
    assert (changed(flat, shift(inputs=["waveform"], noise=3, seed=2)) != found).any()


def test_other_inputs_stay_as_they_are():
    assert changed(WAVES, shift(inputs=["other"], noise=1)) is WAVES
    assert changed(WAVES, shift(column="energy", scale=1.1)) is WAVES


def test_a_column_is_scaled_in_the_events_and_in_inputs_made_of_it():
    numbers = RNG.random((5, 2)).astype(np.float32)
    one = shift({"numbers": 1}, column="energy", scale=1.5)
    ((events, arrays),) = shifted_chunks(EVENTS, {"numbers": numbers}, one)
    assert events.energy.tolist() == [1.5, 3.0, 4.5]
    assert EVENTS.energy.tolist() == [1.0, 2.0, 3.0]
    assert arrays["numbers"].dtype == np.float32
    assert arrays["numbers"] == pytest.approx(numbers[EVENTS.row] * [1, 1.5])


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_chunks_hold_their_events_in_order_and_noise_does_not_depend_on_them(monkeypatch, size):
    one = shift(inputs=["waveform"], noise=5)
    ((_, whole),) = shifted_chunks(EVENTS, {"waveform": WAVES}, one)
    monkeypatch.setattr(shifting, "EVENTS", size)
    parts = list(shifted_chunks(EVENTS, {"waveform": WAVES}, one))
    assert len(parts) == -(-3 // size)
    assert all((events.row == np.arange(len(events))).all() for events, _ in parts)
    assert pd.concat([events for events, _ in parts]).energy.tolist() == EVENTS.energy.tolist()
    assert (np.concatenate([arrays["waveform"] for _, arrays in parts]) == whole["waveform"]).all()
    assert (whole["waveform"] != WAVES[EVENTS.row]).any()
