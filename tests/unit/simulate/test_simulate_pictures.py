"""Drawn pictures."""

import numpy as np
import pytest
import uproot
import yaml
from pydantic import ValidationError

from helpers.places import ANALYSES
from runsieve.errors import RunsieveError
from runsieve.simulate.pictures.drawing import colours, picture, placement
from runsieve.simulate.pictures.figures import FIGURES
from runsieve.simulate.pictures.parameters import Parameters
from runsieve.simulate.pictures.run import write_run

CONFIG = ANALYSES / "images.yaml"
SETTINGS = yaml.safe_load(CONFIG.read_text())["simulate"]["parameters"]
SMALL = SETTINGS | {"side": 32}
PARAMETERS = Parameters.model_validate(SMALL)


def write(path, kind="training", events=600, seed=1):
    write_run(path, run=1, kind=kind, events=events, channels=[0], parameters=PARAMETERS, seed=seed)
    with uproot.open(path) as file:
        return file["event"].arrays(library="np")


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_stands_out_from_its_background(figure):
    plain = Parameters.model_validate(SMALL | {"noise": 0})
    for seed in range(20):
        drawn = picture(np.random.default_rng(seed), figure, plain)
        assert drawn.shape == (32, 32, 3)
        colour, count = np.unique(drawn.reshape(-1, 3), axis=0, return_counts=True)
        assert count.max() > 0.3 * 32**2, "most of the picture is background"
        assert (drawn != colour[count.argmax()]).any(axis=2).mean() > 0.03
        assert np.ptp(drawn.astype(float).mean(axis=2)) > 30


def test_figures_stay_inside():
    for seed in range(50):
        move = placement(np.random.default_rng(seed), PARAMETERS)
        corners = np.array([(1, 0), (-1, 0), (0, 1), (0, -1)])
        assert (np.abs(move(corners) - 0.5) <= 0.5 + 1e-9).all()


def test_colours_keep_their_distance():
    for seed in range(50):
        front, back = colours(np.random.default_rng(seed), 100)
        assert abs(front.mean() - back.mean()) >= 100


def test_classes_come_in_the_shares_of_their_kind_of_run(tmp_path):
    seen = write(tmp_path / "run1.root", events=3000)
    weights = np.array(SETTINGS["kinds"]["training"])
    expected = 3000 * weights / weights.sum()
    counts = np.bincount(seen["label"], minlength=6)
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected + 1)).all()
    assert seen["image"].shape == (3000, 32, 32, 3)
    assert (seen["width"] == 32).all()


def test_same_seed_same_pictures(tmp_path):
    first, again = write(tmp_path / "a.root"), write(tmp_path / "b.root")
    other = write(tmp_path / "c.root", seed=2)
    assert (first["image"] == again["image"]).all()
    assert (first["image"] != other["image"]).any()


def test_unknown_kind_is_named(tmp_path):
    with pytest.raises(RunsieveError, match=r"run 1: .*training, test, not 'physics'"):
        write(tmp_path / "run.root", "physics")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": ["bed", "bard"]}, "no figure of 'bard'; there are bed, bird"),
        ({"kinds": {"training": [1, 2]}}, "kinds.training: a weight for each label"),
        ({"size": [0.9, 0.5]}, "two increasing values"),
    ],
)
def test_figures_that_do_not_fit_are_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Parameters.model_validate(SMALL | change)
