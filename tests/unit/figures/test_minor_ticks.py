"""Minor ticks as lines of markers: the same places as those of matplotlib."""

import numpy as np
import pytest
from matplotlib.ticker import NullFormatter, NullLocator
from PIL import Image

from runsieve.figures import style
from runsieve.figures.minor_ticks import taken
from runsieve.figures.style import new_figure, plain_log, save


def two_panels(logarithmic=False):
    figure = new_figure((4, 3))
    above, below = figure.subplots(2, 1, sharex=True)
    for axes in (above, below):
        axes.plot([0.5, 3, 7.3], [1, 30, 900])
    if logarithmic:
        below.set_yscale("log")
        below.set_ylim(1, 1000)
        plain_log(below.yaxis)
    return figure


@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_picture_is_that_of_matplotlib(tmp_path, monkeypatch, logarithmic):
    save(two_panels(logarithmic), tmp_path / "mine.png")
    monkeypatch.setattr(style, "taken", lambda figure: [])
    save(two_panels(logarithmic), tmp_path / "theirs.png")
    mine, theirs = (
        np.asarray(Image.open(tmp_path / f"{name}.png").convert("L"), int)
        for name in ("mine", "theirs")
    )
    assert mine.shape == theirs.shape
    dark = [(picture < 128).sum() for picture in (mine, theirs)]
    assert dark[0] == pytest.approx(dark[1], rel=0.002)
    # A mark may lie a fraction of a pixel beside the tick.
    assert (np.abs(mine - theirs) > 128).mean() < 0.001


def test_ticks_are_at_their_places_within_the_limits():
    figure = new_figure((4, 3))
    axes = figure.subplots()
    axes.set(xlim=(-0.3, 2.1), ylim=(5, 0))
    axes.set_xticks([0, 1, 2])
    for ticks in taken(figure):
        ticks.draw()
    x, y = axes.lines
    # Between two major ticks there are four, 0.2 apart; beyond the limits there is none.
    assert x.get_xdata() == pytest.approx([-0.2, 0.2, 0.4, 0.6, 0.8, 1.2, 1.4, 1.6, 1.8])
    assert set(x.get_ydata()) == {0} and set(y.get_xdata()) == {0}
    assert min(y.get_ydata()) >= 0 and max(y.get_ydata()) <= 5


def test_ticks_that_are_hidden_labelled_or_a_grid_stay_as_they_are():
    figure = new_figure((6, 3))
    hidden, labelled, grid, off = figure.subplots(1, 4)
    hidden.tick_params(which="minor", length=0)
    for axis in (labelled.xaxis, labelled.yaxis):
        axis.set_minor_formatter("{x}")
    grid.grid(which="minor")
    off.axis("off")
    assert taken(figure) == []
    assert not isinstance(hidden.xaxis.get_minor_locator(), NullLocator)
    assert isinstance(hidden.xaxis.get_minor_formatter(), NullFormatter)
