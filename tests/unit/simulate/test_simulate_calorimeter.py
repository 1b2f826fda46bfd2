"""Showers of electrons and jets, and the features of their cells."""

import numpy as np
import pytest
import uproot
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from helpers.places import ANALYSES
from runsieve.errors import RunsieveError
from runsieve.simulate.calorimeter.cells import (
    ETA,
    PHI,
    WIDE,
    centred,
    drawn,
    ecal_cells,
    hcal_cells,
    suppressed,
)
from runsieve.simulate.calorimeter.features import features, sigma_eta_eta, window
from runsieve.simulate.calorimeter.parameters import Parameters
from runsieve.simulate.calorimeter.run import FEATURES, candidates, write_run
from runsieve.simulate.calorimeter.showers import (
    Deposits,
    Particles,
    deposits,
    electrons,
    jets,
    surroundings,
    transverse_energies,
)

CONFIG = ANALYSES / "electrons.yaml"
SETTINGS = yaml.safe_load(CONFIG.read_text())["simulate"]["parameters"]
PARAMETERS = Parameters.model_validate(SETTINGS)
# Beta distributions at one end: hadrons leave all energy in the ECal, photons leak none.
EVERYTHING_IN_ECAL = Parameters.model_validate(
    SETTINGS | {"leakage": [1e-6, 1e6], "jet": SETTINGS["jet"] | {"em_fraction": [1e6, 1e-6]}}
)
EVENTS = 1500


def cells(*places):
    """One event with energies in ECal cells, given as distance (rows, columns) and energy."""
    ecal = np.zeros((1, 31, 31))
    for row, column, energy in places:
        ecal[0, 15 + row, 15 + column] = energy
    return ecal


NOTHING = np.zeros((1, 8, 8))


def of(ecal, hcal=NOTHING):
    return {name: value[0] for name, value in features(ecal, hcal).items()}


@pytest.fixture(scope="module")
def drawn_candidates():
    return {
        what: candidates(np.random.default_rng(seed), EVENTS, what, PARAMETERS)
        for seed, what in enumerate(("electron", "jet"))
    }


def test_single_cell():
    found = of(cells((0, 0, 40.0)))
    assert found == pytest.approx(dict.fromkeys(FEATURES, 0) | {"r_phi": 1, "r_eta": 1}, abs=1e-6)


def test_widths_and_ratios_by_hand():
    found = of(cells((0, 0, 6.0), (1, 0, 2.0), (0, 3, 1.0), (-3, 0, 1.0)))
    # In 3 x 5 cells: 6 at 0 and 2 one cell away.
    assert found["w_eta2"] == pytest.approx(ETA * np.sqrt(2 / 8 - (2 / 8) ** 2))
    assert found["r_phi"] == pytest.approx(8 / 9)
    assert found["r_eta"] == pytest.approx(9 / 10)


def test_logarithmic_weights_by_hand():
    weight = {0: 4.7 + np.log(0.9), 1: 4.7 + np.log(0.1)}
    mean = weight[1] / (weight[0] + weight[1])
    expected = ETA * np.sqrt(mean - mean**2)
    assert sigma_eta_eta(cells((0, 0, 9.0), (1, 0, 1.0)))[0] == pytest.approx(expected)
    # A cell with less than exp(-4.7) = 0.9 % does not count.
    assert sigma_eta_eta(cells((0, 0, 995.0), (2, 0, 5.0)))[0] == 0


def test_isolation_takes_rings_of_both_calorimeters():
    hcal = np.zeros((1, 8, 8))
    hcal[0, 3, 3] = 100  # at 0.07: core
    hcal[0, 1, 4] = 3  # at (-0.25, 0.05)
    hcal[0, 0, 4] = 5  # at (-0.35, 0.05)
    found = of(cells((0, 0, 50.0), (6, 0, 2.0), (0, 13, 7.0)), hcal)
    # ECal cells at 0.15 and 0.32.
    assert found["isolation_03"] == pytest.approx(2 + 3)
    assert found["isolation_04"] == pytest.approx(2 + 3 + 5 + 7)
    assert found["r_had"] == pytest.approx(108 / 59)


