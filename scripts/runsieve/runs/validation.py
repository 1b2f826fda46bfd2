"""Lengths and offsets of baskets, checked before they are used: damage raises ValueError.

Awkward Array and uproot trust the offsets of a file; wrong ones read beyond a buffer, or ask for
memory that no file can fill. Only what agrees with the size of its basket may reach them.
"""

import struct

import numpy as np
import uproot
from uproot.containers import AsVector
from uproot.interpretation import Interpretation
from uproot.interpretation.jagged import AsJagged
from uproot.interpretation.numerical import AsDtype
from uproot.interpretation.objects import AsObjects

# The key of a basket: size, version, size when decompressed, date, size of the key, cycle; at its
# end: version, size of the buffer and of the offsets, number of entries, end of the data, a flag.
KEY, BASKET = struct.Struct(">ihiIhh"), struct.Struct(">Hiiiib")
BLOCK = 9  # bytes before each compressed block: its method (3), size, and size when decompressed
VECTOR_HEADER = 10  # bytes: 4 of length, 2 of version, 4 of the number of values
COUNT = struct.Struct(">I")  # the number of values of a vector


def require_range(branch: uproot.TBranch, number: int) -> tuple[int, int]:
    """First byte of a basket in its file and the one after its last; both must be inside of it."""
    start = int(branch.member("fBasketSeek")[number])
    stop = start + int(branch.basket_compressed_bytes(number))
    if not 0 < start < stop <= branch.file.fEND:
        raise ValueError(f"a basket at bytes {start} to {stop} of {branch.file.fEND}")
    return start, stop


def require_key(stored: memoryview, entries: int) -> None:
    """Check the sizes that a basket states of itself; `stored` has all its bytes in the file."""
    if len(stored) < KEY.size:
        raise ValueError(f"a basket of {len(stored)} bytes")
    size, _, plain, _, header, _ = KEY.unpack_from(stored)
    if not KEY.size + BASKET.size <= header <= size <= len(stored) or plain < 0:
        sizes = f"{size} bytes, {header} of them its key, and {plain} when decompressed"
        raise ValueError(f"a basket of {len(stored)} bytes that states {sizes}")
    _, _, _, found, end, _ = BASKET.unpack_from(stored, header - BASKET.size)
    if found != entries:
        raise ValueError(f"{found} entries instead of {entries}")
    if not 0 <= end - header <= plain:
        raise ValueError(f"data that end at byte {end - header} of {plain}")
    if size - header != plain:
        _require_blocks(stored[header:size], plain)


def _require_blocks(blocks: memoryview, plain: int) -> None:
    place = total = 0
    while total < plain and place + BLOCK <= len(blocks):
        total += int.from_bytes(blocks[place + 6 : place + 9], "little")
        place += BLOCK + int.from_bytes(blocks[place + 3 : place + 6], "little")
    if total != plain or place > len(blocks):
        raise ValueError(f"compressed blocks of {total} bytes for {plain}")


def require_offsets(data: np.ndarray, offsets: np.ndarray, entries: int) -> None:
    """Check that the entries divide the data among them, in their order and without a gap."""
    if len(offsets) != entries + 1:
        raise ValueError(f"{len(offsets) - 1} lengths for {entries} entries")
    if offsets[0] != 0 or offsets[-1] != len(data) or (offsets[1:] < offsets[:-1]).any():
        raise ValueError("the lengths of its entries contradict each other")


def require_lengths(
    interpretation: Interpretation, data: np.ndarray, offsets: np.ndarray | None, entries: int
) -> None:
    """Check that the bytes of each entry are as many as the type of the branch demands.

    `offsets` have been checked; they are None where all entries have the same size.
    """
    if isinstance(interpretation, AsDtype):
        if len(data) != entries * interpretation.from_dtype.itemsize:
            raise ValueError(f"{len(data)} bytes for {entries} entries")
    elif isinstance(interpretation, AsJagged):
        _require_values(interpretation, data, offsets)
    elif isinstance(interpretation, AsObjects):
        if offsets is None:
            raise ValueError("objects without the lengths of their entries")
        if (nested := _nested(interpretation.model)) is not None:
            _require_nested(data, offsets, *nested)


def _require_values(interpretation: AsJagged, data: np.ndarray, offsets: np.ndarray) -> None:
    header, size = interpretation.header_bytes, interpretation.content.from_dtype.itemsize
    counts, rest = np.divmod(np.diff(offsets) - header, size)
    if (counts < 0).any() or rest.any():
        raise ValueError(f"entries that are not a number of values of {size} bytes")
    if header == VECTOR_HEADER:
        places = offsets[:-1, None] + np.arange(header - COUNT.size, header)
        stated = np.ascontiguousarray(data[places]).view(">u4").ravel()
        wrong = np.flatnonzero(stated != counts)
        if len(wrong):
            first = wrong[0]
            raise ValueError(f"a vector of {stated[first]} values holds {counts[first]}")


def _nested(model: AsVector | object) -> tuple[int, int] | None:
    """Depth and bytes per number of vectors in vectors of numbers; None for other objects."""
    depth = 0
    while isinstance(model, AsVector) and model.header == (depth == 0):
        depth, model = depth + 1, model.values
    return (depth, model.itemsize) if depth and isinstance(model, np.dtype) else None


def _require_nested(data: np.ndarray, offsets: np.ndarray, depth: int, size: int) -> None:
    content = memoryview(np.ascontiguousarray(data))
    for start, stop in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        place = _end(content, start + VECTOR_HEADER - COUNT.size, stop, depth, size)
        if place != stop:
            raise ValueError(f"vectors of {place - start} bytes in an entry of {stop - start}")


def _end(content: memoryview, place: int, stop: int, depth: int, size: int) -> int:
    """The place after a vector, which must not be beyond `stop`."""
    if place + COUNT.size > stop:
        raise ValueError("a vector that begins after the end of its entry")
    (count,) = COUNT.unpack_from(content, place)
    place += COUNT.size
    if count * (size if depth == 1 else COUNT.size) > stop - place:
        raise ValueError(f"a vector of {count} values in {stop - place} bytes")
    if depth == 1:
        return place + count * size
    for _ in range(count):
        place = _end(content, place, stop, depth - 1, size)
    return place
