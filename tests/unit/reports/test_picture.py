"""Figures in a page: searchable text, colours of the theme, ids that are unique."""

import re
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from helpers.page_files import SVG
from runsieve.reports.page.picture import Pictures


def figure(tmp_path, text=SVG):
    path = tmp_path / "a.svg"
    path.write_text(text)
    return path


def test_text_stays_text_and_nothing_else_is_said(tmp_path):
    found = Pictures().element(figure(tmp_path), 'What "is" <seen>')
    assert ">energy / keV</text>" in found
    assert 'aria-label="What &quot;is&quot; &lt;seen&gt;"' in found
    assert 'viewBox="0 0 72 36"' in found and "--width:96px" in found
    for gone in ("metadata", "when", "xmlns", "figure_1", "xlink", "#000000"):
        assert gone not in found


def test_colours_follow_the_theme(tmp_path):
    pictures = Pictures()
    styles = (
        "stroke: #000000",
        "fill: #ffffff; stroke: #d9dde3",
        "fill: #4a5260",
        "fill: #0000001",
    )
    shapes = (
        "".join(f'<rect style="{style}"/>' for style in styles) + '<g fill="#000000"><rect/></g>'
    )
    pictures.element(figure(tmp_path, f'<svg xmlns="{SPACE}">{shapes}</svg>'), "a")
    assert pictures.css().splitlines() == [
        ".picture .s0{stroke:var(--ink)}",
        ".picture .s1{fill:var(--paper);stroke:var(--grid)}",
        ".picture .s2{fill:var(--muted)}",
        ".picture .s3{fill:#0000001}",
        ".picture .s4{fill:var(--ink)}",
    ]


SPACE = "http://www.w3.org/2000/svg"


def test_figures_share_styles_and_shapes_but_no_ids(tmp_path):
    pictures = Pictures()
    found = [pictures.element(figure(tmp_path), "a") for _ in range(2)]
    ids = [name for text in found for name in re.findall(r' id="([^"]+)"', text)]
    assert len(ids) == len(set(ids)) == 2
    assert pictures.symbols().count("<path") == 1
    for text in found:
        assert 'href="#m0"' in text
        (used,) = re.findall(r"url\(#([^)]+)\)", text)
        assert f'id="{used}"' in text
    assert len(pictures.css().splitlines()) == 2


def test_coordinates_have_a_tenth_of_a_point(tmp_path):
    text = f'<svg xmlns="{SPACE}"><path d="M 1.26 -0.04 30 4.97 L 2.5 1.125"/></svg>'
    assert 'd="M 1.3 -0 30 5 L 2.5 1.1"' in Pictures().element(figure(tmp_path, text), "a")


def test_nothing_in_a_figure_runs(tmp_path):
    evil = f'<svg xmlns="{SPACE}" onload="x()"><script>x()</script><rect onclick="x()"/></svg>'
    found = Pictures().element(figure(tmp_path, evil), "a")
    assert "x()" not in found


@given(st.text(alphabet="<>&\"'ab", min_size=1))
def test_texts_are_never_html(text):
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    with tempfile.TemporaryDirectory() as folder:
        path = figure(Path(folder), f'<svg xmlns="{SPACE}"><text>{shown}</text></svg>')
        found = Pictures().element(path, "a")
    inner = found.split("<text>")[1].split("</text>")[0]
    assert not re.search("[<>]", inner)
