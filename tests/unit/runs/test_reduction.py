"""Blocks of pixels that become one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.config.inputs import Input
from runsieve.runs.reduction import reduction_of

IMAGE = {"branches": ["hits"], "shape": [8, 12]}


@given(st.integers(0, 1000), st.sampled_from(["mean", "max"]), st.sampled_from([2, 4]))
def test_each_pixel_is_that_of_its_block(seed, by, factor):
    rng = np.random.default_rng(seed)
    settings = Input.model_validate(IMAGE | {"reduce": {"factor": factor, "by": by}})
    values = rng.integers(0, 256, 96).astype(np.uint8)
    small = reduction_of(settings)(values)
    assert small.dtype == np.uint8
    assert small.shape == settings.event_shape() == (8 // factor, 12 // factor)
    image = values.reshape(8, 12)
    for (row, column), value in np.ndenumerate(small):
        block = image[factor * row :, factor * column :][:factor, :factor]
        expected = block.max() if by == "max" else round(block.sum() / factor**2)
        assert value == expected


def test_colours_stay_apart():
    settings = Input.model_validate(
        {"branches": ["picture"], "shape": [4, 4, 3], "reduce": {"factor": 4}}
    )
    image = np.zeros((4, 4, 3), dtype=np.float32)
    image[..., 1] = 1.5
    assert reduction_of(settings)(image.ravel()).tolist() == [[[0.0, 1.5, 0.0]]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reduce": {"factor": 5}}, "does not divide the image"),
        ({"branches": ["a", "b"], "reduce": {"factor": 2}}, "reduce is for one branch"),
        ({"shape": [96], "reduce": {"factor": 2}}, "reduce is for one branch"),
        ({"reduce": {"factor": 2, "by": "sum"}}, "reduce.by"),
    ],
)
def test_images_that_can_not_be_reduced_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Input.model_validate(IMAGE | change)
