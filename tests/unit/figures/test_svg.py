"""SVG files are small, and show what matplotlib wrote."""

import io
import re
from xml.etree import ElementTree

import numpy as np
from matplotlib.figure import Figure

from runsieve.figures.style import GRID, INK, PAPER, new_figure, save
from runsieve.figures.svg import SVG, compact


def drawn() -> Figure:
    figure = new_figure((6, 3))
    left, right = figure.subplots(1, 2)
    rng = np.random.default_rng(1)
    left.errorbar(np.arange(30), rng.random(30), yerr=0.1, fmt="o", label="größer & <b>")
    left.plot(np.arange(30), rng.random(30), "--")
    left.set(title="a < b", xlabel="time [µs]")
    left.grid()
    left.legend()
    right.set(yscale="log", ylim=(1, 1e7))
    right.imshow(rng.random((4, 4)), aspect="auto")
    return figure


def written() -> str:
    stream = io.StringIO()
    drawn().savefig(stream, format="svg")
    return stream.getvalue()


def points(text: str) -> list[tuple[float, float]]:
    """Places of all markers and ticks, in the order of their places."""
    root = ElementTree.fromstring(text)
    places = [
        (float(use.get("x", 0)), float(use.get("y", 0))) for use in root.iter(f"{{{SVG}}}use")
    ]
    return sorted(places)


def words(text: str) -> list[str]:
    root = ElementTree.fromstring(text)
    return sorted("".join(one.itertext()).strip() for one in root.iter(f"{{{SVG}}}text"))


def inherited(text: str, tag: str, name: str) -> list[str]:
    """The value of an attribute of all elements of a kind, or of the nearest group that has it."""
    found = []

    def visit(element, value):
        value = element.get(name, value)
        if element.tag == f"{{{SVG}}}{tag}":
            found.append(value)
        for child in element:
            visit(child, value)

    visit(ElementTree.fromstring(text), None)
    return sorted(map(str, found))


def test_a_compact_file_has_the_same_elements_in_half_the_bytes():
    before = written()
    after = compact(before)
    assert len(after) < 0.5 * len(before)
    np.testing.assert_allclose(points(after), points(before), atol=0.0051)
    assert words(after) == words(before)
    for tag in ("use", "path", "text"):
        for name in ("style", "clip-path"):
            assert inherited(after, tag, name) == inherited(before, tag, name)


def test_a_path_goes_through_the_same_points():
    numbers = [
        [float(one) for path in re.findall(r' d="([^"]*)"', text) for one in path_numbers(path)]
        for text in (written(), compact(written()))
    ]
    np.testing.assert_allclose(*map(sorted, numbers), atol=0.0051)


def path_numbers(path: str) -> list[str]:
    return re.findall(r"-?\d+(?:\.\d+)?", path)


def test_all_references_are_defined():
    text = compact(written())
    used = set(re.findall(r"url\(#([^)]*)\)", text)) | set(re.findall(r'href="#([^"]*)"', text))
    assert used and used <= set(re.findall(r'id="([^"]*)"', text))


def test_text_stays_text_and_colours_are_those_of_the_style(tmp_path):
    figure = drawn()
    save(figure, [tmp_path / "one.svg"])
    text = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert "größer &amp; &lt;b&gt;" in text and "time [µs]" in text
    assert "DejaVu Sans" in text and "sans-serif" in text
    assert {INK, PAPER, GRID} <= set(re.findall(r"#[0-9a-f]{6}\b", text))
    assert "<metadata" not in text
