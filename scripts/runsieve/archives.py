"""Zip archives of which the same content always gives the same bytes."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that the format can hold


def rewrite(
    path: Path,
    target: Path,
    changed: dict[str, bytes],
    name: Callable[[str], str] = lambda name: name,
) -> None:
    """Copy an archive without the times of its parts, which keep their order and compression.

    changed: new content by name of the part; name: gives the new name of each part
    """
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as result:
        for part in source.infolist():
            info = zipfile.ZipInfo(name(part.filename), EPOCH)
            info.compress_type = part.compress_type
            if part.filename in changed:
                result.writestr(info, changed[part.filename])
                continue
            info.file_size = part.file_size
            with source.open(part) as one, result.open(info, "w", force_zip64=True) as other:
                shutil.copyfileobj(one, other)
