"""A calibration is a part of a saved baseline."""

import numpy as np
import pytest

from helpers.samples import labelled_events
from runsieve.baselines import baseline
from runsieve.baselines.registry import validated
from runsieve.calibrators import fit_calibrator
from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import FitSample

CLASSES = ["signal", "background"]
METHODS = ["temperature", "isotonic"]


def sample(count=600):
    """Log likelihood ratios three times as large as they should be."""
    rng = np.random.default_rng(1)
    label = rng.integers(0, 2, count)
    ratio = 3 * (rng.normal(0, 1, count) + np.where(label == 0, 0.5, -0.5))
    events = labelled_events(label, CLASSES).assign(weight=rng.uniform(0.5, 2, count))
    return FitSample(events, {"ratio": np.column_stack([ratio, 0 * ratio])}, CLASSES)


def fitted(calibration, fitted_to):
    config = {"type": "likelihood_ratio", "input": "ratio", "calibration": calibration}
    return baseline.fit(validated(config), fitted_to, 1)


@pytest.mark.parametrize("method", METHODS)
def test_a_saved_baseline_is_calibrated_on_validation(method, tmp_path, capsys):
    fitted_to = sample()
    events, arrays = fitted_to.events, fitted_to.arrays
    plain = fitted("none", fitted_to)
    validation = fitted_to.split("validation")
    expected = fit_calibrator(
        method,
        plain.probabilities(validation, arrays),
        validation["label"].to_numpy(),
        validation["weight"].to_numpy(),
    )(plain.probabilities(events, arrays))
    baseline.save(fitted(method, fitted_to), tmp_path / "model.skops")
    assert f"calibrated on validation events: {method}" in capsys.readouterr().out
    found = baseline.load(tmp_path / "model.skops").probabilities(events, arrays)
    np.testing.assert_array_equal(found, expected)
    assert not np.allclose(found, plain.probabilities(events, arrays), atol=0.05)


def test_none_leaves_a_baseline_as_it_is(tmp_path):
    fitted_to = sample()
    plain = fitted("none", fitted_to)
    baseline.save(plain, tmp_path / "model.skops")
    again = baseline.load(tmp_path / "model.skops")
    assert plain.calibrator is None and again.calibrator is None


@pytest.mark.parametrize("method", METHODS)
def test_a_class_without_validation_events_is_named(method):
    events = sample().events
    some = events[(events["split"] != "validation") | (events["label"] == 0)]
    fitted_to = FitSample(some, sample().arrays, CLASSES)
    assert fitted("none", fitted_to).calibrator is None
    with pytest.raises(
        RunsieveError, match="class background has no event in the validation split"
    ):
        fitted(method, fitted_to)
