"""SVG files without what no reader sees: matplotlib writes several times what is needed."""

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
AXIS = "matplotlib.axis_"  # how groups of ticks and their labels are named
SHARED = ("style", "clip-path")  # attributes that elements take from the group around them
DECIMALS = 2  # a hundredth of a point


def compact(text: str) -> str:
    """The same picture in fewer bytes.

    Groups that only have a name are dissolved, neighbours share their style, numbers are rounded to
    a hundredth of a point, and metadata, indentation and rotations by 0 are left out.
    """
    for prefix, space in (("", SVG), ("xlink", XLINK)):
        ElementTree.register_namespace(prefix, space)
    root = ElementTree.fromstring(text)
    for metadata in root.findall(f"{{{SVG}}}metadata"):
        root.remove(metadata)
    _compact(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _compact(element: Element) -> None:
    if _name(element) == "text":
        return
    is_axis = element.get("id", "").startswith(AXIS)
    for child in element:
        _compact(child)
        _round(child)
    children = [part for child in element for part in _dissolved(child)]
    if is_axis:
        # In an axis nothing overlaps; ticks of one kind become neighbours.
        children.sort(key=lambda child: (child.tag, child.get("style", "")))
    if _name(element) in ("g", "svg"):
        children = _sharing(children)
    element[:] = children
    for one in children:
        one.tail = None
    if _name(element) != "style":
        element.text = None


def _dissolved(element: Element) -> list[Element]:
    """The children of a group that has no more than a name, else the element itself."""
    if _name(element) == "g" and set(element.keys()) <= {"id"}:
        return list(element)
    return [element]


def _sharing(children: Sequence[Element]) -> list[Element]:
    """Neighbours of the same style in a group that has it, in their order."""
    found = []
    for values, group in groupby(children, key=lambda one: tuple(map(one.get, SHARED))):
        members = list(group)
        kinds = {_name(one) for one in members}
        if len(members) < 2 or values == (None, None) or not kinds <= {"use", "path", "text"}:
            found += members
            continue
        shared = {name: value for name, value in zip(SHARED, values, strict=True) if value}
        around = Element(f"{{{SVG}}}g", shared)
        for one in members:
            for name in shared:
                del one.attrib[name]
        around.extend(members)
        found.append(around)
    return found


def _round(element: Element) -> None:
    for name in ("d", "x", "y", "transform"):
        value = element.get(name, "")
        # A rounded scale would move what it scales.
        if not value or (name == "transform" and not value.startswith("rotate")):
            continue
        value = re.sub(r"-?\d+\.\d+", lambda found: _short(found.group()), value)
        value = re.sub(r"\s+", " ", value).strip()
        # What follows the first point of a path is a line to it, unless it is said otherwise.
        only_lines = name == "d" and set(re.findall("[a-zA-Z]", value)) <= set("MLz")
        element.set(name, value.replace("L ", "") if only_lines else value)
    if re.match(r"rotate\(-?0 [^)]*\)$", element.get("transform", "")):
        del element.attrib["transform"]


def _short(number: str) -> str:
    text = f"{float(number):.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
