"""Reading pictures of any size and mode as arrays of one shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from runsieve.config.ingest import PixelType, Resize
from runsieve.ingest.resizing import resized

FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
# What Pillow raises for damaged files, depending on the format and the damage.
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


@dataclass(frozen=True)
class Picture:
    """Values (of the requested type and shape), and what the original was.

    width, height, mode: of the original; frames: their number, of which the first is read
    """

    values: np.ndarray
    width: int
    height: int
    mode: str
    frames: int = 1


class UnreadablePictureError(Exception):
    """A picture that cannot be decoded or that the type cannot hold; the text says why."""


def read_picture(
    path: Path, shape: Sequence[int], kind: PixelType = "uint8", how: Resize = "pad"
) -> Picture:
    """Read a picture file; `shape` is (height, width) or (height, width, 3).

    It is rotated according to its EXIF data, transparent parts become white, and it is resized as
    `resized` describes. Raises UnreadablePictureError if it cannot be decoded, or has more or fewer
    bits per value than `kind`.
    """
    try:
        with Image.open(path, formats=FORMATS) as image:
            mode = image.mode
            _require_bits(image, kind)
            image.load()
            upright = ImageOps.exif_transpose(image)
            values = converted(upright, shape, how)
            return Picture(values, *upright.size, mode, getattr(image, "n_frames", 1))
    except DAMAGED as error:
        reason = " ".join(str(error).split()).replace(f" '{path}'", "").replace(f" {path}", "")
        raise UnreadablePictureError(reason or type(error).__name__) from None


def _require_bits(image: Image.Image, kind: PixelType) -> None:
    """Refuse what would lose its range: scaling 16 bits to 8 makes 1023 counts four."""
    if image.mode in ("I", "F"):
        raise UnreadablePictureError(f"32 bits per value, expected those of {kind}")
    wide = image.mode.startswith("I;16")
    if image.format in ("PNG", "TIFF") and not wide and image.tile:
        raw = image.tile[0].args
        if "16" in (raw if isinstance(raw, str) else str(raw[0])):
            raise UnreadablePictureError("16 bits per colour, of which only 8 can be read")
    if wide and kind == "uint8":
        raise UnreadablePictureError("16 bits per value; 'ingest.type: uint16' keeps them")
    if not wide and kind == "uint16":
        raise UnreadablePictureError("8 bits per value, but ingest.type is uint16")


def converted(image: Image.Image, shape: Sequence[int], how: Resize) -> np.ndarray:
    """An image as uint8 of `shape`, grey or RGB, resized if necessary; uint16 if it has 16 bits."""
    height, width = shape[:2]
    if image.mode.startswith("I;16"):
        values = np.asarray(image).astype(np.uint16)
        if image.size == (width, height):
            return values
        # Pillow resizes numbers of 32 bits in each of its filters, those of 16 bits in some.
        large = resized(Image.fromarray(values.astype(np.float32)), width, height, how)
        return np.clip(np.rint(np.asarray(large)), 0, 65535).astype(np.uint16)
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, coloured)
    image = image.convert("RGB" if len(shape) == 3 else "L")
    return np.asarray(resized(image, width, height, how))
