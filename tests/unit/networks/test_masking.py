"""What comes before the pulse is kept, and tells classes apart only where they differ there."""

import numpy as np
import pytest

from runsieve.config.pulse import RAW, BaselineSamples, Pulse
from runsieve.networks.masking import area_error, masked, scores_separate, separation, without_pulse

TWO = Pulse(segments=2)


def waveforms(onset: int = 100, count: int = 500) -> np.ndarray:
    rng = np.random.default_rng(1)
    values = rng.normal(200, 2, (count, 200))
    values[:, onset : onset + 20] += rng.uniform(10, 50, count)[:, None]
    return np.round(values).astype(np.int16)


def test_what_comes_before_the_pulse():
    assert without_pulse(waveforms(), RAW) == slice(0, 90)  # less a margin of a tenth
    assert without_pulse(-waveforms(), Pulse(polarity="negative")) == slice(0, 90)
    measured = Pulse(baseline=BaselineSamples(samples=(140, 200)))
    assert without_pulse(waveforms(), measured) == slice(140, 200)
    two = np.hstack([waveforms(), waveforms(onset=60)])
    assert without_pulse(two, TWO) == slice(0, 54)
    assert without_pulse(waveforms(onset=0), RAW) is None
    assert without_pulse(waveforms().reshape(-1, 10, 20), RAW) is None
    assert without_pulse(np.zeros((50, 200)), RAW) is None


@pytest.mark.parametrize("place", [slice(0, 90), slice(130, 200), slice(20, 80)])
def test_the_rest_is_drawn_from_what_is_kept(place):
    values = np.hstack([waveforms(), waveforms()])
    left = masked(values, TWO, place, 1)
    assert (left.shape, left.dtype) == (values.shape, values.dtype)
    parts, original = left.reshape(-1, 2, 200), values.reshape(-1, 2, 200)
    assert (parts[:, :, place] == original[:, :, place]).all()
    for event in (0, 7):
        for segment in (0, 1):
            kept = set(original[event, segment, place])
            assert set(parts[event, segment]) == kept


def kept(labels: np.ndarray, **change) -> np.ndarray:
    """Noise before the pulse; one change for the events of class 1."""
    values = np.random.default_rng(2).normal(0, 2, (len(labels), 1, 96))
    one = (labels == 1)[:, None, None]
    values += one * change.get("pattern", 0) * np.tile([1, -1, 0.5, -0.5, 1, -1, 0, 0], 12)
    values += one * change.get("level", 0)
    return values * (1 + one * change.get("noise", 0))


LABELS = np.arange(600) % 2


@pytest.mark.parametrize("change", [{"pattern": 0.5}, {"level": 1.0}, {"noise": 0.2}], ids=str)
def test_classes_that_differ_before_the_pulse(change):
    area, error = separation(kept(LABELS, **change), LABELS, 1)
    assert area > 0.5 + 5 * error


@pytest.mark.parametrize("classes", [2, 3])
def test_classes_that_do_not_differ(classes):
    labels = np.arange(600) % classes
    area, error = separation(kept(np.zeros(600)), labels, 1)
    assert abs(area - 0.5) < 3 * error


def test_a_class_with_too_few_events_is_not_tested():
    labels = np.r_[np.zeros(595, int), np.ones(5, int)]
    area, error = separation(kept(labels), labels, 1)
    assert area == 0.5
    assert np.isnan(error)


def test_scores_of_a_network():
    rng = np.random.default_rng(3)
    right = np.where(LABELS == 1, 0.2, 0.8)
    opposite = np.column_stack([1 - right, right])
    area, error = scores_separate(opposite, LABELS)
    assert area == 1
    assert error == area_error(LABELS == 1)
    tied, _ = scores_separate(np.full((600, 2), 0.5), LABELS)
    assert tied == 0.5
    areas = [scores_separate(rng.random((600, 2))[:, [0, 0]], LABELS)[0] for _ in range(200)]
    # Mirrored at 0.5, the mean of the absolute deviation of a normal distribution is .798 sigma.
    assert np.mean(areas) == pytest.approx(0.5 + 0.798 * error, abs=0.2 * error)
    assert np.isnan(scores_separate(opposite[:2], np.zeros(2, int))[1])
