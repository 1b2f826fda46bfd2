"""What all settings have in common: unknown keys are errors, and values are immutable."""

from typing import Annotated, Literal, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
SplitName = Literal["train", "validation", "test"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)
Rate = Annotated[float, Field(ge=0, lt=1)]


class Settings(BaseModel):
    """Base of every configuration model."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Edges(Settings):
    """Bin edges: either equal steps from start to stop, or a list of values."""

    start: FiniteFloat | None = Field(None, description="lowest edge")
    stop: FiniteFloat | None = Field(None, description="highest edge")
    step: FiniteFloat | None = Field(None, gt=0, description="bin width")
    values: list[FiniteFloat] | None = Field(None, description="all edges, where widths differ")

    @model_validator(mode="after")
    def _increasing(self) -> "Edges":
        missing = [self.start, self.stop, self.step].count(None)
        if missing != (0 if self.values is None else 3):
            raise ValueError("give either start, stop and step, or values")
        if self.values is None and abs(self._steps() - round(self._steps())) > 1e-6:
            raise ValueError("stop - start must be a multiple of step")
        if len(self.array()) < 2 or np.any(np.diff(self.array()) <= 0):
            raise ValueError("edges must increase and make at least one bin")
        return self

    def array(self) -> np.ndarray:
        """The edges as a float array, shape (bins + 1,)."""
        if self.values is not None:
            return np.array(self.values, dtype=float)
        return np.round(self.start + self.step * np.arange(round(self._steps()) + 1), 10)

    def _steps(self) -> float:
        return (self.stop - self.start) / self.step
