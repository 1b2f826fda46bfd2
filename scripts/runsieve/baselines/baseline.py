"""Baselines: fitting, saving, loading and scoring."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import skops.io

from runsieve.archives import rewrite
from runsieve.baselines.registry import CLASSIFIERS, validated
from runsieve.calibrators import Calibrator, describe, fit_calibrator
from runsieve.config.model import ModelSettings
from runsieve.config.pulse import Pulse
from runsieve.errors import RunsieveError
from runsieve.files import written
from runsieve.samples.sample_files import Arrays, FitSample, pulses_of, require_classes

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin

SCHEMA = "schema.json"
# Trusted in addition to skops' own list: scikit-learn's trees. skops leaves them to the user,
# because scikit-learn does not check their node numbers when it predicts.
TRUSTED = (
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)


@dataclass(frozen=True)
class Baseline:
    """A fitted estimator, its settings, which define what it sees, and its calibration.

    pulses: by input, what turns its raw values into pulses
    """

    settings: ModelSettings
    estimator: "ClassifierMixin"
    calibrator: Calibrator | None = None
    pulses: Mapping[str, Pulse] = field(default_factory=dict)

    def inputs(self) -> list[str]:
        """Names of the inputs."""
        return self.settings.inputs_seen()

    def probabilities(self, events: pd.DataFrame, arrays: Arrays) -> np.ndarray:
        """Probabilities of the classes for each event, shape (events, classes)."""
        module = CLASSIFIERS[self.settings.type]
        seen = module.observables(self.settings, events, arrays, self.pulses)
        found = self.estimator.predict_proba(seen)
        return found if self.calibrator is None else self.calibrator(found)


def fit(settings: ModelSettings, sample: FitSample, seed: int) -> Baseline:
    """Fit a baseline to the training events, its calibration to the validation events.

    Events count with their weights. Raises RunsieveError if a class has no event in a split that
    the baseline or its calibration needs.
    """
    module = CLASSIFIERS[settings.type]
    require_classes(sample.events, sample.classes, getattr(module, "SPLITS", ("train",)))
    if settings.calibration != "none":
        require_classes(sample.events, sample.classes, ("validation",))
    baseline = Baseline(settings, module.fit(settings, sample, seed), None, sample.pulses)
    return baseline if settings.calibration == "none" else _calibrated(baseline, sample)


def _calibrated(baseline: Baseline, sample: FitSample) -> Baseline:
    events = sample.split("validation")
    calibrator = fit_calibrator(
        baseline.settings.calibration,
        baseline.probabilities(events, sample.arrays),
        events["label"].to_numpy(),
        events["weight"].to_numpy(),
    )
    print(describe(calibrator), flush=True)
    return replace(baseline, calibrator=calibrator)


def save(baseline: Baseline, path: str | Path) -> None:
    """Write a baseline as a .skops file, which contains no pickle."""
    settings = baseline.settings.model_dump(mode="json")
    pulses = {name: one.model_dump(mode="json") for name, one in baseline.pulses.items()}
    parts = {"settings": settings, "estimator": baseline.estimator, "pulses": pulses}
    if baseline.calibrator is not None:
        parts["calibration"] = baseline.calibrator.values
    skops.io.dump(parts, path)
    _without_addresses(Path(path))


def _without_addresses(path: Path) -> None:
    """Number the objects of a .skops file, which skops names after their addresses in memory.

    The same baseline then gives the same bytes.
    """
    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read(SCHEMA))
    numbers: dict[str, str] = {}

    def numbered(part: Any) -> Any:
        if isinstance(part, list):
            return [numbered(one) for one in part]
        if not isinstance(part, dict):
            return part
        found = {}
        for key, value in part.items():
            if key == "__id__":
                value = int(numbers.setdefault(str(value), str(len(numbers))))
            elif key == "file":
                value = renamed(value)
            found[key] = numbered(value)
        return found

    def renamed(name: str) -> str:
        stem, dot, suffix = name.partition(".")
        return numbers.setdefault(stem, str(len(numbers))) + dot + suffix

    text = json.dumps(numbered(schema), indent=2)
    with written(path) as place:
        rewrite(path, place, {SCHEMA: text.encode()}, lambda n: n if n == SCHEMA else renamed(n))


def load(path: str | Path, user_files: Sequence[str] = ()) -> Baseline:
    """Read a baseline from a .skops file; `user_files` is ignored.

    Raises RunsieveError if the file contains types that are not from scikit-learn or NumPy.
    """
    if not zipfile.is_zipfile(path):
        missing = "not a .skops file" if Path(path).is_file() else "the file does not exist"
        raise RunsieveError(f"{path}: {missing}")
    foreign = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED))
    if foreign:
        raise RunsieveError(
            f"{path}: only types of scikit-learn and numpy are loaded, found {', '.join(foreign)}"
        )
    parts: Mapping = skops.io.load(path, trusted=list(TRUSTED))
    if not isinstance(parts, dict) or not {"settings", "estimator", "pulses"} <= set(parts):
        raise RunsieveError(f"{path}: settings, estimator and pulses of a baseline expected")
    settings = validated(parts["settings"])
    values = parts.get("calibration")
    calibrator = None if values is None else Calibrator(settings.calibration, values)
    pulses = pulses_of(parts["pulses"])
    return Baseline(settings, parts["estimator"], calibrator, pulses)
