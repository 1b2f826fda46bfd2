"""Event lists on disk: parquet, one row per selected event and channel."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from runsieve.errors import RunsieveError
from runsieve.files import written

if TYPE_CHECKING:
    from runsieve.runs.contents import Contents

FILES = b"files"


def write_event_list(
    parts: Iterable[pd.DataFrame], path: Path, files: "Sequence[Contents]" = ()
) -> int:
    """Write the parts of an event list one after the other; return the number of rows.

    files: the contents of each file, kept as metadata.
    Only one part is in memory at a time. At least one is needed, since it defines the columns.
    """
    rows = 0
    writer = None
    try:
        for part in parts:
            table = pa.Table.from_pandas(part, preserve_index=False)
            if writer is None:
                index = table.schema.get_field_index("class")
                schema = table.schema.set(index, pa.field("class", pa.string())).remove_metadata()
                schema = schema.with_metadata({FILES: json.dumps([asdict(one) for one in files])})
                writer = pq.ParquetWriter(path, schema)
            writer.write_table(table.cast(writer.schema))
            rows += len(part)
    finally:
        if writer is not None:
            writer.close()
    return rows


class Selected(Protocol):
    """The files that the selection of a run writes."""

    events: str
    cutflow: str


def write_selection(
    parts: Iterable[pd.DataFrame],
    cutflow: Callable[[], pd.DataFrame],
    to: Selected,
    files: "Sequence[Contents]" = (),
) -> None:
    """Write the event list of a run and its cut flow; neither exists unless both are complete.

    cutflow: called once all parts are taken
    files: see `write_event_list`
    """
    with written(to.events) as events, written(to.cutflow) as flow:
        rows = write_event_list(parts, events, files)
        cutflow().to_csv(flow, index=False)
    print(f"{rows} events selected")


def join_selections(parts: Sequence[Selected], to: Selected) -> None:
    """Write the selections of several runs one below the other.

    Columns get a type that holds those of all runs. Raises RunsieveError if there is none.
    """
    schemas = [pq.read_schema(part.events) for part in parts]
    # The columns of a run that is left out have no types of their own.
    counted = [pq.read_metadata(part.events).num_rows for part in parts]
    filled = [one for one, rows in zip(schemas, counted, strict=True) if rows] or schemas[:1]
    files = [one for part in parts for one in files_of(part.events)]
    try:
        schema = pa.unify_schemas(
            [one.remove_metadata() for one in filled], promote_options="permissive"
        )
    except pa.ArrowException as error:
        raise RunsieveError(
            f"the runs of one job differ in the type of a column ({error}); set runs_per_job: 1"
        ) from None
    with written(to.events) as events, written(to.cutflow) as flow:
        metadata = {FILES: json.dumps(files)}
        with pq.ParquetWriter(events, schema.with_metadata(metadata)) as writer:
            for part, rows in zip(parts, counted, strict=True):
                for batch in pq.ParquetFile(part.events).iter_batches() if rows else ():
                    writer.write_table(pa.Table.from_batches([batch]).cast(writer.schema))
        tables = [pd.read_csv(part.cutflow, keep_default_na=False) for part in parts]
        pd.concat(tables, ignore_index=True).to_csv(flow, index=False)


def read_event_lists(paths: Iterable[str | Path], channels: list[int] | None) -> pd.DataFrame:
    """The rows of several event lists, of the given channels or of all, in the order of `paths`."""
    filters = None if channels is None else [("channel", "in", channels)]
    parts = [pd.read_parquet(path, filters=filters) for path in paths]
    # The columns of a run that is left out have no types of their own.
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def files_of(path: str | Path) -> list[dict[str, Any]]:
    """Run, file, entries and content of each file that an event list was selected from."""
    return json.loads((pq.read_schema(path).metadata or {}).get(FILES, b"[]"))


def require_different_events(paths: Iterable[str | Path], runs: Collection[int]) -> None:
    """Raise RunsieveError if two of the runs in several event lists hold the same events.

    Files of the same content are meant, whatever their names and run numbers.
    """
    files = (one for path in paths for one in files_of(path) if one["run"] in runs)
    for sentence in same_events(files):
        raise RunsieveError(sentence)


def same_events(files: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A sentence for each file (see `files_of`) that has the content of one of another run."""
    seen: dict[str, Mapping[str, Any]] = {}
    for one in files:
        if one["content"] is None:
            continue
        first = seen.setdefault(one["content"], one)
        if first["run"] != one["run"]:
            yield (
                f"runs {first['run']} and {one['run']} hold the same {one['entries']} events "
                f"({first['file']}, {one['file']}), which would be in different splits; leave one "
                "of the two out of the run sheet"
            )
