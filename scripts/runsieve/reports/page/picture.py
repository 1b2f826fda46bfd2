"""Figures as parts of a page: SVG whose text can be searched, in the colours of the page."""

import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from runsieve.figures.style import GREY, GRID, INK, PAPER

# What figures draw in these colours follows the theme of the page.
THEME = {INK: "ink", PAPER: "paper", GRID: "grid", GREY: "muted"}
LINK = "{http://www.w3.org/1999/xlink}href"
DROPPED = {"metadata", "script", "foreignObject", "title", "style"}
EMPTY = {"g", "defs"}
PIXELS = 96 / 72  # in a point


@dataclass
class Pictures:
    """The figures of one page; what they have in common is written once.

    styles, shapes: class and id by what they stand for; the page has to contain `css()` and
    `symbols()` as well.
    """

    styles: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, str] = field(default_factory=dict)
    ids: int = 0

    def element(self, path: str | Path, alt: str) -> str:
        """HTML of a figure, from its SVG."""
        root = ElementTree.fromstring(Path(path).read_text(encoding="utf-8"))
        self._share_shapes(root)
        names = self._renamed(root)
        for element in root.iter():
            self._restyle(element, names)
        box = root.get("viewBox", "0 0 1 1")
        width = re.sub(r"[^\d.]", "", root.get("width", "")) or box.split()[2]
        root.attrib.clear()
        inner = "".join(_written(child) for child in root)
        return (
            f'<svg viewBox="{escape(box)}" role="img" aria-label="{escape(alt)}" '
            f'style="--width:{float(width) * PIXELS:.0f}px">{inner}</svg>'
        )

    def css(self) -> str:
        """Rules of the classes that the figures use."""
        return "\n".join(f".picture .{name}{{{style}}}" for style, name in self.styles.items())

    def symbols(self) -> str:
        """Shapes that figures refer to, such as markers and ticks."""
        return "".join(
            shape.replace("<path", f'<path id="{name}"', 1) for shape, name in self.shapes.items()
        )

    def _share_shapes(self, root: Element) -> None:
        """Move the shapes of markers and ticks to those of the page."""
        moved: dict[str, str] = {}
        for parent in list(root.iter()):
            for child in list(parent):
                name = child.get("id")
                if _tag(parent) == "defs" and _tag(child) == "path" and name:
                    parent.remove(child)
                    del child.attrib["id"]
                    self._restyle(child, {})
                    shape = self.shapes.setdefault(_written(child), f"m{len(self.shapes)}")
                    moved[f"#{name}"] = f"#{shape}"
        for element in root.iter():
            link = element.attrib.pop(LINK, element.attrib.pop("href", None))
            if link is not None:
                element.set("href", moved.get(link, link))

    def _renamed(self, root: Element) -> dict[str, str]:
        """A name that the page has once, by each id that the figure refers to; others are lost."""
        text = ElementTree.tostring(root, encoding="unicode")
        used = set(re.findall(r"url\(#([^)]+)\)", text)) | {
            link[1:] for element in root.iter() if (link := element.get("href", "")).startswith("#")
        }
        names = {}
        for element in root.iter():
            name = element.attrib.pop("id", None)
            if name in used:
                self.ids += 1
                names[name] = f"p{self.ids}"
                element.set("id", names[name])
        return names

    def _restyle(self, element: Element, names: dict[str, str]) -> None:
        """Colours of the theme, one class for each style, and the names of this page."""
        if "d" in element.attrib:
            element.set("d", re.sub(r"-?\d+\.\d\d+", _short, element.get("d")))
        for key, value in list(element.attrib.items()):
            if key.lower().startswith("on"):
                del element.attrib[key]
            elif key == "href" and value[1:] in names:
                element.set(key, f"#{names[value[1:]]}")
            elif "url(#" in value:
                element.set(
                    key,
                    re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{names.get(m[1], m[1])})", value),
                )
        parts = [element.attrib.pop("style", "")]
        for key in ("fill", "stroke"):
            if element.get(key) in THEME:
                parts.append(f"{key}: {element.attrib.pop(key)}")
        style = "; ".join(part for part in parts if part)
        if style and "url(" in style:
            element.set("style", style)
        elif style:
            element.set("class", self._class(style))

    def _class(self, style: str) -> str:
        parts = sorted(part.strip() for part in style.split(";") if part.strip())
        text = ";".join(re.sub(r":\s+", ":", part) for part in parts)
        for colour, name in THEME.items():
            text = re.sub(rf"{colour}(?![0-9a-fA-F])", f"var(--{name})", text)
        return self.styles.setdefault(text, f"s{len(self.styles)}")


def _short(found: re.Match) -> str:
    """A coordinate to a tenth of a point, which is less than a pixel."""
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _written(element: Element) -> str:
    """An element as HTML, without name spaces, and without what nobody sees."""
    tag = _tag(element)
    if tag in DROPPED:
        return ""
    keys = (f' {key.rpartition("}")[2]}="{escape(value)}"' for key, value in element.items())
    inner = "".join(_written(child) + escape((child.tail or "").strip()) for child in element)
    text = element.text or ""
    inner = escape(text if tag in ("text", "tspan") else text.strip()) + inner
    if not inner and tag in EMPTY:
        return ""
    return f"<{tag}{''.join(keys)}>{inner}</{tag}>" if inner else f"<{tag}{''.join(keys)}/>"
