"""Digests of a sample: hashes of its contents, by which it is known whether models must be fitted.

Files are made anew far more often than their contents change, and arrays are too large to be
compared by Snakemake.
"""

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd

DRAWN = ("run", "entry", "event", "channel", "class", "label", "split", "fold", "weight", "row")


def digest_of_events(events: pd.DataFrame) -> dict[str, Any]:
    """Number of events, their runs, and a hash of which events are drawn, for what, in which order.

    `events` is a sample. Kept columns do not count: they change neither what is gathered nor what a
    network is trained on.
    """
    digest = hashlib.sha256()
    for name in DRAWN:
        if name in events:
            digest.update(name.encode())
            digest.update(_bytes(events[name]))
    runs = sorted(int(run) for run in events["run"].unique())
    return {"events": len(events), "runs": runs, "sha256": digest.hexdigest()}


def digest_of_column(column: pd.Series) -> str:
    """A line with a hash of the values of a kept column."""
    return f"{hashlib.sha256(_bytes(column)).hexdigest()}\n"


def _bytes(column: pd.Series) -> bytes:
    """The values of a column, whatever type of the same kind holds them."""
    values = column.to_numpy()
    if values.dtype.kind not in "iufb":
        codes, names = pd.factorize(values, sort=True)
        return "\n".join(map(str, names)).encode() + codes.astype("<i8").tobytes()
    return values.astype({"f": "<f8", "u": "<u8"}.get(values.dtype.kind, "<i8")).tobytes()


def digest_of_array(path: Path, name: str) -> str:
    """The line that `sha256sum` writes for a file that is to be called `name`."""
    with path.open("rb") as file:
        return f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n"
