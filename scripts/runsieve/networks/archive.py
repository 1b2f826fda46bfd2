"""What a .keras file is made of, read before any of it is built."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

from runsieve.errors import RunsieveError

CONFIG = "config.json"
# Layers whose settings are code, or name files that are read when they are built.
UNSAFE = ("Lambda", "__lambda__", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer")
VALUES = ("__tensor__", "__numpy__", "__slice__", "__ellipsis__")


def require_safe(path: str | Path) -> None:
    """Raise RunsieveError unless a .keras file holds only layers of Keras and registered ones.

    Keras checks this as well, but can be told not to, and says it in the words of a library.
    """
    unsafe, foreign = set(), set()
    for part in _objects(_config(path)):
        name = part["class_name"]
        if name in UNSAFE:
            unsafe.add(name.strip("_").capitalize())
        elif _is_foreign(part):
            foreign.add(str(part.get("registered_name") or name))
    if unsafe:
        raise RunsieveError(
            f"{path}: layers that carry code of their own are not loaded, found "
            f"{', '.join(sorted(unsafe))}"
        )
    if foreign:
        raise RunsieveError(
            f"{path}: only layers of Keras and runsieve are loaded, and those that files given as "
            f"user_files register; found {', '.join(sorted(foreign))}"
        )


def foreign_layers(path: str | Path) -> list[str]:
    """Registered names of what is not of Keras itself in a .keras file, sorted."""
    return sorted(
        {str(part["registered_name"]) for part in _objects(_config(path)) if not _of_keras(part)}
    )


def _config(path: str | Path) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read(CONFIG))
    except FileNotFoundError:
        raise RunsieveError(f"{path}: the file does not exist") from None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise RunsieveError(f"{path}: not a .keras file: {error}") from None


def _objects(config: Any) -> Iterator[dict[str, Any]]:
    """Everything that Keras would build, at any depth."""
    if isinstance(config, dict):
        if isinstance(config.get("class_name"), str):
            yield config
        config = list(config.values())
    if isinstance(config, list):
        for part in config:
            yield from _objects(part)


def _of_keras(part: dict[str, Any]) -> bool:
    module = part.get("module")
    if part["class_name"] in VALUES or "module" not in part:
        return True
    plain = part.get("registered_name") in (None, part["class_name"])
    return module is not None and plain and str(module).split(".")[0] == "keras"


def _is_foreign(part: dict[str, Any]) -> bool:
    """True unless it is of Keras, or registered by a module that has been imported."""
    registered = part.get("registered_name")
    return not _of_keras(part) and keras.saving.get_registered_object(registered) is None
