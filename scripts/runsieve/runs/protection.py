"""Branches whose bytes have no checksum, so that damage to them can go unnoticed.

What a basket is compressed with decides (paths are those of the sources of ROOT):

- ZLIB: a zlib stream ends with an Adler-32 checksum (RFC 1950, section 2.2).
- LZ4: ROOT stores an XXH64 hash of the compressed bytes (core/lz4/src/ZipLZ4.cxx).
- LZMA: ROOT writes an xz stream with CRC32 (core/lzma/src/ZipLZMA.c, LZMA_CHECK_CRC32).
- ZSTD: ROOT compresses with ZSTD_compressCCtx (core/zstd/src/ZipZSTD.cxx), which by default writes
  no checksum; bit 2 of the frame header says whether there is one (RFC 8878, section 3.1.1.1.1).
- Without compression, or where it would not make a basket smaller, there is nothing to compare.
"""

from collections import Counter
from collections.abc import Iterable
from queue import Queue

import uproot
from uproot.source.cursor import Cursor

from runsieve.runs.trees import Chain, reading
from runsieve.runs.validation import BLOCK, KEY, require_range

START = 1024  # bytes of a basket that are read: its key, with two names, and the first header
PROTECTED = {b"ZL": "ZLIB", b"L4": "LZ4", b"XZ": "LZMA"}
ZSTD, ZSTD_CHECKSUM = b"ZS", 0b100
ZSTD_MAGIC = 4  # bytes before the descriptor of a frame


def unprotected(chain: Chain, branches: Iterable[str]) -> list[str]:
    """One sentence per file and branch that has baskets without a checksum.

    Raises RunsieveError if a branch is missing or the sizes of a basket are damaged.
    """
    branches = sorted(branches)
    chain.require(branches)
    sentences = []
    for file, tree in zip(chain.files, chain.trees, strict=True):
        place = f"run {chain.run}: {file}"
        for name in branches:
            with reading(place, f"the baskets of branch '{name}'"):
                found = _without_checksum(tree[name])
            if found:
                kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.items()))
                sentences.append(
                    f"{place}: branch '{name}' has baskets without a checksum ({kinds} of "
                    f"{tree[name].num_baskets}); damage to them can change values unnoticed"
                )
    return sentences


def _without_checksum(branch: uproot.TBranch) -> Counter[str]:
    """How many baskets of a branch have no checksum, by the reason."""
    found = Counter()
    inside = len(branch.embedded_baskets)
    if inside:
        found["stored with the tree"] = inside
    ranges = [require_range(branch, number) for number in range(branch.num_baskets - inside)]
    starts = [(start, min(stop, start + START)) for start, stop in ranges]
    for chunk in branch.file.source.chunks(starts, Queue()) if starts else ():
        kind = _kind(memoryview(chunk.get(chunk.start, chunk.stop, Cursor(chunk.start), {})))
        if kind is not None:
            found[kind] += 1
    return found


def _kind(start: memoryview) -> str | None:
    """Why a basket has no checksum, from its first bytes; None if it has one."""
    if len(start) < KEY.size:
        raise ValueError(f"a basket of {len(start)} bytes")
    size, _, plain, _, header, _ = KEY.unpack_from(start)
    if not KEY.size <= header <= size:
        raise ValueError(f"a basket of {size} bytes with a key of {header}")
    if size - header == plain:
        return "uncompressed"
    descriptor = header + BLOCK + ZSTD_MAGIC
    if len(start) <= descriptor:
        raise ValueError(f"a key of {header} bytes is followed by no compressed data")
    method = bytes(start[header : header + 2])
    if method == ZSTD:
        return None if start[descriptor] & ZSTD_CHECKSUM else "ZSTD"
    if method not in PROTECTED:
        raise ValueError(f"unknown method of compression {method!r}")
    return None
