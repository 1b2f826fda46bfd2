"""What protects the bytes of a basket: the method of compression decides.

Paths are those of the sources of ROOT:

- ZLIB: a zlib stream ends with an Adler-32 checksum (RFC 1950, section 2.2).
- LZ4: ROOT stores an XXH64 hash of the compressed bytes (core/lz4/src/ZipLZ4.cxx).
- LZMA: ROOT writes an xz stream with CRC32 (core/lzma/src/ZipLZMA.c, LZMA_CHECK_CRC32).
- ZSTD: ROOT compresses with ZSTD_compressCCtx (core/zstd/src/ZipZSTD.cxx), which by default writes
  no checksum; bit 2 of the frame header says whether there is one (RFC 8878, section 3.1.1.1.1).
- Without compression, or where it would not make a basket smaller, there is nothing to compare.
"""

from runsieve.runs.validation import BLOCK, KEY

START = 1024  # bytes of a basket that are read: its key, with two names, and the first header
PROTECTED = {b"ZL": "ZLIB", b"L4": "LZ4", b"XZ": "LZMA"}
ZSTD, ZSTD_CHECKSUM = b"ZS", 0b100
ZSTD_MAGIC = 4  # bytes before the descriptor of a frame


def unprotected_kind(start: memoryview) -> str | None:
    """Why a basket has no checksum, from its first bytes; None if it has one.

    Raises ValueError if the sizes that it states contradict each other.
    """
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
