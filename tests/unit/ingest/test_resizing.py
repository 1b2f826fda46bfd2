"""Pictures of any aspect ratio: kept between margins, cropped, or distorted."""

import numpy as np
import pytest
import uproot
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from runsieve.config.ingest import Ingest
from runsieve.ingest.pictures import read_picture
from runsieve.ingest.resizing import border_median, resized
from runsieve.ingest.run import ingest

WAYS = ("pad", "crop", "stretch")
sides = st.integers(1, 60)


def disc(width, height, radius, ground=40, ink=200, mode="L"):
    """A disc in the middle of a plain ground."""
    across, down = np.meshgrid(np.arange(width) - width / 2 + 0.5, np.arange(height) - height / 2)
    values = np.where(np.hypot(across, down + 0.5) < radius, ink, ground)
    if mode == "F":
        return Image.fromarray(values.astype(np.float32))
    return Image.fromarray(values.astype(np.uint8)).convert(mode)


def extent(values, above):
    """Width and height of what is brighter than `above`."""
    return tuple(np.ptp(np.flatnonzero((values > above).any(axis=axis))) + 1 for axis in (0, 1))


@given(sides, sides, sides, sides, st.sampled_from(WAYS), st.sampled_from(["L", "RGB", "F"]))
def test_every_shape_becomes_every_other(width, height, new_width, new_height, how, mode):
    image = disc(width, height, 0, mode=mode)
    made = resized(image, new_width, new_height, how)
    assert (made.size, made.mode) == ((new_width, new_height), mode)
    np.testing.assert_allclose(np.asarray(made), 40, atol=1e-4)


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("size", [(24, 24), (12, 12), (48, 48)])
def test_with_the_same_aspect_ratio_all_ways_are_one(how, size):
    image = disc(24, 24, 8)
    made = np.asarray(resized(image, *size, how))
    expected = image if size == (24, 24) else image.resize(size, Image.Resampling.LANCZOS)
    np.testing.assert_array_equal(made, np.asarray(expected))


@pytest.mark.parametrize(("width", "height"), [(80, 40), (40, 80)])
def test_a_disc_stays_round_unless_it_is_stretched(width, height):
    image = disc(width, height, 15)
    across, down = extent(np.asarray(resized(image, 40, 40, "pad")), 120)
    assert across == down == pytest.approx(15, abs=1), "the whole picture, at half its size"
    across, down = extent(np.asarray(resized(image, 40, 40, "crop")), 120)
    assert across == down == pytest.approx(30, abs=1), "its middle, at its own size"
    across, down = extent(np.asarray(resized(image, 40, 40, "stretch")), 120)
    assert max(across, down) == pytest.approx(2 * min(across, down), abs=2)


def test_margins_have_the_median_of_the_border():
    values = np.full((10, 30, 3), (10, 20, 30), dtype=np.uint8)
    values[2:8, 5:25] = 255
    values[0, :3] = 250  # a bright corner does not count
    made = np.asarray(resized(Image.fromarray(values), 30, 30, "pad"))
    assert (made[:10] == (10, 20, 30)).all()
    assert (made[20:] == (10, 20, 30)).all()
    np.testing.assert_array_equal(made[10:20], values)


@pytest.mark.parametrize("mode", ["L", "F"])
def test_the_median_of_a_border_in_grey(mode):
    image = Image.fromarray(np.array([[1, 1, 1], [7, 99, 7], [7, 7, 7]], np.uint8)).convert(mode)
    # The corners are in a row and in a column: 1 1 1, 7 7 7, 1 7 7, 1 7 7.
    assert border_median(image) == 7
    assert isinstance(border_median(image), int if mode == "L" else float)


def test_a_line_is_not_lost():
    values = np.full((1, 1000), 90, np.uint8)
    values[0, 400:600] = 200
    made = np.asarray(resized(Image.fromarray(values), 20, 20, "pad"))
    assert (made[9, 8:12] > 150).all()
    assert (np.delete(made, 9, axis=0) == 90).all()


def test_a_crop_leaves_out_as_much_on_both_sides():
    values = np.repeat([[10] * 20 + [100] * 20 + [10] * 20], 20, axis=0).astype(np.uint8)
    assert (np.asarray(resized(Image.fromarray(values), 20, 20, "crop")) == 100).all()


@pytest.mark.parametrize("how", WAYS)
def test_sixteen_bits_are_resized_in_each_way(tmp_path, how):
    values = np.full((20, 40), 1000, np.uint16)
    values[5:15, 10:30] = 60000
    Image.fromarray(values).save(tmp_path / "a.png")
    seen = read_picture(tmp_path / "a.png", (20, 20), "uint16", how).values
    assert seen.dtype == np.uint16
    assert seen[10, 10] == pytest.approx(60000, rel=0.03)
    corners = seen[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.tolist() == pytest.approx([1000] * 4, rel=0.05)
    # Half of the picture is bright: all of the width of its middle, half of the height.
    assert (seen > 30000).mean() == pytest.approx(
        {"pad": 1 / 8, "crop": 1 / 2}.get(how, 1 / 4), abs=0.02
    )


def test_rotated_pictures_are_resized_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    disc(80, 40, 15).save(tmp_path / "a.png", exif=exif)
    seen = read_picture(tmp_path / "a.png", (40, 40)).values
    assert (seen[:, :9] == 40).all(), "80 high and 40 wide: margins left and right"
    assert extent(seen, 120) == (pytest.approx(15, abs=1),) * 2


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("packed", [False, True])
def test_the_way_is_a_setting_and_said_in_the_log(tmp_path, capsys, how, packed):
    image = disc(80, 40, 15)
    if packed:
        np.savez(tmp_path / "some.npz", x=np.asarray(image)[None], y=np.zeros(1, int))
        source = tmp_path / "some.npz"
    else:
        source = tmp_path / "pictures"
        (source / "disc").mkdir(parents=True)
        image.save(source / "disc/a.png")
    settings = {"shape": [30, 30], "resize": how, "labels": ["disc"]}
    settings |= {"arrays": {"training": {"images": "x", "labels": "y"}}}
    run, table = tmp_path / "run7.root", tmp_path / "run7.pictures.csv"
    ingest(7, "training", source, Ingest.model_validate(settings), run, table, 1)
    with uproot.open(run) as file:
        seen = file["event"]["image"].array(library="np")[0]
    np.testing.assert_array_equal(seen, np.asarray(resized(image, 30, 30, how)))
    said = {"pad": "padded", "crop": "cropped", "stretch": "stretched"}[how]
    assert f"1 have another aspect ratio than 30 x 30: {said}" in capsys.readouterr().out


def test_pictures_of_the_aspect_ratio_are_not_spoken_of(tmp_path, capsys):
    (tmp_path / "pictures/disc").mkdir(parents=True)
    disc(90, 60, 9).save(tmp_path / "pictures/disc/a.png")
    settings = Ingest(shape=[20, 30], labels=["disc"])
    run, table = tmp_path / "run7.root", tmp_path / "run7.pictures.csv"
    ingest(7, "training", tmp_path / "pictures", settings, run, table, 1)
    assert "aspect ratio" not in capsys.readouterr().out
