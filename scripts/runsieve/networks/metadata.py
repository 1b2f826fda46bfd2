"""What a .keras file says of itself: class names, inputs and thresholds, in plain JSON.

It stands in the file's own metadata.json, under `about`. Keras writes that part and never reads it,
so that the file loads as before, and a user needs nothing but a reader of zip files.
"""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from runsieve.archives import rewrite
from runsieve.errors import RunsieveError
from runsieve.files import written

METADATA, CONFIG = "metadata.json", "config.json"
ABOUT = "about"


def add_about(path: Path, about: Mapping[str, Any]) -> None:
    """Put facts into a .keras file that has been written, and take times out; the rest is copied.

    The same network and facts give the same bytes.
    """
    with zipfile.ZipFile(path) as source:
        metadata = json.loads(source.read(METADATA)) | {ABOUT: about}
    metadata.pop("date_saved", None)
    text = json.dumps(metadata, ensure_ascii=False, indent=1)
    with written(path) as place:
        rewrite(path, place, {METADATA: text.encode()})


def about_file(path: str | Path) -> dict[str, Any]:
    """The facts in a .keras file; empty if it has none."""
    with zipfile.ZipFile(path) as archive:
        found = json.loads(archive.read(METADATA)) if METADATA in archive.namelist() else {}
    about = found.get(ABOUT) if isinstance(found, dict) else None
    return about if isinstance(about, dict) else {}


def signature(
    path: str | Path, described: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """What a network in a .keras file takes and returns; no part of it is built.

    The facts in the file (`classes`, in the order of the probabilities, and `seed`) and `inputs`:
    of each the `shape` of one event, the `dtype` of the raw values and what is `described` of it.
    """
    with zipfile.ZipFile(path) as archive:
        layers = json.loads(archive.read(CONFIG))["config"]["layers"]
    settings = [one["config"] for one in layers if one["class_name"] == "InputLayer"]
    inputs = {
        one["name"]: {"shape": one["batch_shape"][1:], "dtype": one["dtype"]} for one in settings
    }
    extra = described or {}
    return about_file(path) | {
        "inputs": {name: facts | extra.get(name, {}) for name, facts in inputs.items()}
    }


def thresholds_in(
    table: str | Path, about: Mapping[str, Any]
) -> dict[str, dict[str, float | None]]:
    """Threshold by working point and signal class, from `working_points.csv` of a report.

    about: facts of the network; the thresholds are those of its seed

    With folds it is the mean of theirs; None where validation had no event to choose one on. Raises
    RunsieveError if the table is another one, or has classes that the network does not know, or
    has not its seed.
    """
    classes, seed = about.get("classes"), about.get("seed")
    try:
        rows = pd.read_csv(table)
        seeds = rows["seed"].unique().tolist()
        rows = rows[(rows["against"] == "label") & (rows["seed"] == seed)]
        parts = rows[["working_point", "class", "threshold"]].to_dict("records")
    except FileNotFoundError:
        raise RunsieveError(f"{table}: the file does not exist") from None
    except (KeyError, ValueError) as error:
        raise RunsieveError(f"{table}: not a table of working points: {error}") from None
    if seed not in seeds:
        raise RunsieveError(
            f"{table}: thresholds of seed {', '.join(map(str, seeds))}, but the network was "
            f"trained with seed {seed}"
        )
    found: dict[str, dict[str, float | None]] = {}
    for row in parts:
        if classes is not None and row["class"] not in classes:
            raise RunsieveError(
                f"{table}: thresholds of class '{row['class']}', but the classes of the network "
                f"are {', '.join(classes)}"
            )
        value = None if pd.isna(row["threshold"]) else float(row["threshold"])
        found.setdefault(row["working_point"], {})[row["class"]] = value
    return found
