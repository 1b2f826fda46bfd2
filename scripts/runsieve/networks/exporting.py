"""A trained network as an ONNX file, compared with Keras on real events before it is kept."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import onnxruntime
import pandas as pd

from runsieve.errors import RunsieveError
from runsieve.files import written
from runsieve.networks.building import load_network
from runsieve.networks.calibration import uncalibrated
from runsieve.networks.conversion import (
    OPSET,
    PROBABILITIES,
    UNCALIBRATED,
    converted,
    opened,
)
from runsieve.networks.prediction import predict
from runsieve.networks.single_precision import in_single_precision
from runsieve.samples.sample_files import Arrays

TOLERANCE = 1e-4  # of a probability
COMPARED = 300  # test events at most
BATCH = 128  # so that batches of several sizes are compared
LIBRARIES = ("keras", "tensorflow-cpu", "tf2onnx", "onnx", "onnxruntime")


def export(
    path: Path,
    user_files: Sequence[str],
    events: pd.DataFrame,
    arrays: Arrays,
    facts: Mapping[str, Any],
    place: Path,
) -> dict[str, Any]:
    """Write a network in a .keras file as ONNX, and return what was compared (for `onnx.json`).

    events: of the sample, of which up to 300 of the test split are compared; facts: about the
        network, which become metadata of the ONNX file (see `flat`)

    It computes in float32, whatever the network was trained in. Raises RunsieveError, and leaves no
    file, if the exporter cannot do a layer, or if ONNX Runtime and Keras differ by more than
    `TOLERANCE`.
    """
    network = load_network(path, user_files)
    single = in_single_precision(network)
    rows = _chosen(events.loc[events["split"] == "test", "row"].to_numpy())
    facts = {**facts, "model_sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    try:
        model = converted(single)
    except RunsieveError as error:
        raise RunsieveError(f"{path}: {error}; {place.name} is not written") from error.__cause__
    onnx.helper.set_model_props(model, flat(facts))
    with written(place) as temporary:
        onnx.save(model, temporary)
        found = run(opened(temporary.read_bytes()), arrays, rows)
        differences = _differences(single, arrays, rows, found)
        worst = max(differences, key=lambda name: np.nan_to_num(differences[name], nan=np.inf))
        if not differences[worst] <= TOLERANCE:
            raise RunsieveError(
                f"{place}: not written, because ONNX Runtime and Keras differ by "
                f"{differences[worst]:.2g} in {worst} of {len(rows)} test events, more than "
                f"{TOLERANCE:g}"
            )
    print(f"ONNX Runtime and Keras differ by at most {differences[worst]:.1e} in {worst}")
    trained = predict(network, arrays, rows)
    return {
        "events_compared": len(rows),
        "tolerance": TOLERANCE,
        "differences": differences,
        "difference_from_scores": float(np.abs(found[PROBABILITIES] - trained).max()),
        "opset": OPSET,
        "versions": {name: version(name) for name in LIBRARIES},
        **facts,
    }


def run(
    session: onnxruntime.InferenceSession, arrays: Arrays, rows: np.ndarray
) -> dict[str, np.ndarray]:
    """Outputs of ONNX Runtime by name for some rows of the arrays, each (rows, classes)."""
    names = [one.name for one in session.get_outputs()]
    starts = range(0, len(rows), BATCH)
    parts = [
        session.run(names, {key: one[rows[start : start + BATCH]] for key, one in arrays.items()})
        for start in starts
    ]
    return {
        name: np.concatenate([part[place] for part in parts]) for place, name in enumerate(names)
    }


def flat(facts: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """Facts as texts by dotted key, as in the metadata of ONNX: lists with `;` between their items.

    A value that is None is left out.
    """
    found = {}
    for name, value in facts.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{above}{name}.")
        elif value is not None:
            several = isinstance(value, list | tuple)
            found[f"{above}{name}"] = ";".join(map(str, value)) if several else str(value)
    return found


def _chosen(rows: np.ndarray) -> np.ndarray:
    """Up to `COMPARED` rows, evenly over all of them."""
    return rows[np.linspace(0, len(rows) - 1, min(len(rows), COMPARED)).astype(int)]


def _differences(
    network: keras.Model, arrays: Arrays, rows: np.ndarray, found: Mapping[str, np.ndarray]
) -> dict[str, float]:
    """Largest differences between ONNX Runtime and Keras, by what was compared.

    A calibration can be as steep as one likes, and makes any rounding before it large. So it is
    compared on the same probabilities, and the network before it apart.
    """
    if UNCALIBRATED not in found:
        return {PROBABILITIES: _largest(found[PROBABILITIES], predict(network, arrays, rows))}
    before = predict(uncalibrated(network), arrays, rows)
    after = np.asarray(network.layers[-1](found[UNCALIBRATED]))
    return {
        "probabilities before calibration": _largest(found[UNCALIBRATED], before),
        "calibration": _largest(found[PROBABILITIES], after),
    }


def _largest(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).max())
