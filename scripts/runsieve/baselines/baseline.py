"""Baselines: fitting, saving, loading and scoring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import skops.io

from runsieve.baselines.registry import CLASSIFIERS, validated
from runsieve.config.model import ModelSettings
from runsieve.errors import RunsieveError
from runsieve.samples.sample_files import Arrays, FitSample, require_classes

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin

# Trusted in addition to skops' own list: scikit-learn's trees. skops leaves them to the user,
# because scikit-learn does not check their node numbers when it predicts.
TRUSTED = (
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)


@dataclass(frozen=True)
class Baseline:
    """A fitted estimator and its settings, which define what it sees."""

    settings: ModelSettings
    estimator: "ClassifierMixin"

    def probabilities(self, events: pd.DataFrame, arrays: Arrays) -> np.ndarray:
        """Probabilities of the classes for each event, shape (events, classes)."""
        module = CLASSIFIERS[self.settings.type]
        return self.estimator.predict_proba(module.observables(self.settings, events, arrays))


def fit(settings: ModelSettings, sample: FitSample, seed: int) -> Baseline:
    """Fit a baseline to the training events with their weights.

    Raises RunsieveError if a class has no event in a split that the baseline needs.
    """
    module = CLASSIFIERS[settings.type]
    require_classes(sample.events, sample.classes, getattr(module, "SPLITS", ("train",)))
    return Baseline(settings, module.fit(settings, sample, seed))


def save(baseline: Baseline, path: str | Path) -> None:
    """Write a baseline as a .skops file, which contains no pickle."""
    settings = baseline.settings.model_dump(mode="json")
    skops.io.dump({"settings": settings, "estimator": baseline.estimator}, path)


def load(path: str | Path, user_files: Sequence[str] = ()) -> Baseline:
    """Read a baseline from a .skops file; `user_files` is ignored.

    Raises RunsieveError if the file contains types that are not from scikit-learn or NumPy.
    """
    foreign = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED))
    if foreign:
        raise RunsieveError(
            f"{path}: only types of scikit-learn and numpy are loaded, found {', '.join(foreign)}"
        )
    parts: Mapping = skops.io.load(path, trusted=list(TRUSTED))
    return Baseline(validated(parts["settings"]), parts["estimator"])
