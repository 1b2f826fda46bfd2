"""Folders of pictures: one subfolder per class."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runsieve.errors import RunsieveError

ENDINGS = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True)
class Entry:
    """A picture file and the number of its class."""

    path: Path
    label: int


def list_pictures(folder: Path, labels: Sequence[str]) -> list[Entry]:
    """All pictures in the folders `labels` below `folder`, sorted; other files are ignored.

    Raises RunsieveError if folders and labels disagree, or if there is no picture.
    """
    present = sorted(
        path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    for name in labels:
        if name not in present:
            raise RunsieveError(
                f"{folder}: no folder '{name}' (ingest.labels); found {', '.join(present)}"
            )
    for name in present:
        if name not in labels:
            raise RunsieveError(
                f"{folder}: the folder '{name}' is not in ingest.labels: {', '.join(labels)}"
            )
    entries = [
        Entry(path, label)
        for label, name in enumerate(labels)
        for path in sorted((folder / name).rglob("*"))
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".")
    ]
    if not entries:
        raise RunsieveError(f"{folder}: no file ends in {', '.join(ENDINGS)}")
    return entries


def listing(folder: Path) -> str:
    """Hash of the names and sizes of all files in a folder; copying does not change it."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
    return digest.hexdigest()[:16]
