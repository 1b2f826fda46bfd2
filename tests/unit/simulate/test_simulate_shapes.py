"""Drawn waveforms: what tells the classes apart, and what does not."""

import numpy as np
import pytest
import uproot
import yaml
from pydantic import ValidationError

from helpers.places import ANALYSES
from runsieve.errors import RunsieveError
from runsieve.simulate.shapes.parameters import Parameters
from runsieve.simulate.shapes.run import write_run
from runsieve.simulate.shapes.waveforms import FORMS, ORDERS, waveform

SETTINGS = yaml.safe_load((ANALYSES / "waveforms.yaml").read_text())["simulate"]["parameters"]
QUIET = SETTINGS | {"noise": 0, "wander": 0, "baseline": 0, "samples": 4000, "width": [200, 200]}
PLAIN = Parameters.model_validate(QUIET | {"baseline": 1000, "amplitude": [500, 500]})


def write(path, events=800, seed=1, **changes):
    parameters = Parameters.model_validate(SETTINGS | {"samples": 300, "width": [5, 20]} | changes)
    write_run(
        path, run=1, kind="training", events=events, channels=[0], parameters=parameters, seed=seed
    )
    with uproot.open(path) as file:
        return file["event"].arrays(library="np")


def drawn(form: str, order: str, seed: int = 1) -> np.ndarray:
    return waveform(np.random.default_rng(seed), form, order, PLAIN).astype(float) - 1000


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("form", FORMS)
def test_pulses_have_their_height_and_stay_inside(form, order):
    for seed in range(5):
        values = drawn(form, order, seed)
        assert values.max() == pytest.approx(500, abs=30)
        assert (np.abs(values[[0, -1]]) < 50).all()


@pytest.mark.parametrize("form", FORMS)
def test_orders_are_copies_of_one_form(form):
    single, double, falling, backwards = (drawn(form, order) for order in ORDERS)
    later = np.roll(single, 600)
    assert np.allclose(double, single + later, atol=2)
    assert np.allclose(falling, single + later / 2, atol=2)
    assert np.abs(backwards).sum() == pytest.approx(np.abs(single).sum(), rel=0.05)
    # Wherever it is put, the mirror image is another form.
    shifted = (np.roll(backwards, move) for move in range(-800, 800, 5))
    closest = min(np.abs(single - other).sum() for other in shifted)
    assert closest > 0.2 * np.abs(single).sum()
    if form == "decay":
        assert single.argmax() - np.flatnonzero(single > 10)[0] <= 1
        assert np.flatnonzero(backwards > 10)[-1] - backwards.argmax() <= 1


def test_classes_are_as_common_and_noise_is_as_large_as_asked_for(tmp_path):
    seen = write(tmp_path / "run1.root", events=3200)
    counts = np.bincount(seen["label"], minlength=16)
    assert (np.abs(counts - 200) < 5 * np.sqrt(200)).all()
    assert seen["waveform"].shape == (3200, 300) and seen["waveform"].dtype == np.uint16
    flat = write(tmp_path / "run2.root", wander=0, amplitude=[0, 0])["waveform"].astype(float)
    assert flat.std() == pytest.approx(10, rel=0.02) and flat.mean() == pytest.approx(1000, abs=0.2)


def test_the_same_seed_gives_the_same_run(tmp_path):
    one, same, other = (
        write(tmp_path / f"{n}.root", 300, seed) for n, seed in enumerate((1, 1, 2))
    )
    assert np.array_equal(one["waveform"], same["waveform"])
    assert not np.array_equal(one["waveform"], other["waveform"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"forms": ["decay", "saw"]}, "forms: no 'saw'; there are decay, bell, step, ringing"),
        ({"orders": ["single", "single"]}, "orders: one is listed twice"),
        ({"width": [9, 3]}, "width needs two increasing values"),
    ],
)
def test_parameters_that_cannot_be_meant(changes, expected):
    with pytest.raises(ValidationError, match=expected):
        Parameters.model_validate(SETTINGS | changes)


def test_another_kind_of_run_is_refused(tmp_path):
    with pytest.raises(RunsieveError, match="knows the kinds training, not 'physics'"):
        write_run(
            tmp_path / "x.root", run=1, kind="physics", events=1, channels=[0], parameters=PLAIN,
            seed=1,
        )  # fmt: skip
