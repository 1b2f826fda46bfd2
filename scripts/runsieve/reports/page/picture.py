"""Pictures inside a page, so that the page is one file."""

import base64
from pathlib import Path

LARGEST_SVG = 300_000
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def embedded(path: str | Path) -> str:
    """A picture as a data URI: the svg, or the png of the same name where the svg is large.

    As a data URI each svg is a document of its own: their ids can't meet, nor styles leak.
    """
    path = Path(path)
    png = path.with_suffix(".png")
    if path.suffix == ".svg" and path.stat().st_size > LARGEST_SVG and png.exists():
        path = png
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{TYPES[path.suffix]};base64,{content}"
