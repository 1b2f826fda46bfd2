"""Files of scores know which run they are of; what does not belong together is refused."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import uproot
import xxhash

from runsieve.errors import RunsieveError
from runsieve.runs.sources import reading
from runsieve.runs.streams import open_binary

TREE, ABOUT = "scores", "about"  # of a file of scores: its tree, and the text that says what it is
END = 1024**2  # bytes at both ends of a file; ROOT's header, directories and dates are in them


def stamp(file: str) -> str:
    """Size of a file, and a hash of its first and last megabyte: two files rarely share them.

    A ROOT file has at its ends a unique number, the date of each change and its directory.
    """
    with reading(file, "its bytes"), open_binary(file) as opened:
        size = opened.seek(0, os.SEEK_END)
        digest = xxhash.xxh3_128()
        for start in (0, max(0, size - END)):
            opened.seek(start)
            digest.update(opened.read(END))
    return f"{size}:{digest.hexdigest()}"


def stamps(files: Sequence[str]) -> list[dict[str, str]]:
    """Path and stamp of each file."""
    return [{"path": file, "stamp": stamp(file)} for file in files]


def about_scores(path: str | Path) -> dict[str, Any]:
    """What a file of scores, a friend tree or a table, says of itself; empty if it says nothing."""
    if Path(path).suffix == ".parquet":
        kind = "a parquet file"
        with reading(str(path), "what it says of its scores", kind), open_binary(str(path)) as file:
            text = (pq.read_schema(file).metadata or {}).get(ABOUT.encode())
    else:
        kind = "a ROOT file"
        with reading(str(path), "what it says of its scores", kind), uproot.open(path) as file:
            text = str(file[ABOUT]) if {ABOUT, TREE} <= set(file.keys(cycle=False)) else None
    return {} if text is None else json.loads(text)


def require_scores_of(
    path: str | Path,
    run: int,
    files: Sequence[str],
    models: Sequence[str] | None = None,
) -> Mapping[str, Any]:
    """What a file of scores says of itself, if it belongs to these files of a run.

    models: files of the model, or of each fold's; None: any model. Raises RunsieveError for scores
    of another run, of files that have changed since or that are others, and of another model.
    """
    about = about_scores(path)
    if not about:
        raise RunsieveError(f"{path}: these are no scores of runsieve, expected those of run {run}")
    if about["run"] != run:
        raise RunsieveError(f"{path}: these are scores of run {about['run']}, expected run {run}")
    if len(about["files"]) != len(files):
        raise RunsieveError(
            f"{path}: run {run} had {len(about['files'])} files when it was scored, found "
            f"{len(files)}; score it again"
        )
    for scored, found in zip(about["files"], stamps(files), strict=True):
        if scored["stamp"] != found["stamp"]:
            raise RunsieveError(
                f"{path}: run {run} was scored from {scored['path']}, and {found['path']} is "
                "another file, or has changed since; score the run again"
            )
    if models is not None:
        wrong = [
            (one["path"], two["path"])
            for one, two in zip(about["models"], stamps(models), strict=False)
            if one["stamp"] != two["stamp"]
        ]
        if wrong or len(models) != len(about["models"]):
            names = wrong[0] if wrong else (about["models"][0]["path"], ", ".join(models))
            raise RunsieveError(
                f"{path}: run {run} was scored with the model {names[0]}, and {names[1]} is "
                "another one, or was trained again; score the run again"
            )
    return about
