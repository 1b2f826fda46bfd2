"""The oracle is exact: its likelihood ratio is a probability, and no better score is possible."""

import copy

import numpy as np
import pytest
import yaml
from scipy.stats import chi2
from sklearn.metrics import roc_auc_score

from helpers.places import ANALYSES
from runsieve.simulate.crystals.light import LightModel
from runsieve.simulate.crystals.oracle import log_energy_ratio, log_shape_ratio
from runsieve.simulate.crystals.parameters import Parameters
from runsieve.simulate.crystals.triggers import draw_energies, draw_processes

CONFIG = ANALYSES / "cosine.yaml"
SETTINGS = yaml.safe_load(CONFIG.read_text())["simulate"]["parameters"]
PARAMETERS = Parameters.model_validate(SETTINGS)
MODEL = LightModel.of(PARAMETERS)
EACH = 10_000


def drawn(parameters, light_yield):
    """As many hits of each class: whether signal, energy, llr_shape, llr_energy."""
    rng = np.random.default_rng(11)
    model = LightModel.of(parameters)
    signal = np.arange(2 * EACH) < EACH
    energy = draw_energies(rng, signal, parameters)
    charges = light_yield * energy
    light = model.draw(rng, charges, draw_processes(rng, energy, signal, parameters))
    shape = log_shape_ratio(energy, charges, light, parameters, model)
    return signal, energy, shape, log_energy_ratio(energy, parameters.spectra)


@pytest.fixture(scope="module")
def shipped():
    return drawn(PARAMETERS, PARAMETERS.light_yield[3])


@pytest.fixture(scope="module")
def dim():
    """Few photoelectrons, a short gate and a short record: the trigger keeps noise far sooner."""
    settings = copy.deepcopy(SETTINGS)
    settings["trigger"]["gate"] = 60
    settings["record"]["window"] = 1500
    settings["spectra"]["noise"] = [0.5] * 20
    for kind, weight in zip(settings["noise"], (1, 0.2, 4), strict=True):
        kind["weight"] = weight
    return drawn(Parameters.model_validate(settings), light_yield=3)


@pytest.fixture(params=["shipped", "dim"])
def sample(request):
    return request.getfixturevalue(request.param)


def calibration(signal, ratio, bins):
    """p-value of the counts of signal in bins of the ratio, given its probability."""
    probability = 1 / (1 + np.exp(-ratio))
    place = np.searchsorted(np.quantile(ratio, np.linspace(0, 1, bins + 1)[1:-1]), ratio)
    excess = np.bincount(place, signal - probability, bins)
    variance = np.bincount(place, probability * (1 - probability), bins)
    seen = variance > 1
    return chi2.sf((excess[seen] ** 2 / variance[seen]).sum(), seen.sum())


@pytest.mark.parametrize("region", [(0, 0.3), (0.3, 0.6), (0.6, 1), (1, 2), (2, 4), (4, 10)])
def test_ratio_is_the_probability_of_signal(sample, region):
    signal, energy, shape, spectrum = sample
    chosen = (energy > region[0]) & (energy <= region[1])
    assert calibration(signal[chosen], (shape + spectrum)[chosen], bins=10) > 1e-3


@pytest.mark.parametrize("region", [(0, 0.25), (0.25, 0.5), (0.5, 1), (1, 10)])
def test_mean_ratio_of_the_background_is_one(sample, region):
    signal, energy, shape, _ = sample
    ratio = np.exp(shape[~signal & (energy > region[0]) & (energy <= region[1])])
    assert abs(ratio.mean() - 1) < 4 * ratio.std() / np.sqrt(len(ratio))


def test_areas_under_the_curve_of_the_shipped_configuration(shipped):
    signal, _, shape, spectrum = shipped
    assert 0.82 < roc_auc_score(signal, spectrum) < 0.85
    assert 0.93 < roc_auc_score(signal, shape + spectrum) < 0.95


def test_energy_ratio_by_hand():
    ratio = log_energy_ratio(np.array([0.25, 0.5, 9.9, 10.1, 0.0]), PARAMETERS.spectra)
    assert ratio[:3] == pytest.approx(np.log([33 / 403, 33 / 403, 63 / 7]))
    assert np.isnan(ratio[3:]).all()


@pytest.mark.parametrize(("noise", "expected"), [(0.0, 0.0), (0.5, None), (1.0, None)])
def test_share_of_noise_bounds_the_ratio(noise, expected):
    spectra = PARAMETERS.spectra.model_copy(update={"noise": [noise] * 20})
    parameters = PARAMETERS.model_copy(update={"spectra": spectra})
    energy = np.full(200, 0.6)
    light = MODEL.draw(np.random.default_rng(12), 15 * energy, np.ones(200, dtype=np.int64))
    ratio = log_shape_ratio(energy, 15 * energy, light, parameters, MODEL)
    if expected is not None:
        assert ratio == pytest.approx(expected, abs=1e-12)
    assert np.isfinite(ratio).all()
    assert noise == 1 or ratio.max() <= -np.log1p(-noise) + 1e-12
