"""Checksums of raw files, as storage systems give them."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence

from runsieve.errors import RunsieveError
from runsieve.runs.sources import reading
from runsieve.runs.streams import open_binary

CHUNK = 8 * 1024**2  # bytes


def require_checksums(run: int, files: Sequence[str], checksums: Sequence[str]) -> None:
    """Raise RunsieveError if a file of a run does not have its checksum.

    checksums: `sha256:HEX` or `adler32:HEX` in lower case, one per file; empty: nothing is checked
    """
    if not checksums:
        return
    for file, expected in zip(files, checksums, strict=True):
        with reading(f"run {run}: {file}", "its bytes"):
            found = checksum(file, expected.partition(":")[0])
        if found != expected:
            raise RunsieveError(
                f"run {run}: {file}: its checksum should be {expected}, found {found}; the file is "
                "damaged or another one"
            )
    print(f"run {run}: {len(files)} files have the checksums of the run sheet")


def checksum(file: str, algorithm: str) -> str:
    """The checksum of a file, read once: `sha256:` and 64, or `adler32:` and 8 digits."""
    if algorithm == "sha256":
        digest = hashlib.sha256()
        for part in _parts(file):
            digest.update(part)
        return f"sha256:{digest.hexdigest()}"
    value = 1  # of no bytes (RFC 1950)
    for part in _parts(file):
        value = zlib.adler32(part, value)
    return f"adler32:{value:08x}"


def _parts(file: str) -> Iterator[bytes]:
    with open_binary(file) as opened:
        while part := opened.read(CHUNK):
            yield part
