"""Boosted trees on features of arrays, on the values of arrays, or on columns."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from runsieve.baselines.feature_registry import FEATURES, compute
from runsieve.config.base import Name, Number
from runsieve.config.model import ModelSettings
from runsieve.config.pulse import RAW, Pulse
from runsieve.registry import tagged_union
from runsieve.samples.pulses import pulses as upright
from runsieve.samples.sample_files import Arrays, FitSample

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

    from runsieve.config.inputs import Input


SPLITS = ("train", "validation")

Features = tagged_union(FEATURES.settings_classes())


class GradientBoosting(ModelSettings):
    """Boosted trees on inputs, on features computed from them, and on columns of the event list."""

    type: Literal["gradient_boosting"]
    inputs: list[Name] = Field(default_factory=list, description="inputs, joined")
    columns: list[Name] = Field(default_factory=list, description="columns of the event list")
    features: Features | None = Field(
        None, description="features computed from each input (default: its values as they are)"
    )
    iterations: Number = Field(
        200, description="maximum number of trees; fewer where the validation loss stops decreasing"
    )
    learning_rate: float = Field(0.05, gt=0, le=1000, description="shrinkage")

    @field_validator("inputs", "columns", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _seeing(self) -> "GradientBoosting":
        if not self.inputs and not self.columns:
            raise ValueError("give inputs or columns that the trees see")
        if self.features is not None and not self.inputs:
            raise ValueError("features are computed from inputs; none is given")
        return self

    def inputs_seen(self) -> list[str]:
        """Names of the inputs."""
        return list(self.inputs)

    def columns_seen(self) -> dict[str, list[str]]:
        """The columns."""
        return {"columns": list(self.columns)}

    def modules(self) -> list[str]:
        """The module of the features, if there are any."""
        return [] if self.features is None else [FEATURES.source(self.features.type)]

    def problems(self, inputs: "Mapping[str, Input]") -> Iterator[tuple[str, str]]:
        """Yield key and problem of each input that the features cannot be computed from."""
        if self.features is None:
            return
        module = FEATURES[self.features.type]
        for name in self.inputs:
            if name in inputs:
                for text in module.problems(self.features, inputs[name]):
                    yield "features", f"input '{name}': {text}"


def observables(
    settings: GradientBoosting, events: pd.DataFrame, arrays: Arrays, pulses: Mapping[str, Pulse]
) -> np.ndarray:
    """What the trees see, shape (events, n): inputs in their order, then columns."""
    rows = events["row"].to_numpy()
    parts = []
    for name in settings.inputs:
        array, pulse = arrays[name].reshape(len(arrays[name]), -1), pulses.get(name, RAW)
        if settings.features is not None:
            parts.append(compute(settings.features, array, pulse, rows))
        elif pulse.is_raw:
            parts.append(np.asarray(array[rows]))
        else:
            parts.append(upright(array[rows].astype(np.float32), pulse).reshape(len(rows), -1))
    if settings.columns:
        parts.append(events[settings.columns].to_numpy(dtype=np.float64))
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def fit(
    settings: GradientBoosting, sample: FitSample, seed: int
) -> "HistGradientBoostingClassifier":
    """Fit boosted trees; no more are added once the validation loss stops decreasing.

    scikit-learn's histogram-based gradient boosting, after Ke et al., NeurIPS 30 (2017).
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    part = {name: sample.split(name) for name in SPLITS}
    seen = {
        name: observables(settings, table, sample.arrays, sample.pulses)
        for name, table in part.items()
    }
    trees = HistGradientBoostingClassifier(
        max_iter=settings.iterations,
        learning_rate=settings.learning_rate,
        early_stopping=True,
        random_state=seed,
    )
    trees.fit(
        seen["train"],
        part["train"]["label"],
        part["train"]["weight"],
        X_val=seen["validation"],
        y_val=part["validation"]["label"],
        sample_weight_val=part["validation"]["weight"],
    )
    print(f"{trees.n_iter_} trees (maximum {settings.iterations})", flush=True)
    return trees
