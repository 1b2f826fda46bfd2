"""Texts of figures in any alphabet, drawn as they are written."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager, get_font
from matplotlib.text import Text

FONT = "DejaVu Sans"
PLACEHOLDER = "Last Resort"  # a font of matplotlib that draws a box for any letter


@contextmanager
def as_written(figure: Figure) -> Iterator[None]:
    """Draw a figure with titles as they are: each letter has a font.

    Letters that DejaVu Sans lacks are taken from other fonts of the machine. Prints those that no
    font has; they become boxes.
    """
    texts = figure.findobj(Text)
    missing = _missing({letter for one in texts for letter in one.get_text()})
    families = _families(missing)
    if families:
        for one in texts:
            if missing & set(one.get_text()):
                one.set_fontfamily([FONT, *families])
    unknown = "".join(sorted(missing - set().union(*families.values())))
    if unknown:
        print(f"figure: no font of this machine has the letters {unknown}; they become boxes")
    with unwarned():
        yield


@contextmanager
def unwarned() -> Iterator[None]:
    """Let text be measured before each of its letters has a font."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)
        yield


def _missing(letters: Iterable[str]) -> set[str]:
    """Letters that the font of all figures lacks."""
    known = get_font(fontManager.findfont(FONT)).get_charmap()
    return {one for one in letters if one.isprintable() and ord(one) not in known}


def _families(missing: set[str]) -> dict[str, set[str]]:
    """Families of fonts that have missing letters, by name, and which; as few as come first."""
    found: dict[str, set[str]] = {}
    left = set(missing)
    for entry in sorted(fontManager.ttflist, key=lambda one: (one.name, one.fname)):
        if not left:
            break
        if entry.name.startswith(PLACEHOLDER) or entry.style != "normal":
            continue
        mine = {one for one in left if ord(one) in get_font(entry.fname).get_charmap()}
        if mine:
            found[entry.name] = found.get(entry.name, set()) | mine
            left -= mine
    return found
