"""Checkpoints: the state of a training after an epoch, from which it resumes exactly."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runsieve.files import written
from runsieve.samples.mapped import Resident

Arrays = list[np.ndarray]
HASHED_BYTES = 16_000_000  # at a time


@dataclass(frozen=True)
class State:
    """All variables of network and optimiser, the weights kept so far, and the history."""

    network: Arrays
    optimiser: Arrays
    kept: Arrays
    history: list[dict[str, float]]


class Checkpoint:
    """A file next to the model, rewritten after each epoch, that is valid for one training only.

    precision: the dtype policy in which this machine trains (see `resolve`)
    """

    def __init__(self, path: Path | None, key: str, precision: str) -> None:
        self.path = path
        self.key = key
        self.precision = precision

    def save(self, state: State) -> None:
        """Write the state; if the job is killed meanwhile, the previous state remains."""
        if self.path is None:
            return
        lists = {"network": state.network, "optimiser": state.optimiser, "kept": state.kept}
        named = {
            f"{name}_{number:05d}": values
            for name, arrays in lists.items()
            for number, values in enumerate(arrays)
        }
        identity = {"key": self.key, "precision": self.precision}
        about = json.dumps({**identity, "history": state.history})
        with written(self.path) as place, place.open("wb") as file:
            np.savez(file, about=np.array(about), **named)

    def load(self) -> State | None:
        """The state, or None if there is none or it belongs to another training.

        Prints why a state is not used. A state of another precision is not: with `auto` it may come
        from another machine, and the weights would be those of neither precision.
        """
        if self.path is None or not self.path.is_file():
            return None
        with np.load(self.path, allow_pickle=False) as file:
            about = json.loads(str(file["about"]))
            reason = self._refusal(about)
            if reason is not None:
                print(f"{self.path}: {reason}; the training starts again", flush=True)
                return None
            found: dict[str, Arrays] = {"network": [], "optimiser": [], "kept": []}
            for name in sorted(set(file.files) - {"about"}):
                found[name.split("_")[0]].append(file[name])
        return State(**found, history=about["history"])

    def _refusal(self, about: Mapping[str, Any]) -> str | None:
        """Why a state cannot be resumed from, or None if it can."""
        if about["key"] != self.key:
            return "saved by a training with other settings, events, seed or code"
        if about["precision"] != self.precision:
            return f"saved in {about['precision']}, but this machine trains in {self.precision}"
        return None


def training_key(
    settings: Mapping[str, Any],
    events: pd.DataFrame,
    arrays: Mapping[str, np.ndarray],
    seed: int,
    code: str,
) -> str:
    """Hash of everything that determines a training, with all values of its arrays."""
    shapes = {name: [*array.shape, str(array.dtype)] for name, array in arrays.items()}
    digest = hashlib.sha256(json.dumps([settings, shapes, seed, code], sort_keys=True).encode())
    table = events[["row", "label", "split", "weight"]]
    digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    for array in arrays.values():
        resident = Resident(array)
        step = max(1, HASHED_BYTES // max(1, array[:1].nbytes))
        for start in range(0, len(array), step):
            part = np.ascontiguousarray(array[start : start + step])
            digest.update(part)
            resident.touch(part.nbytes)
    return digest.hexdigest()