def test_mass_of_two_cells_is_that_of_two_massless_particles():
    found = of(cells((0, -4, 30.0), (6, 4, 20.0)))
    # m^2 = 2 pt1 pt2 (cosh(delta eta) - cos(delta phi))
    squared = 2 * 30 * 20 * (np.cosh(6 * ETA) - np.cos(8 * PHI))
    assert found["mass"] == pytest.approx(np.sqrt(squared))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_scale_of_energy(seed, factor):
    rng = np.random.default_rng(seed)
    ecal, hcal = rng.exponential(1, (3, 31, 31)), rng.exponential(1, (3, 8, 8))
    once, scaled = features(ecal, hcal), features(factor * ecal, factor * hcal)
    for name in FEATURES:
        grows = name in ("mass", "isolation_03", "isolation_04")
        assert scaled[name] == pytest.approx(once[name] * (factor if grows else 1), rel=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 1))
def test_features_are_finite_however_empty_the_cells(seed, share):
    rng = np.random.default_rng(seed)
    ecal = rng.exponential(1, (3, 31, 31)) * (rng.random((3, 31, 31)) < share)
    hcal = rng.exponential(1, (3, 8, 8)) * (rng.random((3, 8, 8)) < share)
    for name, values in features(ecal, hcal).items():
        assert np.isfinite(values).all(), name
        assert (values >= 0).all(), name


def test_windows_lie_around_the_middle():
    ecal = np.arange(31 * 31, dtype=float).reshape(1, 31, 31)
    assert window(ecal, 3, 7)[0].tolist() == ecal[0, 14:17, 12:19].tolist()


def test_points_fall_into_the_cells_that_hold_them():
    eta = np.array([0.0, 0.6 * ETA, 0.13, 9.0])
    phi = np.array([0.0, 0.0, -0.02, 0.0])
    energy = np.array([1.0, 2.0, 4.0, 8.0])
    points = Deposits(np.zeros(4, int), eta, phi, energy, np.array([False, False, True, False]))
    ecal, hcal = ecal_cells(points, 1)[0], hcal_cells(points, 1)[0]
    assert (ecal[15, 15], ecal[16, 15], ecal.sum()) == (1, 2, 3)
    assert (hcal[5, 3], hcal.sum()) == (4, 4)


@pytest.mark.parametrize("make", [electrons, jets])
def test_energy_is_shared_and_none_is_lost(make):
    rng = np.random.default_rng(5)
    et = transverse_energies(rng, 400, PARAMETERS.spectrum)
    particles = make(rng, et, getattr(PARAMETERS, make.__name__[:-1]))
    assert np.bincount(particles.event, particles.et) == pytest.approx(et)
    points = deposits(rng, particles, PARAMETERS)
    assert points.et.sum() == pytest.approx(et.sum(), rel=0.01)


def test_spots_are_in_proportion_to_energy_and_fluctuate():
    count = 2000
    names = {"narrow": False, "broad": True}
    spots = {"narrow": PARAMETERS.em_shower.spot, "broad": PARAMETERS.hadron_shower.spot}
    for name, hadron in names.items():
        for energy in (1.0, 4.0):
            nowhere = np.zeros(count)
            particles = Particles(
                np.arange(count), nowhere, nowhere, np.full(count, energy), np.full(count, hadron)
            )
            points = deposits(np.random.default_rng(8), particles, EVERYTHING_IN_ECAL)
            assert set(points.et) == {spots[name]}
            total = np.bincount(points.event, points.et, count)
            assert total.mean() == pytest.approx(energy, rel=0.03)
            # The resolution of a sampling calorimeter: sqrt(spot / energy).
            assert total.std() / energy == pytest.approx(np.sqrt(spots[name] / energy), rel=0.06)


