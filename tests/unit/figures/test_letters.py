"""Titles in any alphabet, drawn as they are written."""

from xml.etree import ElementTree

import pytest
from matplotlib.font_manager import fontManager, get_font

from runsieve.figures.described import Described
from runsieve.figures.letters import FONT
from runsieve.figures.style import HALF, headline, new_figure, plain_log, save


def figure_of(*titles):
    figure = new_figure((HALF, 4))
    axes = figure.subplots()
    for place, title in enumerate(titles):
        axes.plot([0, 1], [place + 1, 100], label=title)
    axes.set_yscale("log")
    axes.set_yticks([1, 10], [titles[0], "x"])
    axes.set_title(titles[-1])
    plain_log(axes.yaxis)
    headline(figure, Described(titles[-1]), legend=axes)
    return figure


def test_nothing_is_math(tmp_path):
    titles = ["$a_b$ at 5$", r"\frac{1}{$2$}", "$\\frac{", "<b>&amp;"]
    save(figure_of(*titles), tmp_path / "figure.svg")
    root = ElementTree.parse(tmp_path / "figure.svg").getroot()
    written = {one.text for one in root.iter() if one.tag.endswith("text")}
    assert set(titles) <= written
    assert "100" in written  # on the logarithmic axis


def lacking(present):
    """A letter that the font of figures lacks and another of matplotlib's own has, or none has."""
    known = get_font(fontManager.findfont(FONT)).get_charmap()
    others = [one.fname for one in fontManager.ttflist if one.name == "STIXGeneral"]
    candidates = [code for path in others for code in get_font(path).get_charmap()]
    found = [code for code in candidates if code not in known and chr(code).isalpha()]
    return chr(found[0]) if present else chr(0x16FE4)


def test_a_letter_of_another_font_is_drawn(tmp_path, capsys):
    letter = lacking(True)
    save(figure_of(f"{letter} and Шум", "β⁻ decays"), tmp_path / "figure.png")
    assert capsys.readouterr().out == ""


def test_a_letter_of_no_font_is_said(tmp_path, capsys, monkeypatch):
    own = [one for one in fontManager.ttflist if one.name == FONT]
    monkeypatch.setattr(fontManager, "ttflist", own)
    save(figure_of("物理", "noise"), tmp_path / "figure.png")
    said = capsys.readouterr().out
    assert said == "figure: no font of this machine has the letters 物理; they become boxes\n"
    assert (tmp_path / "figure.png").stat().st_size


@pytest.mark.parametrize("length", [3, 30, 60])
def test_a_legend_has_as_many_columns_as_fit(length):
    figure = figure_of("a" * length, "b", "c")
    figure.draw_without_rendering()
    legend = figure.legends[0].get_window_extent()
    columns = len({round(one.get_window_extent().x0) for one in figure.legends[0].get_texts()})
    assert columns == {3: 3, 30: 3, 60: 2}[length]
    assert legend.x1 <= figure.bbox.x1
