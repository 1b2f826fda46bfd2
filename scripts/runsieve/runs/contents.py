"""What tells the events of one file from those of another, whatever the files are called."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from runsieve.errors import RunsieveError
from runsieve.expressions import parse
from runsieve.runs.baskets import read_basket, wanted_baskets
from runsieve.runs.sources import Column, Source, reading
from runsieve.runs.trees import Chain

ENDS = 32  # entries that are compared at the beginning and at the end of a file
LARGEST = 4  # branches that are compared besides that of the event number
DIFFERENT = 8  # entries with other values, below which branches tell nothing about the events
LARGE_BASKET = 20e6  # bytes, compressed; not worth reading for a few entries


@dataclass(frozen=True)
class Contents:
    """The events of one file of a run.

    content: SHA-256 of the number of entries and, at both ends of the file, of the event numbers
    and the largest branches; None if these branches hold nothing that differs from event to event
    """

    run: int
    file: str
    entries: int
    content: str | None


def contents_of(chain: Chain, columns: Mapping[str, str]) -> list[Contents]:
    """The contents of each file of a run.

    columns: branch or expression by name; `event` and `run` are meant. The run number, if there is
    one, is left out, because a copy may be given another. Values are compared, so that neither the
    compression nor the size of the baskets matters.

    Raises RunsieveError if two files of the run hold the same events.
    """
    numbers = parse(columns["event"]).names
    left_out = numbers | (parse(columns["run"]).names if "run" in columns else set())
    found = []
    for file, source in zip(chain.files, chain.sources, strict=True):
        one = Chain(chain.run, (file,), (source,))
        content = _content(one, sorted(numbers.intersection(*one.branches)), left_out)
        found.append(Contents(chain.run, file, source.num_entries, content))
    _require_different(found)
    return found


def _require_different(contents: list[Contents]) -> None:
    seen: dict[str, str] = {}
    for one in contents:
        if one.content is None:
            continue
        if one.content in seen:
            raise RunsieveError(
                f"run {one.run}: {seen[one.content]} and {one.file} hold the same {one.entries} "
                "events; name only one of them in the run sheet"
            )
        seen[one.content] = one.file


def _content(chain: Chain, numbers: list[str], left_out: frozenset[str]) -> str | None:
    (source,) = chain.sources
    if not source.num_entries:
        return None
    entries = np.unique(
        [*range(min(ENDS, source.num_entries)), *range(source.num_entries)[-ENDS:]]
    ).astype(int)
    others = []
    with reading(f"run {chain.run}: {chain.files[0]}", "its branches"):
        names = _by_size(source, left_out)
    for name in names:
        try:
            others.append((name, _values(chain, name, entries)))
        except RunsieveError:
            continue  # damaged; said where the branch is needed
        if len(others) == LARGEST:
            break
    rows = {b"".join(values) for values in zip(*(values for _, values in others), strict=True)}
    if len(rows) < max(2, min(DIFFERENT, len(entries))):
        return None
    digest = hashlib.sha256(f"{source.num_entries}".encode())
    for name, values in [*((name, _values(chain, name, entries)) for name in numbers), *others]:
        digest.update(f"{name} {[len(value) for value in values]}".encode())
        digest.update(b"".join(values))
    return digest.hexdigest()


def _by_size(source: Source, left_out: frozenset[str]) -> list[str]:
    """Names of the columns of numbers, those with the most bytes per entry first."""
    sizes = {}
    for name in source.top_level():
        column = source[name]
        if column.name in left_out:
            continue
        try:
            size = _entry_size(column, source.num_entries)
        except Exception:  # damaged; said where the column is needed
            continue
        if size is not None:
            # In powers of two, because headers of baskets change the size of a copy a little.
            sizes[name] = int(size).bit_length()
    return sorted(sizes, key=lambda name: (-sizes[name], name))


def _entry_size(column: Column, entries: int) -> float | None:
    """Bytes per entry; None if they tell nothing, or if it takes too long to read some."""
    if not column.blocks or column.offsets[-1] != entries:
        return None
    ends = (0, column.blocks - 1)
    if max(column.block_bytes(number) for number in ends) > LARGE_BASKET:
        return None
    return column.bytes_per_entry()


def _values(chain: Chain, name: str, entries: np.ndarray) -> list[bytes]:
    return [
        value.astype(value.dtype.newbyteorder("<"), copy=False).tobytes()
        for basket in wanted_baskets(chain, name, entries, entries)
        for value in read_basket(chain.run, basket)
    ]
