"""Writing pictures as a run: tree `event`, one entry per picture.

run, event (number of the picture, counting unreadable ones), label (number of the class),
folder (CRC-32 of the path of its folder below that of the class, so that equal names are equal
numbers in all runs), number (the last whole number in the file's name, -1 without), width and
height (of the original) and image (uint8 or uint16, of one shape).
"""

import re
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from runsieve.config.ingest import Ingest
from runsieve.errors import RunsieveError
from runsieve.ingest.folders import list_pictures, list_unlabelled, readable
from runsieve.ingest.packed import read_packed
from runsieve.ingest.pictures import Picture, UnreadablePictureError, converted, read_picture
from runsieve.runs.pictures import left_out
from runsieve.runs.writing import Columns, write_chunks
from runsieve.tables import write_csv

CHUNK = 256  # pictures per basket
COLUMNS = ("event", "file", "label", "width", "height", "mode", "frames", "problem")
WHOLE = ("event", "label", "width", "height", "frames")
DONE = {"pad": "padded", "crop": "cropped", "stretch": "stretched"}
SHOWN = 5  # at most this number of unreadable files is named in the log


@dataclass(frozen=True)
class Source:
    """A file before it is read: where it comes from, its class, and its values if in memory.

    problem: why it is not taken
    """

    name: str
    label: int | None
    path: Path | None = None
    values: np.ndarray | None = None
    problem: str = ""

    @property
    def folder(self) -> int:
        """A number for the folders below that of the class; 0 if there are none."""
        return zlib.crc32("/".join(self.name.split("/")[1:-1]).encode())

    @property
    def number(self) -> int:
        """The last whole number of up to 18 digits in the name of the file; -1 without."""
        found = re.findall(r"\d{1,18}", Path(self.name).stem if self.path else self.name)
        return int(found[-1]) if found else -1


def ingest(
    run: int,
    kind: str,
    source: Path,
    settings: Ingest,
    path: Path,
    table: Path,
    threads: int,
    say: Callable[[str], None] = print,
    labelled: bool = True,
) -> None:
    """Write the pictures of a folder or an .npz file as the ROOT file `path`.

    labelled: whether the folder has one folder per class; else all pictures have the label -1.
    The file `table` (CSV) lists every file: event, file, label, width, height, mode, frames and, if
    it was left out, problem. What is no picture has no event number. What was left out is also
    handed to `say`. Raises RunsieveError if no picture can be read.
    """
    found = _sources(kind, source, settings, labelled)
    sources = [one for one in found if not one.problem]
    rows: list[dict] = []
    image = np.dtype((settings.type, tuple(settings.shape)))
    numbers = dict.fromkeys(("label", "width", "height"), "int32")
    groups = {"folder": "uint32", "number": "int64"}
    branches = {"run": "int32", "event": "uint64", **numbers, **groups, "image": image}
    chunks = _chunks(run, sources, settings, threads, rows)
    write_chunks(path, run, len(sources), {"event": branches}, chunks)
    others = [one for one in found if one.problem]
    rows += [{"file": one.name, "label": one.label, "problem": one.problem} for one in others]
    listed = pd.DataFrame(rows).astype(dict.fromkeys(WHOLE, "Int64"))
    _report(run, source, rows, len(others), settings)
    if sentence := left_out(run, listed):
        say(f"{sentence} (listed in {table.name})")
    write_csv(listed, table)


def _sources(kind: str, source: Path, settings: Ingest, labelled: bool) -> list[Source]:
    if source.is_dir() or not labelled:
        return [
            Source(
                readable(entry.path.relative_to(source).as_posix()),
                entry.label,
                entry.path,
                problem=entry.problem,
            )
            for entry in (
                list_pictures(source, settings.labels) if labelled else list_unlabelled(source)
            )
        ]
    arrays = settings.arrays[kind]
    images, labels = read_packed(source, arrays, settings.type)
    return [
        Source(
            f"{arrays.images}[{number}]",
            int(label),
            values=values,
            problem=_unnamed(int(label), settings.labels),
        )
        for number, (values, label) in enumerate(zip(images, labels, strict=True))
    ]


def _unnamed(label: int, labels: list[str]) -> str:
    """What is wrong with a number that stands for none of the labels, where there are any."""
    wrong = labels and not 0 <= label < len(labels)
    return f"label {label} is none of the {len(labels)} of ingest.labels" if wrong else ""


def _chunks(
    run: int, sources: list[Source], settings: Ingest, threads: int, rows: list[dict]
) -> Iterator[dict[str, Columns]]:
    """Columns of the readable pictures; one row per picture is appended to `rows`."""
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(sources), CHUNK):
            some = sources[start : start + CHUNK]
            good = []
            read = pool.map(lambda source: _read(source, settings), some)
            for source, (picture, problem) in zip(some, read, strict=True):
                row = {"event": len(rows) + 1, "file": source.name, "label": source.label}
                if picture is not None:
                    good.append((row["event"], source, picture))
                    row |= {"width": picture.width, "height": picture.height}
                    row |= {"mode": picture.mode, "frames": picture.frames}
                rows.append(dict.fromkeys(COLUMNS) | row | {"problem": problem})
            if good:
                events, taken, pictures = zip(*good, strict=True)
                yield {
                    "event": {
                        "run": np.full(len(good), run, dtype=np.int32),
                        "event": np.array(events, dtype=np.uint64),
                        "label": np.array([one.label for one in taken], dtype=np.int32),
                        "folder": np.array([one.folder for one in taken], dtype=np.uint32),
                        "number": np.array([one.number for one in taken], dtype=np.int64),
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


def _read(source: Source, settings: Ingest) -> tuple[Picture | None, str]:
    """A picture and an empty string, or None and what is wrong with the picture."""
    shape = settings.shape
    if source.values is not None:
        values, (height, width) = source.values, source.values.shape[:2]
        if list(values.shape) != list(shape):
            values = converted(Image.fromarray(values), shape, settings.resize)
        return Picture(values, width, height, "L" if source.values.ndim == 2 else "RGB"), ""
    try:
        return read_picture(source.path, shape, settings.type, settings.resize), ""
    except UnreadablePictureError as error:
        return None, str(error)


def _report(run: int, source: Path, rows: list[dict], others: int, settings: Ingest) -> None:
    """Print how many pictures were taken and of another aspect ratio, and the first left out."""
    wrong = [row for row in rows if row["problem"]]
    taken, pictures = [row for row in rows if not row["problem"]], len(rows) - others
    print(f"run {run}: {len(taken)} of {pictures} pictures taken from {source}")
    height, width = settings.shape[:2]
    others = sum(row["width"] * height != row["height"] * width for row in taken)
    if others:
        done = DONE[settings.resize]
        print(f"run {run}: {others} have another aspect ratio than {width} x {height}: {done}")
    for row in wrong[:SHOWN]:
        print(f"run {run}: left out {row['file']}: {row['problem']}")
    if len(wrong) > SHOWN:
        print(f"run {run}: left out {len(wrong) - SHOWN} more, see the table of pictures")
