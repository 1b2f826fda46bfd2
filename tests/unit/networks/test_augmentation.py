"""Augmentation: what changes in training, and that nothing changes in prediction."""

import keras
import numpy as np
import pytest

from runsieve.config.layers import Augmentation
from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError
from runsieve.networks.augmentation import Augmented
from runsieve.networks.building import LAYERS, Seen, build
from runsieve.networks.plain import plain
from runsieve.networks.registry import validated

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
EVENTS = 400
PICTURE = np.arange(1, 26, dtype=np.float32).reshape(5, 5)
ALL = {"flip": "both", "rotation": "any", "shift": 1, "gain": 0.1, "noise": 1}


def augmented(values: np.ndarray, segments: int = 1, scale: float = 1.0, **settings) -> np.ndarray:
    """Many copies of an event, as training sees them."""
    layer = Augmented(Augmentation(**settings), segments, scale, seed=1)
    return np.asarray(layer(np.repeat(values[None], EVENTS, axis=0), training=True))


def kinds(pictures: np.ndarray) -> set[bytes]:
    return {np.rint(one).astype(int).tobytes() for one in pictures}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"flip": "horizontal"}, [PICTURE, PICTURE[:, ::-1]]),
        ({"flip": "vertical"}, [PICTURE, PICTURE[::-1]]),
        ({"rotation": "quarter"}, [np.rot90(PICTURE, turns) for turns in range(4)]),
        (
            {"flip": "both", "rotation": "quarter"},
            [np.rot90(one, turns) for one in (PICTURE, PICTURE.T) for turns in range(4)],
        ),
    ],
)
def test_pictures_are_mirrored_and_turned(settings, expected):
    assert kinds(augmented(PICTURE, **settings)) == kinds(np.stack(expected))


def test_colours_stay_together():
    colours = np.stack([PICTURE, -PICTURE], axis=-1)
    found = augmented(colours, flip="both", rotation="any")
    assert found.shape == (EVENTS, 5, 5, 2)
    assert np.allclose(found[..., 0], -found[..., 1], atol=1e-4)


def test_pictures_are_moved_by_whole_pixels_and_zeros_come_in():
    found = augmented(PICTURE, shift=2)
    moves = set()
    for one in found:
        (row, column), *_ = np.argwhere(np.isclose(one, 13, atol=1e-3))
        moves.add((row - 2, column - 2))
        padded = np.pad(PICTURE, 2)
        start = 2 - (row - 2), 2 - (column - 2)
        expected = padded[start[0] : start[0] + 5, start[1] : start[1] + 5]
        assert np.allclose(one, expected, atol=1e-3)
    assert moves == {(down, across) for down in range(-2, 3) for across in range(-2, 3)}


def test_the_segments_of_a_waveform_move_together():
    values = np.concatenate([np.arange(1, 9), 10 * np.arange(1, 9)]).astype(np.float32)
    found = augmented(values, segments=2, shift=3).reshape(EVENTS, 2, 8)
    assert np.allclose(10 * found[:, 0], found[:, 1])
    padded = np.pad(np.arange(1, 9), 3)
    expected = [padded[start : start + 8] for start in range(7)]
    assert kinds(found[:, 0]) == kinds(np.stack(expected))


def test_gain_and_noise_have_the_standard_deviation_that_was_asked_for():
    values = np.full(50, 2.0, np.float32)
    gain = augmented(values, gain=0.1)
    assert np.allclose(gain, gain[:, :1])
    assert gain[:, 0].std() == pytest.approx(0.2, rel=0.2)
    noise = augmented(values, scale=40.0, noise=8)
    assert noise.std() == pytest.approx(0.2, rel=0.05) and noise.mean() == pytest.approx(
        2, abs=0.01
    )


def test_prediction_is_not_augmented_and_the_plain_network_has_no_such_layer(tmp_path):
    settings = {"type": "network", "towers": {"x": {"augmentation": ALL}}, "dense": {"units": [3]}}
    seen = Seen({"x": (5, 5)}, {"x": "float32"}, ["a", "b"], pulses={"x": Pulse()})
    network = build(validated(settings), seen)
    pictures = np.random.default_rng(1).normal(size=(7, 5, 5)).astype(np.float32)
    expected = np.asarray(network(pictures, training=False))
    assert not np.allclose(expected, np.asarray(network(pictures, training=True)))
    network.save(tmp_path / "x.keras")
    loaded = keras.saving.load_model(tmp_path / "x.keras", custom_objects=LAYERS)
    assert (np.asarray(loaded(pictures)) == expected).all()
    simple = plain(network)
    assert not any(isinstance(layer, Augmented) for layer in simple.layers)
    assert (np.asarray(simple(pictures)) == expected).all()


@pytest.mark.parametrize(
    ("shape", "settings", "expected"),
    [
        ((8,), {"flip": "both"}, "flip is for pictures, the input has the shape [8]"),
        ((8,), {"rotation": "any"}, "rotation is for pictures"),
        ((5, 6), {"rotation": "quarter"}, "is for square pictures, found [5, 6]"),
        ((5, 6), {"shift": 5}, "shift 5 is as large as the input"),
        ((2, 2, 2, 2), {"gain": 0.1}, "is neither a waveform nor a picture"),
    ],
)
def test_an_input_that_cannot_be_augmented_is_named(shape, settings, expected):
    tower = {"x": {"augmentation": settings}}
    model = validated({"type": "network", "towers": tower})
    with pytest.raises(RunsieveError) as error:
        build(model, Seen({"x": shape}, {"x": "float32"}, ["a", "b"]))
    assert "network: towers.x.augmentation: " in str(error.value) and expected in str(error.value)
