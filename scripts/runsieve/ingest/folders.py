"""Folders of pictures: one subfolder per class."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runsieve.config.base import composed
from runsieve.errors import RunsieveError

ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp")


@dataclass(frozen=True)
class Entry:
    """A file, the number of its class if it is in the folder of one, and why it is no picture."""

    path: Path
    label: int | None
    problem: str = ""


def list_pictures(folder: Path, labels: Sequence[str]) -> list[Entry]:
    """All files in the folders `labels` below `folder`, sorted, then those beside these folders.

    Files that are no pictures have a `problem`. Files and folders whose name begins with a dot are
    ignored. Raises RunsieveError if folders and labels disagree, if a folder cannot be read, or if
    there is no picture.
    """
    try:
        visible = sorted(
            (path for path in folder.iterdir() if not path.name.startswith(".")), key=_place
        )
    except OSError as error:
        _refuse(error)
    present: dict[str, Path] = {}
    for path in visible:
        if path.is_dir():
            other = present.setdefault(composed(readable(path.name)), path)
            if other != path:
                raise RunsieveError(
                    f"{folder}: two folders are called '{composed(readable(path.name))}'; they "
                    "differ in how letters with accents are made up, so rename or join them"
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
        Entry(path, label, _problem(path))
        for label, name in enumerate(labels)
        for path in sorted(_files(present[name]), key=_place)
    ]
    if all(entry.problem for entry in entries):
        raise RunsieveError(f"{folder}: no file ends in {', '.join(ENDINGS)}")
    beside = [Entry(path, None, "not in a folder of a class") for path in visible]
    return entries + [entry for entry in beside if not entry.path.is_dir()]


def list_unlabelled(folder: Path) -> list[Entry]:
    """All files below a folder, at any depth, sorted, with the label -1.

    Files that are no pictures have a `problem`. Raises RunsieveError if the folder cannot be read,
    or if there is no picture.
    """
    if not folder.is_dir():
        raise RunsieveError(f"{folder}: no folder of pictures")
    entries = [Entry(path, -1, _problem(path)) for path in sorted(_files(folder), key=_place)]
    if all(entry.problem for entry in entries):
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


def _files(folder: Path) -> Iterator[Path]:
    """The visible files below a folder, at any depth, and links to folders."""
    # Path.rglob passes over folders that cannot be read.
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in [*names, *links] if not name.startswith("."))


def _problem(path: Path) -> str:
    if path.is_dir():
        return "a link to a folder, which is not followed"
    return "" if path.suffix.lower() in ENDINGS else "not a picture by the ending of its name"


def _refuse(error: OSError) -> None:
    raise RunsieveError(f"{error.filename}: the folder cannot be read: {error.strerror}") from None


def readable(name: str) -> str:
    """The name of a file as UTF-8 text, whatever the locale that it was read in."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _place(path: Path) -> list[bytes]:
    """Key of an order that does not depend on the locale."""
    return [os.fsencode(part) for part in path.parts]
