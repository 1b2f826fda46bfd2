"""Opening files that are not ROOT files, on disk or at an address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from fsspec.core import url_to_fs

from runsieve.runs.sources import reading


def open_binary(file: str) -> BinaryIO:
    """Open a path, or an address such as `root://server//run1.h5`."""
    # A path is opened as it is, since fsspec gives '::' and leading words a meaning.
    if "://" not in file:
        return Path(file).open("rb")
    system, path = url_to_fs(file)
    return system.open(path, "rb")


@contextmanager
def opened(place: str, file: str, kind: str) -> Iterator[BinaryIO]:
    """Open a file of some kind; error messages begin with `place`."""
    with reading(place, "its bytes", kind):
        stream = open_binary(file)
    with stream:
        yield stream
