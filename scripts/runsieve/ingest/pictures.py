"""Reading pictures of any size and mode as arrays of one shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

# What Pillow raises for damaged files, depending on the format and the damage.
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


@dataclass(frozen=True)
class Picture:
    """Values (uint8, of the requested shape), and width, height and mode of the original."""

    values: np.ndarray
    width: int
    height: int
    mode: str


class UnreadablePictureError(Exception):
    """A picture that cannot be decoded; the text says why."""


def read_picture(path: Path, shape: Sequence[int]) -> Picture:
    """Read a PNG or JPEG file; `shape` is (height, width) or (height, width, 3).

    It is rotated according to its EXIF data, and transparent parts become white. Raises
    UnreadablePictureError if it cannot be decoded.
    """
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as image:
            mode = image.mode
            image.load()
            upright = ImageOps.exif_transpose(image)
            return Picture(converted(upright, shape), *upright.size, mode)
    except DAMAGED as error:
        reason = " ".join(str(error).split()).replace(f" '{path}'", "").replace(f" {path}", "")
        raise UnreadablePictureError(reason or type(error).__name__) from None


def converted(image: Image.Image, shape: Sequence[int]) -> np.ndarray:
    """An image as uint8 of `shape`, grey or RGB, resized if necessary."""
    if image.mode.startswith("I"):
        # Sixteen bits to eight; Pillow's own conversion would clip at 255.
        values = np.clip(np.rint(np.asarray(image) / 257), 0, 255)
        image = Image.fromarray(values.astype(np.uint8))
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, coloured)
    image = image.convert("RGB" if len(shape) == 3 else "L")
    height, width = shape[:2]
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(image)
