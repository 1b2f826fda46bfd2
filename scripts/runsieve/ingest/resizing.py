"""Resizing pictures to one shape, whatever their aspect ratio."""

import numpy as np
from PIL import Image, ImageOps

from runsieve.config.ingest import Resize

FILTER = Image.Resampling.LANCZOS


def resized(image: Image.Image, width: int, height: int, how: Resize) -> Image.Image:
    """An image of another size; `how` says what becomes of another aspect ratio.

    pad: the whole picture, with its aspect ratio, in the middle; the rest has the value that
        `border_median` gives
    crop: as large a part of its middle as has the aspect ratio of the new size
    stretch: the whole picture, distorted
    """
    size = (width, height)
    if image.size == size:
        return image
    if how == "stretch":
        return image.resize(size, FILTER)
    if how == "crop":
        return ImageOps.fit(image, size, FILTER)
    scale = min(width / image.width, height / image.height)
    # A line of 1000 x 1 pixels has less than half a pixel left of its height.
    inner = (max(1, round(scale * image.width)), max(1, round(scale * image.height)))
    padded = Image.new(image.mode, size, border_median(image))
    corner = ((width - inner[0]) // 2, (height - inner[1]) // 2)
    padded.paste(image.resize(inner, FILTER), corner)
    return padded


def border_median(image: Image.Image) -> float | tuple[int, ...]:
    """Median of the outermost pixels of an image, in colours of each channel; 8 bits or floats.

    It continues a plain background, or the pedestal of a detector, so that the edge of the picture
    stands out less than against a fixed value.
    """
    values = np.asarray(image)
    sides = (values[0], values[-1], values[:, 0], values[:, -1])
    median = np.median(np.concatenate(sides), axis=0)
    if image.mode == "F":
        return float(median)
    rounded = np.rint(median).astype(int)
    return int(rounded) if rounded.ndim == 0 else tuple(rounded.tolist())
