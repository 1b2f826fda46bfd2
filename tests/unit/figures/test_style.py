"""The style: legible colours, the first line of a figure, axes with plain numbers."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.ticker import NullFormatter

from runsieve.figures.described import PLAIN, Described
from runsieve.figures.style import (
    COLOURS,
    GREY,
    GRID,
    HALF,
    INK,
    ON_DARK,
    ON_LIGHT,
    PAPER,
    beside,
    colour_of,
    error_bars,
    files_by_name,
    grid_of,
    headline,
    name_columns,
    name_rows,
    new_figure,
    plain_log,
    save,
    text_colour,
)

DARK = ("#14171c", "#1a212b")  # dark pages
# Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009) 1291, of full severity: linear RGB as seen.
BLINDNESS = {
    "protanopia": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deuteranopia": [
        [0.3673, 0.8606, -0.2280],
        [0.2801, 0.6725, 0.0474],
        [-0.0118, 0.0429, 0.9689],
    ],
    "tritanopia": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
    "none": np.eye(3),
}


def linear(colour):
    """Linear RGB of a hexadecimal colour."""
    values = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """As the Web Content Accessibility Guidelines define it."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def oklab(rgb):
    """Coordinates in which distances are about as large as they look (Ottosson, 2020)."""
    cones = np.cbrt(
        np.clip(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
            @ np.clip(rgb, 0, 1),
            0,
            None,
        )
    )
    return [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ] @ cones


def texts(figure):
    return [text.get_text() for text in figure.texts]


def with_line(size=(HALF, 3.0), labels=("a",)):
    figure = new_figure(size)
    axes = figure.subplots()
    for label in labels:
        axes.plot([0, 1], [0, 1], label=label)
    return figure, axes


@pytest.mark.parametrize("background", [PAPER, *DARK])
@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_is_seen_on_every_background(colour, background):
    assert contrast(colour, background) >= 3


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_first_six_colours_differ_for_everybody(kind):
    seen = [oklab(np.array(BLINDNESS[kind]) @ linear(colour)) for colour in COLOURS[:6]]
    distances = [np.linalg.norm(one - other) for one, other in combinations(seen, 2)]
    assert min(distances) > 0.05  # black and white are 1 apart


def test_text_has_contrast_on_paper_and_on_cells():
    assert contrast(INK, PAPER) > 7 and contrast(GREY, PAPER) > 7
    assert contrast(ON_LIGHT, "#ffffff") > 7 and contrast(ON_DARK, "#000000") > 7
    # A page replaces the first of these, and must not touch text on cells.
    assert len({INK, PAPER, GRID, GREY, ON_LIGHT, ON_DARK}) == 6
    assert text_colour((1, 1, 1, 1)) == ON_LIGHT and text_colour((0, 0, 0.3, 1)) == ON_DARK


def test_simulated_data_are_called_so():
    figure, axes = with_line()
    headline(figure, Described("cnn on all", simulated=True), "7 events", axes)
    assert texts(figure) == ["Simulation", "cnn on all, 7 events"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a"]
    figure, axes = with_line()
    headline(figure, Described("cnn on all"))
    assert "Simulation" not in texts(figure) and not figure.legends


def test_nothing_lies_upon_something_else():
    labels = [f"a model with a long name {index}" for index in range(5)]
    figure, axes = with_line(labels=labels)
    axes.set_title("a title", loc="left")
    headline(figure, Described("a long name " * 5, simulated=True), "a note of some length", axes)
    figure.get_layout_engine().execute(figure)
    renderer = figure.canvas.get_renderer() if hasattr(figure.canvas, "get_renderer") else None
    parts = [*figure.texts, figure.legends[0], axes]
    boxes = [
        part.get_tightbbox(renderer) if part is axes else part.get_window_extent(renderer)
        for part in parts
    ]
    width = figure.get_figwidth() * figure.dpi
    assert all(box.x0 >= 0 and box.x1 <= width for box in boxes)
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def test_axes_take_the_whole_figure_without_a_headline():
    figure, axes = with_line()
    headline(figure, PLAIN)
    figure.get_layout_engine().execute(figure)
    assert texts(figure) == [] and axes.get_position().y1 > 0.95


def test_error_bars_are_lengths():
    table = pd.DataFrame({"x": [0.5, 1.0], "x_low": [0.4, 0.9], "x_high": [0.7, 0.9999]})
    np.testing.assert_allclose(error_bars(table, "x"), [[0.1, 0.1], [0.2, 0]])


def test_points_stand_side_by_side_around_the_middle():
    places = [beside(index, 3, 0.6) for index in range(3)]
    np.testing.assert_allclose(places, [-0.2, 0, 0.2], atol=1e-15)
    assert beside(0, 1) == 0


def test_rows_go_down_with_names_and_notes():
    _, axes = with_line()
    name_rows(axes, ["a", "b"], ["1", "2"])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    assert [text.get_text() for text in axes.texts] == ["1", "2"]
    assert axes.yaxis_inverted()
    name_columns(axes, ["a long name of a column"] * 3)
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {90}


@pytest.mark.parametrize(
    ("limits", "expected"),
    [((1, 30), ["1", "2", "5", "10", "20"]), ((0.5, 5000), ["1", "10", "100", "1\u2009000"])],
)
def test_logarithmic_axes_have_plain_numbers(limits, expected):
    figure, axes = with_line()
    axes.set(yscale="log", ylim=limits)
    plain_log(axes.yaxis)
    figure.draw_without_rendering()
    inside = [
        label.get_text()
        for label, place in zip(axes.get_yticklabels(), axes.get_yticks(), strict=True)
        if limits[0] <= place <= limits[1]
    ]
    assert inside == expected
    assert isinstance(axes.yaxis.get_minor_formatter(), NullFormatter)


def test_helpers(tmp_path):
    assert colour_of(len(COLOURS)) == COLOURS[0]
    assert grid_of(5, 3) == (2, 3)
    assert grid_of(4, 3) == (2, 2)
    assert grid_of(1, 3) == (1, 1)
    assert list(files_by_name(["a/x.svg", "a/x.png", "a/y.svg"])) == ["x", "y"]
    save(with_line()[0], tmp_path / "one.png")
    assert (tmp_path / "one.png").read_bytes()[1:4] == b"PNG"
