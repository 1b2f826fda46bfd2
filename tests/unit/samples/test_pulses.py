"""From raw values to pulses: polarity, baselines and segments in NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.pulse import BaselineSamples, Pulse
from runsieve.errors import RunsieveError
from runsieve.samples.pulses import baselines, pulses, segments

RAW = np.random.default_rng(2).integers(0, 4000, (5, 2, 6)).astype(np.float32)


def test_raw_values_are_only_divided_into_segments():
    assert (pulses(RAW, Pulse(segments=4)) == RAW.reshape(5, 4, 3)).all()
    assert Pulse(segments=4).is_raw
    assert not Pulse(polarity="negative").is_raw
    assert not Pulse(baseline=BaselineSamples(samples=(0, 1))).is_raw


def test_a_negative_pulse_points_upwards():
    pulse = Pulse(segments=2, polarity="negative", baseline=3000)
    assert (pulses(RAW, pulse) == 3000 - RAW).all()


def test_each_segment_has_its_measured_baseline():
    pulse = Pulse(segments=2, baseline=BaselineSamples(samples=(1, 4)))
    expected = RAW[:, :, 1:4].mean(axis=2, keepdims=True)
    assert (baselines(RAW, pulse) == expected).all()
    assert (pulses(RAW, pulse) == RAW - expected).all()


@given(st.integers(1, 7), st.integers(1, 6), st.sampled_from(["positive", "negative"]))
def test_a_measured_baseline_is_zero_afterwards(first, length, polarity):
    samples = BaselineSamples(samples=(first, first + length))
    pulse = Pulse(segments=3, polarity=polarity, baseline=samples)
    values = np.random.default_rng(first).normal(200, 30, (4, 3 * 13))
    found = pulses(values, pulse)
    assert found.shape == (4, 3, 13)
    np.testing.assert_allclose(found[:, :, first : first + length].mean(axis=2), 0, atol=1e-10)


@pytest.mark.parametrize(
    ("pulse", "words"),
    [
        (Pulse(segments=5), r"events of 5 equal segments expected, found the shape \[2, 6\]"),
        (
            Pulse(segments=2, baseline=BaselineSamples(samples=(0, 7))),
            r"2 equal segments of at least 7 values expected, found the shape \[2, 6\]",
        ),
    ],
)
def test_segments_that_events_do_not_have(pulse, words):
    with pytest.raises(RunsieveError, match=words):
        segments(RAW, pulse)