def without_signal(ecal, hcal):
    """Cells of electrons of next to no energy: noise alone."""
    little = {"lowest": 1e-6, "highest": 2e-6, "slope": 1}
    alone = SETTINGS["surroundings"] | {"particles": 0}
    changes = {"spectrum": little, "surroundings": alone, "ecal": ecal, "hcal": hcal}
    parameters = Parameters.model_validate(SETTINGS | changes)
    return candidates(np.random.default_rng(9), 200, "electron", parameters)


def test_noise_of_cells():
    both = without_signal({"noise": 0.05, "threshold": 0}, {"noise": 0.2, "threshold": 0})
    for seen, noise in zip(both, (0.05, 0.2), strict=True):
        assert (seen >= 0).all()
        assert (seen > 0).mean() == pytest.approx(0.5, abs=0.02)
        assert np.sqrt((seen[seen > 0] ** 2).mean()) == pytest.approx(noise, rel=0.03)


def test_zero_suppression():
    ecal, hcal = without_signal({"noise": 0.05, "threshold": 0.1}, {"noise": 0, "threshold": 0.1})
    assert not hcal.any()
    assert ecal[ecal > 0].min() >= 0.1
    # One cell in 44 is more than two standard deviations above 0; the hottest of 61 x 61 is added.
    assert (ecal > 0).mean() == pytest.approx(0.02275 + 1 / 31**2, rel=0.05)


def test_the_noise_moves_with_the_cells():
    rng = np.random.default_rng(13)
    noise = rng.normal(0, 1, (50, WIDE, WIDE))
    nothing = Deposits(*(np.zeros(0, kind) for kind in (int, float, float, float, bool)))
    _, around = centred(nothing, 50, noise)
    assert (around[:, 15, 15] == noise.max(axis=(1, 2))).all()
    assert all(len(np.unique(one)) == 31**2 for one in around)
    assert set(around[0].ravel()) <= set(noise[0].ravel())


def test_surroundings_vary_from_event_to_event():
    mean, spread = PARAMETERS.surroundings.particles, 0.6
    for variation in (0, spread):
        varied = PARAMETERS.surroundings.model_copy(update={"variation": variation})
        soft = surroundings(np.random.default_rng(12), 20_000, varied, 0.5)
        numbers = np.bincount(soft.event, minlength=20_000)
        assert numbers.mean() == pytest.approx(mean, rel=0.03)
        assert numbers.var() == pytest.approx(mean + (variation * mean) ** 2, rel=0.05)


def test_spectrum_falls_exponentially_between_its_ends():
    et = transverse_energies(np.random.default_rng(6), 50_000, PARAMETERS.spectrum)
    assert (et.min() >= 20, et.max() <= 60) == (True, True)
    low, high = ((et >= 20) & (et < 30)).sum(), ((et >= 40) & (et < 50)).sum()
    assert np.log(low / high) == pytest.approx(20 / 15, abs=0.05)


@pytest.mark.parametrize("what", ["electron", "jet"])
def test_the_hottest_cell_is_in_the_middle(drawn_candidates, what):
    ecal, _ = drawn_candidates[what]
    assert (ecal.reshape(EVENTS, -1).argmax(axis=1) == 15 * 31 + 15).mean() > 0.99


