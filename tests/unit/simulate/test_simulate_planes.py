"""Curved tracks through detector planes."""

import numpy as np
import pytest
import uproot
import yaml
from pydantic import ValidationError

from helpers.places import ANALYSES
from runsieve.errors import RunsieveError
from runsieve.simulate.planes.hits import images
from runsieve.simulate.planes.parameters import Detector, Parameters
from runsieve.simulate.planes.run import write_run
from runsieve.simulate.planes.tracks import Tracks, columns_of, crossings, draw_tracks

CONFIG = ANALYSES / "tracks.yaml"
SETTINGS = yaml.safe_load(CONFIG.read_text())["simulate"]["parameters"]
PARAMETERS = Parameters.model_validate(SETTINGS)
DETECTOR = PARAMETERS.detector
PERFECT = {"resolution": 0, "efficiency": 1, "noise": 0}


def one_track(momentum, charge=1, slope=0.0):
    values = (momentum, charge, 256.0, slope)
    return Tracks(*(np.array([[value]]) for value in values))


@pytest.mark.parametrize("charge", [1, -1])
@pytest.mark.parametrize("slope", [-0.4, 0.0, 0.3])
def test_crossings_lie_on_a_circle(charge, slope):
    rows = crossings(one_track(1.0, charge, slope), DETECTOR)[0, 0]
    angle, radius = np.arctan(slope), charge * DETECTOR.radius
    # The centre of the circle, from the point and the direction of entry.
    column, row = -radius * np.sin(angle), 256 + radius * np.cos(angle)
    crossed = np.isfinite(rows)
    away = np.hypot(columns_of(DETECTOR) - column, rows - row)[crossed]
    assert crossed.sum() > 10
    assert away == pytest.approx(DETECTOR.radius)


def test_high_momentum_is_nearly_straight_and_low_turns_round():
    straight = crossings(one_track(1e6, slope=0.25), DETECTOR)[0, 0]
    assert straight == pytest.approx(256 + 0.25 * columns_of(DETECTOR), abs=0.01)
    curled = crossings(one_track(0.3), DETECTOR)[0, 0]
    assert np.isnan(curled[columns_of(DETECTOR) > 0.3 * DETECTOR.radius]).all()
    assert np.isfinite(curled[columns_of(DETECTOR) < 0.3 * DETECTOR.radius]).all()


def test_share_and_ranges_of_momenta():
    tracks, high = draw_tracks(np.random.default_rng(1), 4000, PARAMETERS.particles, 512)
    assert high.mean() == pytest.approx(0.5, abs=0.03)
    fast = tracks.momentum >= PARAMETERS.particles.high[0]
    assert (fast.sum(axis=1) == high).all()
    assert tracks.momentum[~fast].max() <= PARAMETERS.particles.low[1]


def test_each_hit_is_a_square_in_its_plane():
    detector = Detector.model_validate(SETTINGS["detector"] | PERFECT)
    rows = crossings(one_track(1e6), detector)
    image = images(np.random.default_rng(2), rows, detector)[0]
    assert set(np.unique(image)) == {0, 255}
    assert np.count_nonzero(image) == detector.planes * detector.size**2
    hit_columns = np.flatnonzero(image.any(axis=0))
    assert len(hit_columns) == detector.planes * detector.size
    middle = hit_columns.reshape(detector.planes, detector.size).mean(axis=1)
    assert middle == pytest.approx(np.floor(columns_of(detector)))


def test_efficiency_and_noise():
    nothing = np.full((500, 1, 16), np.nan)
    noisy = Detector.model_validate(SETTINGS["detector"] | {"noise": 5, "size": 1})
    hits = images(np.random.default_rng(3), nothing, noisy)
    assert np.count_nonzero(hits) / 500 == pytest.approx(5, abs=0.5)
    some = Detector.model_validate(SETTINGS["detector"] | PERFECT | {"efficiency": 0.8, "size": 1})
    rows = np.broadcast_to(np.full(16, 100.0), (500, 1, 16))
    found = np.count_nonzero(images(np.random.default_rng(4), rows, some))
    assert found / (500 * 16) == pytest.approx(0.8, abs=0.02)


def write(path, kind="training", seed=1):
    write_run(path, run=1, kind=kind, events=150, channels=[0], parameters=PARAMETERS, seed=seed)
    with uproot.open(path) as file:
        return file["event"].arrays(library="np"), file["truth"].arrays(library="np")


def test_run_and_truth_agree(tmp_path):
    seen, truth = write(tmp_path / "run1.root")
    assert seen["image"].shape == (150, 512, 512)
    assert (seen["hits"] == np.count_nonzero(seen["image"], axis=(1, 2))).all()
    assert ((truth["momentum"] >= PARAMETERS.particles.high[0]) == seen["high"]).all()
    again, _ = write(tmp_path / "again.root")
    assert (seen["image"] == again["image"]).all()
    other, _ = write(tmp_path / "other.root", seed=2)
    assert (seen["image"] != other["image"]).any()


def test_unknown_kind_is_named(tmp_path):
    with pytest.raises(RunsieveError, match=r"run 1: .*training, validation, test, not 'physics'"):
        write(tmp_path / "run.root", "physics")


@pytest.mark.parametrize(
    ("section", "change", "message"),
    [
        ("particles", {"high": [0.5, 2]}, "high above low"),
        ("detector", {"planes": 200}, "hits of neighbouring planes overlap"),
    ],
)
def test_figures_that_do_not_fit_are_refused(section, change, message):
    settings = SETTINGS | {section: SETTINGS[section] | change}
    with pytest.raises(ValidationError, match=message):
        Parameters.model_validate(settings)
