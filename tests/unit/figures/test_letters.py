"""Titles in any alphabet, drawn as they are written."""

import pytest
from matplotlib.font_manager import fontManager, get_font
from matplotlib.text import Text

from runsieve.figures.letters import FONT
from runsieve.figures.style import legend_above, new_figure, save


def figure_of(*titles):
    figure = new_figure()
    axes = figure.subplots()
    for place, title in enumerate(titles):
        axes.plot([0, 1], [place, 10], label=title)
    axes.set_yscale("log")
    axes.set_yticks([1, 10], [titles[0], "x"])
    axes.set_title(titles[-1])
    legend_above(figure, axes)
    return figure


def test_nothing_but_powers_of_ten_is_math(tmp_path):
    figure = new_figure()
    axes = figure.subplots()
    axes.plot([1, 100], [1, 2], label="$a_b$ at 5$")
    axes.set_xscale("log")
    axes.set_title(r"\frac{1}{$2$}")
    legend_above(figure, axes)
    save(figure, tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text()
    # matplotlib writes each text as a comment above its glyphs.
    assert "<!-- $a_b$ at 5$ -->" in text
    assert r"<!-- \frac{1}{$2$} -->" in text
    math = {one.get_text() for one in figure.findobj(Text) if one.get_parse_math()}
    assert r"$\mathdefault{10^{1}}$" in math
    assert not any("a_b" in one or "frac" in one for one in math)


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


@pytest.mark.parametrize("length", [3, 40, 80])
def test_a_legend_has_as_many_columns_as_fit(length):
    figure = figure_of("a" * length, "b", "c")
    figure.draw_without_rendering()
    legend = figure.legends[0].get_window_extent()
    columns = len({round(one.get_window_extent().x0) for one in figure.legends[0].get_texts()})
    assert columns == {3: 3, 40: 2, 80: 1}[length]
    assert legend.x1 <= figure.bbox.x1