def test_features_tell_electrons_and_the_energy_does_not(drawn_candidates):
    (ecal_e, hcal_e), (ecal_j, hcal_j) = drawn_candidates.values()
    electron = np.repeat([1, 0], EVENTS)
    totals = np.concatenate([x.sum((1, 2)) for x in (ecal_e + 0, ecal_j)])
    totals += np.concatenate([x.sum((1, 2)) for x in (hcal_e, hcal_j)])
    assert abs(roc_auc_score(electron, totals) - 0.5) < 0.05
    both = [features(ecal_e, hcal_e), features(ecal_j, hcal_j)]
    table = np.column_stack([np.concatenate([one[name] for one in both]) for name in FEATURES])
    assert 0.6 < roc_auc_score(electron, -table[:, FEATURES.index("mass")]) < 0.85
    scaled = (table - table.mean(axis=0)) / table.std(axis=0)
    fitted = LogisticRegression().fit(scaled[::2], electron[::2])
    score = fitted.predict_proba(scaled[1::2])[:, 1]
    assert 0.9 < roc_auc_score(electron[1::2], score) < 0.97


def separations(drawn_candidates, threshold):
    """AUC of the seven features and of the number of ECal cells above a threshold, GeV."""
    (ecal_e, hcal_e), (ecal_j, hcal_j) = drawn_candidates.values()
    ecal = suppressed(np.concatenate([ecal_e, ecal_j]), threshold)
    hcal = suppressed(np.concatenate([hcal_e, hcal_j]), threshold)
    electron = np.repeat([1, 0], EVENTS)
    seen = features(ecal, hcal) | {"cells": np.count_nonzero(ecal, axis=(1, 2))}
    aucs = {name: roc_auc_score(electron, seen[name]) for name in seen if name != "mass"}
    return {name: max(auc, 1 - auc) for name, auc in aucs.items()}


def test_a_threshold_of_100_mev_changes_nothing(drawn_candidates):
    assert separations(drawn_candidates, 0.1) == separations(drawn_candidates, 0)


def test_a_higher_threshold_keeps_the_order_of_features_and_favours_the_count(drawn_candidates):
    before, after = separations(drawn_candidates, 0), separations(drawn_candidates, 0.15)
    assert (before.pop("cells"), after.pop("cells")) == pytest.approx((0.68, 0.76), abs=0.02)
    compared = [(a, b) for a in before for b in before if before[a] > before[b] + 0.02]
    assert len(compared) > 15
    assert [pair for pair in compared if after[pair[0]] <= after[pair[1]]] == []


def write(path, kind="jets", seed=1):
    write_run(path, run=1, kind=kind, events=300, channels=[0], parameters=PARAMETERS, seed=seed)
    with uproot.open(path) as file:
        return file["event"].arrays(library="np")


def test_features_of_a_run_are_those_of_its_cells(tmp_path):
    seen = write(tmp_path / "run1.root")
    hcal = seen["hcal"].astype(float)
    small = hcal[:, ::4, ::4]
    assert (drawn(small) == hcal).all()
    for name, values in features(seen["ecal"].astype(float), small).items():
        assert seen[name] == pytest.approx(values, rel=1e-3, abs=1e-3), name
    total = seen["ecal"].sum(axis=(1, 2)) + small.sum(axis=(1, 2))
    assert seen["et"] == pytest.approx(total, rel=1e-4)


def test_same_seed_same_run(tmp_path):
    first, again = write(tmp_path / "a.root"), write(tmp_path / "b.root")
    other = write(tmp_path / "c.root", seed=2)
    assert (first["ecal"] == again["ecal"]).all()
    assert (first["ecal"] != other["ecal"]).any()


def test_unknown_kind_is_named(tmp_path):
    with pytest.raises(RunsieveError, match=r"run 1: .*electrons, jets, not 'muons'"):
        write(tmp_path / "run.root", "muons")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"spectrum": {"lowest": 60, "highest": 20, "slope": 1}}, "below highest"),
        ({"kinds": {"muons": "muon"}}, "'electron' or 'jet'"),
        ({"em_shower": SETTINGS["em_shower"] | {"spot": 0}}, "greater than 0"),
        ({"ecal": {"noise": -1, "threshold": 0}}, "greater than or equal to 0"),
    ],
)
def test_figures_that_do_not_fit_are_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Parameters.model_validate(SETTINGS | change)
