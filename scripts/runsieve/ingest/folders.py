"""Folders of pictures: one subfolder per class."""

import hashlib
import os
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
    present = {
        readable(path.name): path
        for path in sorted(folder.iterdir(), key=_place)
        if path.is_dir() and not path.name.startswith(".")
    }
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
        for path in sorted(present[name].rglob("*"), key=_place)
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".")
    ]
    if not entries:
        raise RunsieveError(f"{folder}: no file ends in {', '.join(ENDINGS)}")
    return entries


def listing(folder: Path) -> str:
    """Hash of the names and sizes of all files in a folder; copying does not change it."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=_place):
        if path.is_file():
            digest.update(os.fsencode(path.relative_to(folder)))
            digest.update(f" {path.stat().st_size}\n".encode())
    return digest.hexdigest()[:16]


def readable(name: str) -> str:
    """The name of a file as UTF-8 text, whatever the locale that it was read in."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _place(path: Path) -> list[bytes]:
    """Key of an order that does not depend on the locale."""
    return [os.fsencode(part) for part in path.parts]
