"""Checksums of raw files, as storage systems give them."""

import hashlib
import os
import zlib
from collections.abc import Sequence

from runsieve.errors import DamagedError
from runsieve.progress import Progress
from runsieve.runs.sources import reading
from runsieve.runs.streams import open_binary

CHUNK = 8 * 1024**2  # bytes


def require_checksums(run: int, files: Sequence[str], checksums: Sequence[str]) -> None:
    """Raise DamagedError if a file of a run does not have its checksum.

    checksums: `sha256:HEX` or `adler32:HEX` in lower case, one per file; empty: nothing is checked
    """
    if not checksums:
        return
    for file, expected in zip(files, checksums, strict=True):
        with reading(f"run {run}: {file}", "its bytes"):
            found = checksum(file, expected.partition(":")[0])
        if found != expected:
            raise DamagedError(
                f"run {run}: {file}: its checksum should be {expected}, found {found}; the file is "
                "damaged or another one"
            )
    print(f"run {run}: {len(files)} files have the checksums of the run sheet")


def checksum(file: str, algorithm: str) -> str:
    """The checksum of a file, read once: `sha256:` and 64, or `adler32:` and 8 digits."""
    digest = hashlib.sha256() if algorithm == "sha256" else None
    value = 1  # Adler-32 of no bytes (RFC 1950)
    with open_binary(file) as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(0)
        progress = Progress(f"{file}: MB compared with its checksum", size / 1e6)
        while part := opened.read(CHUNK):
            if digest is not None:
                digest.update(part)
            else:
                value = zlib.adler32(part, value)
            progress.advance(len(part) / 1e6)
    return f"adler32:{value:08x}" if digest is None else f"sha256:{digest.hexdigest()}"
