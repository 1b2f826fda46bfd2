"""Event lists on disk: parquet, one row per selected event and channel."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def write_event_list(parts: Iterable[pd.DataFrame], path: Path) -> int:
    """Write the parts of an event list one after the other; return the number of rows.

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
                writer = pq.ParquetWriter(path, schema)
            writer.write_table(table.cast(writer.schema))
            rows += len(part)
    finally:
        if writer is not None:
            writer.close()
    return rows


def read_event_lists(paths: Iterable[str | Path], channels: list[int] | None) -> pd.DataFrame:
    """The rows of several event lists, of the given channels or of all, in the order of `paths`."""
    filters = None if channels is None else [("channel", "in", channels)]
    return pd.concat([pd.read_parquet(path, filters=filters) for path in paths], ignore_index=True)
