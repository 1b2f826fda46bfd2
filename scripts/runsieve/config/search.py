"""Settings of a search for the hyper-parameters of a model."""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from runsieve.config.base import LARGEST, Layers, Name, Number, Seed, Settings

EVERY = "*"
LAYERS = "layers"
_WITHIN = Field(ge=-int(LARGEST), le=int(LARGEST))
Bound = Annotated[int, _WITHIN] | Annotated[float, _WITHIN]


class Range(Settings):
    """Values that a setting may take: from `low` to `high`, whole numbers if both are.

    With `layers` the setting is a list, of one such value for each layer.
    """

    low: Bound = Field(description="lowest value")
    high: Bound = Field(description="highest value")
    step: Bound | None = Field(
        None, description="distance between values (default: 1, or any between)"
    )
    log: bool = Field(False, description="draw the logarithm of the value evenly")
    layers: list[Layers] | None = Field(
        None,
        min_length=2,
        max_length=2,
        description="fewest and most layers; the value is that of each of them",
    )

    @model_validator(mode="after")
    def _drawable(self) -> "Range":
        if not self.low <= self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"log needs a low above 0, found {self.low:g}")
        if self.log and self.step is not None:
            raise ValueError("give either log or step")
        if self.step is not None:
            if self.step <= 0:
                raise ValueError(f"step must be above 0, found {self.step:g}")
            steps = (self.high - self.low) / self.step
            if abs(steps - round(steps)) > 1e-6:
                raise ValueError("high - low must be a multiple of step")
        if self.layers is not None and self.layers[0] > self.layers[1]:
            raise ValueError("layers: the fewest come first")
        return self

    @property
    def whole(self) -> bool:
        """True if the values are whole numbers."""
        given = (self.low, self.high, self.low if self.step is None else self.step)
        return all(isinstance(one, int) for one in given)

    def corners(self) -> list[Any]:
        """The settings at the ends of the range."""
        ends = [self.low, self.high]
        if self.layers is None:
            return ends
        return [[end] * count for count in self.layers for end in ends]


Choices = Annotated[list[Any], Field(min_length=1, max_length=1000)]


class Search(Settings):
    """A search for the hyper-parameters with which a model does best on validation events.

    It is a key of the analysis and not of a model: the settings of models decide how they are
    fitted, a model can be searched on several samples, and the name of the search is that of the
    model that it finds (`models_from`).
    """

    model: Name = Field(description="model that it starts from, a network or a baseline")
    sample: Name = Field(description="sample whose training and validation events it uses")
    ranges: dict[str, Choices | Range] = Field(
        min_length=1,
        description="setting of the model, such as `dense.units` (`*`: every name, as in "
        "`towers.*.dropout`): its range, or a list of choices",
    )
    trials: Number = Field(50, description="models that are trained, by all workers together")
    workers: int = Field(1, ge=1, le=1000, description="jobs that share the trials")
    sampler: Literal["tpe", "gp", "random"] = Field(
        "tpe",
        description="tree of Parzen estimators, Gaussian process (needs PyTorch), or by chance",
    )
    random_trials: Number = Field(10, description="trials by chance before the sampler learns")
    pruner: Literal["median", "none"] = Field(
        "median",
        description="median: ends the training of a network whose validation AUC is below the "
        "median of earlier trials at this epoch",
    )
    pruned_from: Number = Field(3, description="epoch from which trainings may be ended")
    tolerance: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="of networks whose validation AUC is this close to the highest, the one with "
        "the fewest parameters is chosen",
    )
    seed: Seed = Field(1, description="of the sampler and of all trainings")

    @field_validator("ranges")
    @classmethod
    def _told_apart(cls, value: dict[str, Any]) -> dict[str, Any]:
        for key in value:
            if not all(key.split(".")):
                raise ValueError(f"'{key}' is no setting; keys are joined by single dots")
        for key, one in value.items():
            if isinstance(one, Range) and one.layers is not None and f"{key}.{LAYERS}" in value:
                raise ValueError(f"'{key}' and '{key}.{LAYERS}' are both ranges")
        return value

    def corners(self) -> Iterator[dict[str, Any]]:
        """Values of all settings at the ends of their ranges.

        All at the first end, all at the last, and each at every end with the others at the first:
        not all combinations, which would be too many.
        """
        ends = {
            key: one.corners() if isinstance(one, Range) else one
            for key, one in self.ranges.items()
        }
        first = {key: values[0] for key, values in ends.items()}
        others = ((key, value) for key, values in ends.items() for value in values[1:])
        yield first
        yield {key: values[-1] for key, values in ends.items()}
        yield from ({**first, key: value} for key, value in others)


def with_values(settings: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a model with these values at these dotted keys.

    Raises KeyError with a key that names nothing.
    """
    changed = json.loads(json.dumps(settings))  # a copy of plain values
    for key, value in values.items():
        if not _put(changed, key.split("."), value):
            raise KeyError(key)
    return changed


def _put(settings: dict[str, Any], keys: list[str], value: Any) -> bool:
    """Put a value at these keys; False if there is no such place."""
    key, *below = keys
    names = list(settings) if key == EVERY else [key]
    if not below:
        settings.update(dict.fromkeys(names, value))
        return bool(names)
    found = False
    for name in names:
        if settings.get(name) is None:
            settings[name] = {}
        if isinstance(settings[name], dict):
            found |= _put(settings[name], below, value)
    return found


def shown(values: Mapping[str, Any], most: int = 4) -> str:
    """Values of settings as a text: `dense.units [16, 16], dense.dropout 0.5`."""
    parts = [f"{key} {json.dumps(value)}" for key, value in itertools.islice(values.items(), most)]
    return ", ".join([*parts, *(["…"] if len(values) > most else [])])
