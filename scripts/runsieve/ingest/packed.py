"""Pictures in the arrays of an .npz file."""

import zipfile
from pathlib import Path

import numpy as np

from runsieve.config.ingest import Arrays, PixelType
from runsieve.config.messages import hint
from runsieve.errors import RunsieveError


def read_packed(
    path: Path, arrays: Arrays, kind: PixelType = "uint8"
) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of type `kind`, shape (n, height, width) or (n, height, width, 3); labels, int32.

    Raises RunsieveError if an array is missing or of another type or shape. Object arrays, which
    could run code, are refused.
    """
    try:
        # np.load closes a file that it has opened only if the file is intact.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            images, labels = (_array(file, path, name) for name in (arrays.images, arrays.labels))
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise RunsieveError(f"{path}: not a readable .npz file: {error}") from None
    if images.dtype != kind or not (images.ndim == 3 or images.shape[3:] == (3,)):
        raise RunsieveError(
            f"{path}: array '{arrays.images}': {kind} of shape (n, height, width) or "
            f"(n, height, width, 3) expected, found {images.dtype} of shape {images.shape}"
        )
    if labels.dtype.kind not in "iu" or labels.shape != images.shape[:1]:
        raise RunsieveError(
            f"{path}: array '{arrays.labels}': a whole number for each of {len(images)} pictures "
            f"expected, found {labels.dtype} of shape {labels.shape}"
        )
    if not len(images):
        raise RunsieveError(f"{path}: array '{arrays.images}' holds no picture")
    return images, labels.astype(np.int32)


def _array(file: np.lib.npyio.NpzFile, path: Path, name: str) -> np.ndarray:
    if name not in file.files:
        raise RunsieveError(f"{path}: there is no array '{name}'{hint(name, file.files)}")
    return file[name]
