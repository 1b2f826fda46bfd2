"""Reading columns of a run: the branches behind them, chunk by chunk, for every channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import awkward as ak
import numpy as np

from runsieve.errors import RunsieveError
from runsieve.expressions import ENTRY, Expression, parse_for
from runsieve.runs.sources import Source, reading
from runsieve.runs.trees import Chain

ENTRIES_A_CHUNK = 100_000
EVENT = "event"  # the column with the event number
LARGEST_WHOLE = 2**53  # every whole number below it is a double


@dataclass(frozen=True)
class Chunk:
    """Columns of a range of entries: `columns[channel][name]` has shape (entries,)."""

    start: int
    columns: dict[int, dict[str, np.ndarray]]

    @property
    def entries(self) -> int:
        """Number of entries in the chunk."""
        return len(next(iter(next(iter(self.columns.values())).values())))


def read_columns(
    chain: Chain,
    columns: Mapping[str, str],
    channels: list[int],
    chunk: int = ENTRIES_A_CHUNK,
) -> Iterator[Chunk]:
    """Read `columns` (name: branch or expression with {channel}) of all channels in one pass.

    A column that is a plain branch keeps its type; an expression is float64. The column `event` is
    always of integers. Raises RunsieveError for a missing or unreadable branch, for a value that is
    NaN or infinite, and for an event number that is not whole.
    """
    expressions = {
        channel: {name: parse_for(text, channel) for name, text in columns.items()}
        for channel in channels
    }
    branches = sorted(
        {name for one in expressions.values() for e in one.values() for name in e.names}
    )
    joined = [name for name in branches if chain.friend(name)]
    others = [name for name in branches if name != ENTRY and name not in joined]
    own = [name for name in others if chain.owner(name) is chain]
    computed = [name for name in others if name not in own]
    chain.number_types([*own, *joined])  # only for its errors
    for file, source, offset in zip(chain.files, chain.sources, chain.starts, strict=False):
        place = f"run {chain.run}: {file}"
        for start, entries, raw in _parts(place, source, own, chunk):
            first = int(offset) + start
            raw |= _computed(chain, computed, first, entries)
            raw[ENTRY] = np.arange(first, first + entries)
            for name in joined:
                friend, inner = chain.friend(name)
                raw[name] = friend.values(inner, raw[ENTRY])
            found = {
                channel: {
                    name: _value(f"{place}: column '{name}'", expression, raw, entries)
                    for name, expression in one.items()
                }
                for channel, one in expressions.items()
            }
            _require_finite(found, first, place)
            for one in found.values():
                if EVENT in one:
                    one[EVENT] = whole(one[EVENT], raw[ENTRY], place)
            yield Chunk(first, found)


def _parts(
    place: str, source: Source, branches: list[str], chunk: int
) -> Iterator[tuple[int, int, dict[str, np.ndarray | ak.Array]]]:
    """First entry, number of entries and branches of each chunk of a file."""
    if not branches:
        # uproot gives no chunk where there is nothing to read.
        for start in range(0, source.num_entries, chunk):
            yield start, min(chunk, source.num_entries - start), {}
        return
    with reading(place, f"branches {', '.join(branches)}"):
        reader = source.reader(branches)
        for start in range(0, source.num_entries, chunk):
            stop = min(start + chunk, source.num_entries)
            arrays = reader.read(start, stop)
            yield start, stop - start, {name: plain(array) for name, array in arrays.items()}


def _computed(chain: Chain, branches: list[str], start: int, entries: int) -> dict[str, np.ndarray]:
    """The computed columns of a range of entries, by the names of their branches."""
    if not branches:
        return {}
    (file,), (source,) = chain.computed.files, chain.computed.sources
    with reading(f"run {chain.run}: {file}", f"branches {', '.join(branches)}"):
        arrays = source.reader(branches).read(start, start + entries)
        return {name: plain(array) for name, array in arrays.items()}


def plain(array: ak.Array) -> np.ndarray | ak.Array:
    """As a NumPy array if regular, because element access is much faster."""
    try:
        return ak.to_numpy(array, allow_missing=False)
    except ValueError:
        return array


def _value(
    place: str, expression: Expression, raw: Mapping[str, np.ndarray | ak.Array], entries: int
) -> np.ndarray:
    if expression.branch in raw:
        value = raw[expression.branch]
    else:
        try:
            value = expression.evaluate(raw)
        except RunsieveError as error:
            raise RunsieveError(f"{place}: {error}") from None
    if value.ndim > 1:
        raise RunsieveError(
            f"{place}: '{expression.text}' has several values per entry; choose one, "
            f"such as {expression.text}[{{channel}}]"
        )
    return np.broadcast_to(value, entries)


def whole(numbers: np.ndarray, entries: np.ndarray, place: str) -> np.ndarray:
    """Event numbers as integers; both arrays have the shape (events,).

    Raises RunsieveError, naming the entry, if one is not whole or too large for a double.
    """
    if numbers.dtype.kind != "f":
        return numbers
    good = (np.floor(numbers) == numbers) & (np.abs(numbers) < LARGEST_WHOLE)
    if not good.all():
        first = np.flatnonzero(~good)[0]
        raise RunsieveError(
            f"{place}: the event number is {numbers[first]} at entry {entries[first]}; whole "
            f"numbers below 2^53 are needed"
        )
    return numbers.astype(np.int64)


def _require_finite(found: dict[int, dict[str, np.ndarray]], start: int, place: str) -> None:
    for channel, columns in found.items():
        for name, values in columns.items():
            if values.dtype.kind == "f" and not np.isfinite(values).all():
                first = int(np.flatnonzero(~np.isfinite(values))[0])
                raise RunsieveError(
                    f"{place}: column '{name}' of channel {channel} is {values[first]} "
                    f"at entry {start + first}; cuts need finite numbers"
                )
