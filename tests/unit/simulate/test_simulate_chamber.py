"""Annihilations and cosmic muons in the free-fall chamber."""

import numpy as np
import pytest
import uproot
import yaml
from pydantic import ValidationError

from helpers.places import ANALYSES
from runsieve.errors import RunsieveError
from runsieve.simulate.chamber.hits import images, paths
from runsieve.simulate.chamber.parameters import Parameters, Tracker
from runsieve.simulate.chamber.run import write_run
from runsieve.simulate.chamber.tracks import Tracks, annihilations, cosmic_muons, zenith_angles

CONFIG = ANALYSES / "gbar.yaml"
SETTINGS = yaml.safe_load(CONFIG.read_text())["simulate"]["parameters"]
PARAMETERS = Parameters.model_validate(SETTINGS)
PERFECT = Tracker(efficiency=1, noise=0)


def line(angle, both_ways=False):
    """One track from the middle of row 20, column 30."""
    place = np.array([20.5]), np.array([30.5])
    return Tracks(np.array([0]), *place, np.array([angle]), both_ways)


def write(path, kind, events=300, seed=1, run=1):
    write_run(
        path, run=run, kind=kind, events=events, channels=[0], parameters=PARAMETERS, seed=seed
    )
    with uproot.open(path) as file:
        return file["event"].arrays(library="np"), file["truth"].arrays(library="np")


@pytest.mark.parametrize(
    ("angle", "expected"),
    [
        (0, {(row, 30) for row in range(20, 112)}),
        (np.pi, {(row, 30) for row in range(21)}),
        (np.pi / 2, {(20, column) for column in range(30, 88)}),
        (np.pi / 4, {(20 + step, 30 + step) for step in range(58)}),
    ],
)
def test_a_track_hits_the_pixels_on_its_line(angle, expected):
    image = images(np.random.default_rng(1), line(angle), 1, (112, 88), PERFECT)[0]
    assert set(zip(*np.nonzero(image), strict=True)) == expected


def test_a_muon_goes_both_ways():
    _, row, _ = paths(line(0, both_ways=True), (112, 88))
    assert set(row) == set(range(112))


def test_zenith_angles_follow_the_square_of_the_cosine():
    angles = zenith_angles(np.random.default_rng(2), 100_000)
    counts, edges = np.histogram(angles, bins=20, range=(-np.pi / 2, np.pi / 2))
    middle = (edges[1:] + edges[:-1]) / 2
    expected = 100_000 * np.cos(middle) ** 2 * 2 / np.pi * np.diff(edges)
    assert ((counts - expected) ** 2 / (expected + 50)).sum() < 45


@pytest.mark.parametrize(("where", "row"), [("up", 30), ("down", 82)])
def test_pions_leave_a_point_on_the_surface(where, row):
    tracks = annihilations(np.random.default_rng(3), 2000, where, PARAMETERS)
    number = np.bincount(tracks.event)
    assert set(number) == {2, 3, 4, 5}
    assert (number == 3).mean() == pytest.approx(0.35, abs=0.05)
    assert tracks.row.mean() == pytest.approx(row, abs=0.3)
    for values in (tracks.row, tracks.column):
        first = values[np.unique(tracks.event, return_index=True)[1]]
        assert (values == np.repeat(first, number)).all()


def test_efficiency_and_noise():
    rng = np.random.default_rng(4)
    tracks = cosmic_muons(rng, 400, (112, 88))
    full = images(rng, tracks, 400, (112, 88), PERFECT)
    some = images(rng, tracks, 400, (112, 88), Tracker(efficiency=0.5, noise=0))
    assert (some <= full).all()
    assert some.sum() / full.sum() == pytest.approx(0.5, abs=0.01)
    noise = images(rng, tracks, 400, (112, 88), Tracker(efficiency=0, noise=0.01))
    assert noise.mean() == pytest.approx(0.01, rel=0.03)


def test_run_holds_what_its_kind_says(tmp_path):
    for kind, tracks in (("ceiling", {2, 3, 4, 5}), ("cosmic", {1})):
        seen, truth = write(tmp_path / f"{kind}.root", kind)
        assert seen["image"].shape == (300, 112, 88)
        assert seen["event"].tolist() == truth["event"].tolist() == list(range(1, 301))
        assert (seen["hits"] == seen["image"].sum(axis=(1, 2))).all()
        assert set(truth["tracks"]) == tracks


def test_same_seed_same_run_and_other_runs_differ(tmp_path):
    first, _ = write(tmp_path / "a.root", "floor")
    again, _ = write(tmp_path / "b.root", "floor")
    other, _ = write(tmp_path / "c.root", "floor", run=2)
    assert (first["image"] == again["image"]).all()
    assert (first["image"] != other["image"]).any()


def test_unknown_kind_is_named(tmp_path):
    with pytest.raises(RunsieveError, match=r"run 1: .* ceiling, floor, cosmic, not 'muons'"):
        write(tmp_path / "run.root", "muons")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pions": {2: 0}}, "one weight at least"),
        ({"image": [80, 88]}, "inside the image of 80 x 88"),
        ({"kinds": {"a": "sideways"}}, "'up', 'down' or 'cosmic'"),
    ],
)
def test_figures_that_do_not_fit_are_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Parameters.model_validate(SETTINGS | change)
