"""Writing pictures as a run: tree `event`, one entry per picture.

run, event (number of the picture, counting unreadable ones), label (number of the class),
width and height (of the original) and image (uint8, of one shape).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from runsieve.config.ingest import Ingest
from runsieve.errors import RunsieveError
from runsieve.ingest.folders import list_pictures, readable
from runsieve.ingest.packed import read_packed
from runsieve.ingest.pictures import Picture, UnreadablePictureError, converted, read_picture
from runsieve.runs.writing import Columns, write_chunks
from runsieve.tables import write_csv

CHUNK = 256  # pictures per basket
SHOWN = 5  # at most this number of unreadable files is named in the log


@dataclass(frozen=True)
class Source:
    """A picture before it is read: where it comes from, its class, and its values if in memory."""

    name: str
    label: int
    path: Path | None = None
    values: np.ndarray | None = None


def ingest(
    run: int, kind: str, source: Path, settings: Ingest, path: Path, table: Path, threads: int
) -> None:
    """Write the pictures of a folder or an .npz file as the ROOT file `path`.

    The file `table` (CSV) lists every picture: event, file, label, width, height, mode and, if it
    was left out, problem. Raises RunsieveError if no picture can be read.
    """
    sources = _sources(kind, source, settings)
    rows: list[dict] = []
    image = np.dtype((np.uint8, tuple(settings.shape)))
    numbers = dict.fromkeys(("label", "width", "height"), "int32")
    branches = {"run": "int32", "event": "uint64", **numbers, "image": image}
    chunks = _chunks(run, sources, settings, threads, rows)
    write_chunks(path, run, len(sources), {"event": branches}, chunks)
    _say(run, source, rows)
    write_csv(pd.DataFrame(rows), table)


def _sources(kind: str, source: Path, settings: Ingest) -> list[Source]:
    if source.is_dir():
        return [
            Source(readable(entry.path.relative_to(source).as_posix()), entry.label, entry.path)
            for entry in list_pictures(source, settings.labels)
        ]
    arrays = settings.arrays[kind]
    images, labels = read_packed(source, arrays)
    return [
        Source(f"{arrays.images}[{number}]", int(label), values=values)
        for number, (values, label) in enumerate(zip(images, labels, strict=True))
    ]


def _chunks(
    run: int, sources: list[Source], settings: Ingest, threads: int, rows: list[dict]
) -> Iterator[dict[str, Columns]]:
    """Columns of the readable pictures; one row per picture is appended to `rows`."""
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(sources), CHUNK):
            some = sources[start : start + CHUNK]
            good = []
            read = pool.map(lambda source: _read(source, settings.shape), some)
            for source, (picture, problem) in zip(some, read, strict=True):
                row = {"event": len(rows) + 1, "file": source.name, "label": source.label}
                if picture is not None:
                    good.append((row["event"], source.label, picture))
                    row |= {"width": picture.width, "height": picture.height, "mode": picture.mode}
                rows.append({**row, "problem": problem})
            if good:
                events, labels, pictures = zip(*good, strict=True)
                yield {
                    "event": {
                        "run": np.full(len(good), run, dtype=np.int32),
                        "event": np.array(events, dtype=np.uint64),
                        "label": np.array(labels, dtype=np.int32),
                        "width": np.array([one.width for one in pictures], dtype=np.int32),
                        "height": np.array([one.height for one in pictures], dtype=np.int32),
                        "image": np.stack([one.values for one in pictures]),
                    }
                }
    if all(row["problem"] for row in rows):
        raise RunsieveError(
            f"run {run}: none of its {len(rows)} pictures can be read; {rows[0]['file']}: "
            f"{rows[0]['problem']}"
        )


def _read(source: Source, shape: list[int]) -> tuple[Picture | None, str]:
    """A picture and an empty string, or None and what is wrong with the picture."""
    if source.values is not None:
        values, (height, width) = source.values, source.values.shape[:2]
        if list(values.shape) != list(shape):
            values = converted(Image.fromarray(values), shape)
        return Picture(values, width, height, "L" if source.values.ndim == 2 else "RGB"), ""
    try:
        return read_picture(source.path, shape), ""
    except UnreadablePictureError as error:
        return None, str(error)


def _say(run: int, source: Path, rows: list[dict]) -> None:
    wrong = [row for row in rows if row["problem"]]
    print(f"run {run}: {len(rows) - len(wrong)} of {len(rows)} pictures taken from {source}")
    for row in wrong[:SHOWN]:
        print(f"run {run}: left out {row['file']}: {row['problem']}")
    if len(wrong) > SHOWN:
        print(f"run {run}: left out {len(wrong) - SHOWN} more, see the table of pictures")
