"""Pulse-shape variables, against pulses whose values are known by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runsieve.baselines.features.pulse_shape import (
    CHUNK,
    PulseShape,
    compute,
    feature_names,
    problems,
)
from runsieve.config.inputs import Input
from runsieve.config.mending import read_settings
from runsieve.config.pulse import BaselineSamples, Pulse
from runsieve.errors import RunsieveError

SAMPLES = 600
SHAPE = PulseShape(
    type="pulse_shape",
    sample_ns=2.0,
    onset=100,
    cluster_threshold=10.0,
)
PULSE = Pulse(segments=2, baseline=BaselineSamples(samples=(0, 80)))


def record(*pulses):
    """One event of two PMTs at a baseline of 250; pulses are (pmt, start, stop, height)."""
    wave = np.full((1, 2, SAMPLES), 250, np.uint16)
    for pmt, start, stop, height in pulses:
        wave[0, pmt, start:stop] += np.uint16(height)
    return wave.reshape(1, -1)


def values(waveform, pulse=PULSE):
    table = compute(SHAPE, waveform, pulse)
    assert table.dtype == np.float32
    return dict(zip(feature_names(pulse.segments), table[0], strict=True))


def test_box_pulse_gives_the_values_of_its_formulas():
    # PMT 0: 50 samples = 100 ns from the onset on; PMT 1: half the height from 600 to 640 ns.
    found = values(record((0, 100, 150, 40), (1, 400, 420, 20)))
    assert found["charge_0"] == pytest.approx(2000)
    assert found["mean_time_0"] == pytest.approx(49)
    assert found["x1_0"] == pytest.approx(0)
    assert found["x2_0"] == pytest.approx(0.5)
    assert found["late_fraction_0"] == pytest.approx(0)
    assert found["charge_1"] == pytest.approx(400)
    assert found["late_fraction_1"] == pytest.approx(1)
    assert found["charge"] == pytest.approx(2400)
    assert found["late_fraction"] == pytest.approx(400 / 2400)
    assert found["mean_time"] == pytest.approx(49)
    assert found["asymmetry"] == pytest.approx(1600 / 2400)
    assert (found["clusters_0"], found["clusters_1"]) == (1, 1)


def test_slow_light_is_in_x1():
    found = values(record((0, 100, 400, 20)))
    assert found["x1_0"] == pytest.approx(250 / 300)
    assert found["x2_0"] == pytest.approx(25 / 300)


def test_ratios_of_nothing_are_nan():
    found = values(record((0, 100, 150, 40)))
    assert found["charge_1"] == 0
    assert found["clusters_1"] == 0
    for name in ("mean_time_1", "x1_1", "x2_1", "late_fraction_1", "mean_time_difference"):
        assert np.isnan(found[name])
    assert found["asymmetry"] == 1
    assert np.isnan(values(record())["asymmetry"])


@pytest.mark.parametrize(("quiet", "clusters"), [(19, 1), (20, 2), (60, 2)])
def test_clusters_are_parted_by_quiet_time(quiet, clusters):
    start = 110 + quiet
    found = values(record((0, 100, 110, 40), (0, start, start + 5, 40), (1, 590, 600, 40)))
    assert (found["clusters_0"], found["clusters_1"]) == (clusters, 1)


def test_clusters_do_not_reach_into_the_next_record():
    found = values(record((0, 595, 600, 40), (1, 0, 5, 2000)))
    assert found["clusters_0"] == 1


def test_a_record_of_one_segment():
    found = values(record((0, 100, 150, 40)), PULSE.model_copy(update={"segments": 1}))
    assert set(found) == set(feature_names(1))
    assert found["charge_0"] == pytest.approx(2000)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(-200, 3000), st.integers(2, 5))
def test_properties(seed, shift, factor):
    rng = np.random.default_rng(seed)
    waves = np.full((7, 2 * SAMPLES), 250.0) + rng.exponential(9, (7, 2 * SAMPLES))
    waves = waves.astype(np.int32)
    waves.reshape(7, 2, SAMPLES)[:, :, 100:350] += 60
    plain = compute(SHAPE, waves, PULSE)
    # The baseline does not matter; a gain cancels in ratios and times; the PMTs can be swapped.
    np.testing.assert_allclose(compute(SHAPE, waves + shift, PULSE), plain, rtol=2e-3, atol=2e-2)
    names = feature_names(2)
    ratios = [index for index, name in enumerate(names) if name[:5] not in ("charg", "clust")]
    gained = compute(SHAPE, waves * factor, PULSE)
    np.testing.assert_allclose(gained[:, ratios], plain[:, ratios], rtol=2e-3, atol=2e-2)
    swapped = compute(SHAPE, waves.reshape(7, 2, -1)[:, ::-1].reshape(7, -1), PULSE)
    np.testing.assert_allclose(swapped[:, -2:], -plain[:, -2:], rtol=2e-3, atol=2e-2)


def test_chunks_and_rows_change_nothing():
    rng = np.random.default_rng(1)
    waves = rng.integers(240, 300, (CHUNK + 10, 2 * SAMPLES), dtype=np.uint16)
    rows = rng.permutation(len(waves))
    alone = np.concatenate([compute(SHAPE, waves[row : row + 1], PULSE) for row in rows])
    np.testing.assert_allclose(compute(SHAPE, waves, PULSE, rows), alone, rtol=1e-4, atol=1e-2)


def test_windows_that_do_not_fit_are_named():
    with pytest.raises(RunsieveError, match=r"onset is 100, .* only 50 samples"):
        compute(SHAPE, np.zeros((1, 100), np.uint16), PULSE)
    with pytest.raises(RunsieveError, match=r"events of 2 equal segments of at least 80 val"):
        compute(SHAPE, np.zeros((1, 1201), np.uint16), PULSE)


@pytest.mark.parametrize(
    ("seen", "sentences"),
    [
        ({"branches": ["wave"], "shape": [1200], "baseline": 0}, []),
        (
            {"branches": ["wave"], "shape": [1200]},
            ["pulse shapes are measured from the baseline, which it does not give"],
        ),
        (
            {"branches": ["wave"], "shape": [2, 50], "segments": 2, "baseline": "level"},
            ["onset is 100, but the record of a PMT has only 50 samples"],
        ),
        (
            {"columns": ["energy"]},
            ["pulse shapes are those of waveforms, but it is made of columns"],
        ),
    ],
)
def test_an_input_must_be_a_waveform(seen, sentences):
    assert list(problems(SHAPE, Input.model_validate(seen))) == sentences


NUMBERS = [name for name in PulseShape.model_fields if name not in ("type", "late_ns")]
EXTREMES = [0, -1, 1e-300, 1e-12, 1e12, 1e300, math.inf, math.nan, 10**12, 10**400]


@pytest.mark.parametrize("name", [*NUMBERS, "late_ns"])
@pytest.mark.parametrize("number", EXTREMES)
def test_a_number_is_refused_or_gives_features(name, number):
    value = (0.0, number) if name == "late_ns" else number
    found = read_settings(PulseShape, SHAPE.model_dump() | {name: value}, "file")
    if found.errors:
        assert all(text.startswith(f"file: {name}") for text in found.errors)
        return
    try:
        with np.errstate(all="raise", under="ignore"):
            compute(found.settings, record((0, 100, 150, 40)), PULSE)
    except RunsieveError as error:
        assert str(error).startswith("pulse_shape: ")
