"""Late reading: the inputs of drawn events only, from the baskets that contain them."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import awkward as ak
import numpy as np

from runsieve.errors import RunsieveError
from runsieve.expressions import ENTRY, Expression
from runsieve.runs.baskets import Basket, read_basket, split_part, wanted_baskets
from runsieve.runs.trees import Chain

if TYPE_CHECKING:
    from runsieve.runs.reduction import BlockReduction
    from runsieve.runs.windows import Cutter

BYTES_PER_JOB = 2e6  # compressed; with less, threads mostly wait for each other
SMALL_BASKET = 200e3  # bytes, compressed


def read_values(chain: Chain, branch: str, entries: np.ndarray) -> np.ndarray | ak.Array:
    """The values of `branch` at `entries` (increasing), shape (events, ...).

    Where entries differ in shape, a jagged array with one list of values per entry. The values of
    `Entry$` are `entries` themselves.
    """
    if branch == ENTRY:
        return np.asarray(entries)
    if friend := chain.friend(branch):
        joined, inner = friend
        return joined.values(inner, entries)
    chain = chain.owner(branch)
    values = [
        value
        for basket in wanted_baskets(chain, branch, entries, entries)
        for value in read_basket(chain.run, basket)
    ]
    if len({value.shape for value in values}) == 1:
        return _native(np.stack(values))
    flat = _native(np.concatenate([value.ravel() for value in values]))
    return ak.unflatten(flat, [value.size for value in values])


@dataclass(frozen=True)
class Wanted:
    """Entries of a run (increasing) and the rows of an array that they go to, shape (events,).

    absent: bool, one value per row of the array; set to True where nothing is recorded
    starts: first value of the window, counted in each segment, shape (events,); None: no window
    baselines: what is subtracted from the values, shape (events,); None: nothing
    """

    entries: np.ndarray
    rows: np.ndarray
    absent: np.ndarray | None = None
    starts: np.ndarray | None = None
    baselines: np.ndarray | None = None


def fill_columns(
    array: np.ndarray,
    chain: Chain,
    expressions: Iterable[Expression],
    wanted: Wanted,
) -> None:
    """Write the value of each expression into a column of `array`, shape (rows, n).

    Raises RunsieveError if a value is not finite.
    """
    entries = wanted.entries
    expressions = list(expressions)
    names = sorted({name for expression in expressions for name in expression.names})
    values = {name: read_values(chain, name, entries) for name in names}
    for column, expression in enumerate(expressions):
        found = evaluated(chain.run, expression, values, len(entries))
        wrong = np.flatnonzero(~np.isfinite(found))
        if len(wrong):
            raise RunsieveError(
                f"run {chain.run}: '{expression.text}' is {found[wrong[0]]} at entry "
                f"{entries[wrong[0]]}; models need finite numbers"
            )
        array[wanted.rows, column] = found


def fill_rows(
    parts: Mapping[str, np.ndarray],
    chain: Chain,
    wanted: Wanted,
    cutter: "Cutter",
    threads: int,
    reduction: "BlockReduction | None" = None,
) -> Iterator[int]:
    """Write branches of the wanted entries into their rows; `parts[branch]` has shape (rows, ...).

    `cutter` takes the values of an entry that are used, and `reduction` makes images smaller.
    Yields the number of events written after each group of baskets. Raises RunsieveError if an
    event does not have as many values as its row, unless it has none and `wanted.absent` is given.
    """
    absent, starts, baselines = wanted.absent, wanted.starts, wanted.baselines

    def fill(part: np.ndarray, size: int, baskets: list[Basket]) -> int:
        for basket in baskets:
            values = read_basket(chain.run, basket)
            for entry, place, value in zip(basket.entries, basket.rows, values, strict=True):
                row = wanted.rows[place]
                if value.size == 0 and absent is not None:
                    absent[row] = True
                    continue
                try:
                    chosen = cutter(value.ravel(), size, 0 if starts is None else starts[place])
                    if baselines is not None:
                        chosen = _less(chosen, baselines[place])
                except ValueError as problem:
                    raise RunsieveError(
                        f"run {chain.run}: {basket.file}: {basket.column.label} holds "
                        f"{value.size} values at entry {entry}, {problem}"
                    ) from None
                part[row] = (chosen if reduction is None else reduction(chosen)).reshape(
                    part.shape[1:]
                )
        return sum(len(basket.rows) for basket in baskets)

    for branch, part in parts.items():
        size = np.prod(part.shape[1:], dtype=int) if reduction is None else reduction.size
        baskets = list(_baskets(chain, branch, wanted))
        with ThreadPoolExecutor(_useful(threads, baskets)) as pool:
            jobs = [pool.submit(fill, part, size, some) for some in _together(baskets)]
            try:
                for job in jobs:
                    yield job.result()
            finally:
                pool.shutdown(cancel_futures=True)


def _less(values: np.ndarray, baseline: float) -> np.ndarray:
    """Values less a baseline, as float64. Raises ValueError if it is not finite."""
    if not np.isfinite(baseline):
        raise ValueError(f"but their baseline is {baseline}")
    return values - baseline


def _baskets(chain: Chain, branch: str, wanted: Wanted) -> Iterator[Basket]:
    """The baskets of a branch of the run or of a friend; notes where a friend has no entry.

    Their rows are places in `wanted.entries`.
    """
    friend = chain.friend(branch)
    if friend is None:
        return wanted_baskets(chain, branch, wanted.entries, np.arange(len(wanted.entries)))
    joined, inner = friend
    entries, places = joined.located(wanted.entries)
    lost = np.delete(np.arange(len(wanted.entries)), places)
    if len(lost):
        if wanted.absent is None:
            raise RunsieveError(
                f"run {chain.run}: {', '.join(joined.chain.files)}: friend '{joined.name}' has no "
                f"entry for the event at entry {wanted.entries[lost[0]]}, whose '{branch}' is an "
                "input; add a cut that removes events without one"
            )
        wanted.absent[wanted.rows[lost]] = True
    return wanted_baskets(joined.chain, inner, entries, places)


def _useful(threads: int, baskets: list[Basket]) -> int:
    """One thread for small baskets: they are mostly Python, which runs in one thread at a time."""
    size = sum(basket.compressed_bytes for basket in baskets)
    return threads if size > SMALL_BASKET * len(baskets) else 1


def _together(baskets: Iterable[Basket]) -> Iterator[list[Basket]]:
    """Enough baskets for one job of a thread: many small ones, or a large one."""
    some, size = [], 0
    for basket in baskets:
        some.append(basket)
        size += basket.compressed_bytes
        if size > BYTES_PER_JOB:
            yield some
            some, size = [], 0
    if some:
        yield some


def value_type(chain: Chain, branches: Iterable[str]) -> np.dtype:
    """The number type of the branches, in native byte order; it must be the same for all."""
    names, found = set(), set()
    for branch in branches:
        holder, inner = chain.located(branch)
        name, part = split_part(holder, inner)
        members = {name: part[0]} if part and isinstance(part[0], str) else {}
        found |= set(holder.number_types([name], members).values())
        names.add(name)
    if len(found) > 1:
        types = ", ".join(sorted(map(str, found)))
        raise RunsieveError(
            f"run {chain.run}: {', '.join(sorted(names))} must be of one type, found {types}"
        )
    return found.pop()


def _native(array: np.ndarray) -> np.ndarray:
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def evaluated(
    run: int, expression: Expression, values: Mapping[str, np.ndarray | ak.Array], events: int
) -> np.ndarray:
    """The value of an expression for each event, shape (events,).

    values: of each of its names. Raises RunsieveError if it has several values per event.
    """
    try:
        found = expression.evaluate(values)
    except RunsieveError as error:
        raise RunsieveError(f"run {run}: {error}") from None
    if found.ndim > 1:
        raise RunsieveError(
            f"run {run}: '{expression.text}' has several values per entry; choose one, such as "
            f"{expression.text}[0]"
        )
    return np.broadcast_to(found, events)
