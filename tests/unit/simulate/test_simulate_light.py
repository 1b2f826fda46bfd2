"""Photoelectrons: their number, times, charges, and the trigger."""

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln
from scipy.stats import kstest

from helpers.places import ANALYSES
from runsieve.errors import RunsieveError
from runsieve.simulate.crystals.light import (
    SCINTILLATION,
    CountLaw,
    LightModel,
    Photoelectrons,
    Process,
    draw_charges,
)
from runsieve.simulate.crystals.parameters import Parameters

CONFIG = ANALYSES / "cosine.yaml"
SETTINGS = yaml.safe_load(CONFIG.read_text())["simulate"]["parameters"]
PARAMETERS = Parameters.model_validate(SETTINGS)
MODEL = LightModel.of(PARAMETERS)
NUMBERS = range(len(MODEL.processes))


@pytest.mark.parametrize("number", NUMBERS)
def test_time_density_is_normalised_and_agrees_with_its_integral(number):
    process = MODEL.processes[number]

    def density(time):
        return float(np.exp(process.log_density(np.array([time])))[0])

    assert quad(density, 0, process.window, limit=200, points=[100, 1000])[0] == pytest.approx(1)
    assert quad(density, 0, 200)[0] == pytest.approx(process.cumulative(200))
    assert process.cumulative(process.window) == pytest.approx(1)


@pytest.mark.parametrize("number", NUMBERS)
def test_times_follow_their_distribution(number):
    process = MODEL.processes[number]
    times = process.times(np.random.default_rng(2), 5000)
    assert kstest(times, np.vectorize(process.cumulative)).pvalue > 1e-3


@pytest.mark.parametrize("number", NUMBERS)
def test_sharing_between_photomultipliers_is_normalised(number):
    first = np.arange(13)
    ways = np.exp(-np.log(13) - betaln(first + 1, 13 - first))
    shared = np.exp(MODEL.processes[number].log_shared(first, 12 - first))
    assert (ways * shared).sum() == pytest.approx(1)


@given(a=st.floats(0.2, 20), b=st.floats(0.2, 20), counts=st.lists(st.integers(2, 600), min_size=1))
def test_acceptance_without_a_gate_is_that_of_the_beta_moments(a, b, counts):
    counts = np.array(counts)
    process = Process((0.8, 0.2), (50.0, np.inf), (a, b), 5000.0)
    one_sided = np.exp(betaln(a, b + counts) - betaln(a, b))
    one_sided += np.exp(betaln(a + counts, b) - betaln(a, b))
    assert process.acceptance(counts, 5000.0) == pytest.approx(1 - one_sided, abs=1e-9)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("count", [2, 4, 15])
def test_acceptance_agrees_with_drawing(number, count):
    hits = 20_000
    hit = np.repeat(np.arange(hits), count)
    pmt, time = MODEL.processes[number].draw(np.random.default_rng(3), hit)
    kept = MODEL.triggered(hit, pmt, time, hits).mean()
    expected = MODEL.processes[number].acceptance(np.array([count]), MODEL.gate)[0]
    assert abs(kept - expected) < 4 * np.sqrt(expected * (1 - expected) / hits)


@given(charge=st.floats(1e-3, 400), resolution=st.floats(0.2, 0.8))
def test_law_of_the_number_is_complete(charge, resolution):
    short = CountLaw.up_to(charge, resolution)
    long = CountLaw.up_to(3 * charge + 50, resolution)
    probabilities = long.probabilities(np.array([charge]))[0]
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities[len(short.counts) :].sum() < 1e-12


def test_numbers_are_drawn_from_their_law():
    law = CountLaw.up_to(30, 0.4)
    probabilities = law.probabilities(np.full(20_000, 9.0))
    drawn = law.draw(np.random.default_rng(4), probabilities)
    expected = probabilities[0] @ law.counts
    spread = np.sqrt(probabilities[0] @ law.counts**2 - expected**2)
    assert abs(drawn.mean() - expected) < 4 * spread / np.sqrt(len(drawn))
    assert drawn.std() == pytest.approx(spread, rel=0.03)


def test_charges_add_up_to_the_charge_of_their_hit():
    hit = np.repeat(np.arange(3), [2, 5, 300])
    charges = np.array([1.5, 6.0, 300.0])
    drawn = draw_charges(np.random.default_rng(5), hit, charges, 0.4**-2)
    assert np.bincount(hit, drawn) == pytest.approx(charges)
    assert drawn[7:].std() == pytest.approx(0.4, rel=0.15)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_drawn_hit_triggers(number):
    charges = np.linspace(0.01, 150, 300)
    process = np.full(300, SCINTILLATION + number)
    light = MODEL.draw(np.random.default_rng(6), charges, process)
    assert MODEL.triggered(light.hit, light.pmt, light.time, 300).all()
    assert light.clusters(300, PARAMETERS.trigger.cluster_gap).min() >= 2
    assert np.bincount(light.hit, light.charge) == pytest.approx(charges)
    assert light.time.min() >= 0
    assert light.time.max() <= PARAMETERS.record.window


def test_flashes_are_one_cluster_in_one_photomultiplier():
    light = MODEL.draw(np.random.default_rng(7), np.full(200, 20.0), np.full(200, MODEL.flash))
    assert (light.clusters(200, PARAMETERS.trigger.cluster_gap) == 1).all()
    assert np.abs(light.asymmetry(200)) == pytest.approx(1)
    assert 60 < (light.asymmetry(200) > 0).sum() < 140


def test_clusters_and_asymmetry_by_hand():
    light = Photoelectrons(
        hit=np.array([0, 0, 0, 0, 1, 1]),
        pmt=np.array([0, 1, 0, 0, 1, 1]),
        time=np.array([100.0, 20.0, 10.0, 30.0, 5.0, 45.0]),
        charge=np.array([1.0, 1.0, 1.0, 1.0, 0.5, 2.0]),
    )
    assert light.clusters(2, gap=40).tolist() == [3, 1]
    assert light.asymmetry(2).tolist() == [0.5, -1.0]


def test_a_trigger_that_keeps_nothing_is_refused():
    trigger = PARAMETERS.trigger.model_copy(update={"gate": 0.1})
    with pytest.raises(
        RunsieveError, match=r"fraction of .* of scintillation, expected at least 0.001"
    ):
        LightModel.of(PARAMETERS.model_copy(update={"trigger": trigger}))
