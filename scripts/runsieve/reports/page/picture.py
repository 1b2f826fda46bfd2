"""Figures embedded in a page, so that the page is a single file."""

import base64
from pathlib import Path

LARGEST_SVG = 300_000
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def embedded(path: str | Path) -> str:
    """A figure as a data URI: the SVG, or the PNG of the same name if the SVG is large.

    As a data URI, each SVG is a document of its own: ids cannot clash, and styles cannot leak.
    """
    path = Path(path)
    png = path.with_suffix(".png")
    if path.suffix == ".svg" and path.stat().st_size > LARGEST_SVG and png.exists():
        path = png
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{TYPES[path.suffix]};base64,{content}"
