"""Simulated muons: energy around them, and where the classes differ."""

import importlib.util

import numpy as np
import pytest
import uproot
import yaml
from sklearn.metrics import roc_auc_score

from helpers.places import ANALYSES, ROOT
from runsieve.errors import RunsieveError
from runsieve.simulate.muons.cells import CELL, SIDE, image_of, isolation
from runsieve.simulate.muons.parameters import Parameters
from runsieve.simulate.muons.run import SUMS, muons, write_run

SETTINGS = yaml.safe_load((ANALYSES / "muons.yaml").read_text())["simulate"]["parameters"]
PARAMETERS = Parameters.model_validate(SETTINGS)
ENERGYFLOW = {
    "pair": 0.3955202113060169,
    "pair_squared": 0.19391632786392132,
    "chain": 0.16152022609644412,
    "triangle": 0.06443629527457587,
}


def write(path, kind="prompt", seed=1):
    write_run(path, run=1, kind=kind, events=700, channels=[0], parameters=PARAMETERS, seed=seed)
    with uproot.open(path) as file:
        return file["event"].arrays(library="np")


@pytest.fixture
def polynomials():
    """The file of the analysis with the energy-flow polynomials."""
    path = ROOT / "config/columns/energy_flow.py"
    spec = importlib.util.spec_from_file_location("energy_flow", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_points_are_in_their_cells_and_those_outside_are_left_out():
    eta, phi = np.array([0.001, -0.001, 0.399, 0.401]), np.array([0.001, -0.03, -0.399, 0])
    image = image_of(np.array([0, 0, 1, 1]), eta, phi, np.array([1.0, 2, 4, 8]), 2)
    assert image.shape == (2, SIDE, SIDE) and image.sum() == 7
    assert (image[0, 16, 16], image[0, 15, 14], image[1, 31, 0]) == (1, 2, 4)


def test_isolation_is_the_energy_within_a_circle():
    image = np.ones((1, SIDE, SIDE))
    for radius in (0.1, 0.4):
        cells = np.pi * (radius / CELL) ** 2
        assert isolation(image, radius)[0] == pytest.approx(cells, rel=0.05)
    assert isolation(image, 0.03)[0] == 4


def test_branches_agree_with_the_image_and_the_same_seed_gives_the_same_run(tmp_path):
    seen = write(tmp_path / "run1.root")
    for name, radius in SUMS.items():
        assert np.allclose(seen[name], isolation(seen["calorimeter"], radius), rtol=1e-5, atol=1e-4)
    assert ((seen["pt"] > 10) & (seen["pt"] < 50)).all()
    image = seen["calorimeter"]
    assert image.dtype == np.float32 and (image[image > 0] >= np.float32(0.1)).all()
    again, other = write(tmp_path / "run2.root"), write(tmp_path / "run3.root", seed=2)
    assert np.array_equal(image, again["calorimeter"])
    assert not np.array_equal(image, other["calorimeter"])


def test_muons_in_jets_have_more_around_them_but_the_same_momenta():
    rng = np.random.default_rng(1)
    (pt, alone), (pt_heavy, heavy) = (
        muons(rng, 2000, kind, PARAMETERS) for kind in SETTINGS["kinds"]
    )
    label = np.repeat([0, 1], 2000)

    def area(one, other):
        return roc_auc_score(label, np.concatenate([one, other]))

    assert area(isolation(alone, 0.2), isolation(heavy, 0.2)) > 0.72
    assert abs(area(pt, pt_heavy) - 0.5) < 0.04
    # A classifier that only counts cells has learned nothing of isolation.
    assert area(*((one > 0).sum(axis=(1, 2)) for one in (alone, heavy))) < 0.6


def test_polynomials_are_those_of_two_and_three_cells(polynomials):
    image = np.zeros((3, SIDE, SIDE), np.float32)
    image[0, 3, 4], image[0, 3, 8] = 3, 1
    image[1, 0, 0] = 5
    # Half of the pairs are of the two cells in the two orders: 2 z1 z2 d, d = 4 cells.
    assert polynomials.pair(image) == pytest.approx([2 * 0.75 * 0.25 * 0.1, 0, 0])
    assert polynomials.pair_squared(image) == pytest.approx([2 * 0.75 * 0.25 * 0.01, 0, 0])
    chain = 0.75 * 0.25 * 0.01 * (0.75 + 0.25)
    assert polynomials.chain(image) == pytest.approx([chain, 0, 0])
    assert polynomials.triangle(image) == pytest.approx([0, 0, 0])
    assert polynomials.energy(image).tolist() == [4, 5, 0]


def test_polynomials_are_those_of_the_package_energyflow(polynomials):
    """ENERGYFLOW holds figures of energyflow 1.4.0; where it is installed, it is asked again."""
    eta, phi = np.mgrid[:SIDE, :SIDE]
    image = np.where((3 * eta + 5 * phi) % 7 < 2, eta + 1.5 * phi, 0)[None].astype(np.float32)
    for name, expected in ENERGYFLOW.items():
        assert getattr(polynomials, name)(image)[0] == pytest.approx(expected, rel=1e-12)
    energyflow = pytest.importorskip("energyflow", reason="the package energyflow is not here")
    graphs = {"pair": "ab", "pair_squared": "ab ab", "chain": "ab bc", "triangle": "ab bc ca"}
    place = (np.arange(SIDE) - (SIDE - 1) / 2) * CELL
    at = np.nonzero(image[0])
    particles = np.stack([image[0][at], place[at[0]], place[at[1]]], axis=1).astype(np.float64)
    for name, graph in graphs.items():
        lines = [tuple("abc".index(end) for end in line) for line in graph.split()]
        polynomial = energyflow.EFP(
            lines, measure="hadr", beta=1, kappa=1, normed=True, coords="ptyphim"
        )
        assert polynomial.compute(particles) == pytest.approx(ENERGYFLOW[name], rel=1e-12)


def test_another_kind_of_run_is_refused(tmp_path):
    with pytest.raises(RunsieveError, match="knows the kinds prompt, heavy, not 'physics'"):
        write(tmp_path / "x.root", kind="physics")
