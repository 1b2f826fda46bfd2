"""Galleries: a small panel for each event, with its caption."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runsieve.figures.described import Described
from runsieve.figures.gallery import COLUMNS, draw_gallery, outline
from runsieve.figures.style import FULL, HALF, save


def titles(figure):
    found = [axes.get_title(loc="left") for axes in figure.axes]
    return [title for title in found if title]


@pytest.mark.parametrize(
    ("shape", "panels", "images"),
    [((500,), 1, 0), ((2, 300), 2, 0), ((28, 28), 1, 1), ((8, 8, 3), 1, 1), ((8, 8, 5), 1, 1)],
)
def test_waveforms_have_axes_for_each_segment_and_pictures_one(tmp_path, shape, panels, images):
    events = [np.random.default_rng(index).random(shape) for index in range(5)]
    captions = [f"run 1, event {index}" for index in range(5)]
    figure = draw_gallery(events, captions, 3, Described("cnn: worst", simulated=True))
    assert len(figure.axes) == 5 * panels
    assert sum(len(axes.images) for axes in figure.axes) == 5 * images
    assert titles(figure) == captions
    assert "Simulation" in [text.get_text() for text in figure.texts]
    save(figure, tmp_path / "gallery.svg")
    assert "run 1, event 4" in (tmp_path / "gallery.svg").read_text()


def test_a_place_may_be_empty(tmp_path):
    picture = np.ones((8, 8))
    arrays, captions = [picture, None, None, picture, None, None], ["a", "", "", "b", "", ""]
    figure = draw_gallery(arrays, captions, 3)
    assert titles(figure) == ["a", "b"]
    places = [axes.get_subplotspec().get_geometry()[2] for axes in figure.axes]
    assert places == [0, 3]
    save(figure, tmp_path / "gallery.png")


def test_the_time_axis_has_its_unit():
    figure = draw_gallery([np.arange(50.0)], ["a"], 2, step=2.0, time="time [ns]", amplitude="mV")
    (axes,) = figure.axes
    assert axes.lines[0].get_xdata()[-1] == 98
    assert figure.get_supxlabel() == "time [ns]" and figure.get_supylabel() == "mV"
    assert figure.get_figwidth() == HALF
    assert draw_gallery([np.arange(50.0)] * 4, list("abcd")).get_figwidth() == FULL


@given(st.integers(4 * COLUMNS + 1, 20_000), st.integers(0, 1000))
def test_an_outline_keeps_every_extreme(length, seed):
    values = np.random.default_rng(seed).normal(size=length)
    places, found = outline(values)
    assert len(places) == 2 * COLUMNS
    assert (np.diff(places) >= 0).all()
    assert (values[places] == found).all()
    assert found.max() == values.max() and found.min() == values.min()


def test_short_waveforms_are_drawn_as_they_are():
    values = np.arange(4.0 * COLUMNS)
    assert outline(values)[1] is values


def test_segments_are_named_in_the_legend():
    arrays = [None, np.zeros((2, 50)), np.zeros((2, 50))]
    figure = draw_gallery(arrays, [""] * 3, 3, names=["PMT 0", "PMT 1"])
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["PMT 0", "PMT 1"]
    lines = [axes.lines[0].get_color() for axes in figure.axes[:2]]
    assert [line.get_color() for line in legend.get_lines()] == lines
    assert len(set(lines)) == 2
