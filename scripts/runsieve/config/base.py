"""What all settings have in common: unknown keys are errors, and values do not change."""

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class Settings(BaseModel):
    """Base of every configuration model."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Edges(Settings):
    """Bin edges: either equal steps from start to stop, or a list of values."""

    start: float | None = Field(None, description="lowest edge")
    stop: float | None = Field(None, description="highest edge")
    step: float | None = Field(None, gt=0, description="bin width")
    values: list[float] | None = Field(None, description="all edges, where widths differ")

    @model_validator(mode="after")
    def _increasing(self) -> "Edges":
        steps = (self.start, self.stop, self.step)
        if (self.values is None) == (None in steps):
            raise ValueError("give either start, stop and step, or values")
        if len(self.array()) < 2 or np.any(np.diff(self.array()) <= 0):
            raise ValueError("edges must increase and make at least one bin")
        return self

    def array(self) -> np.ndarray:
        """The edges as a float array, shape (bins + 1,)."""
        if self.values is not None:
            return np.array(self.values, dtype=float)
        count = round((self.stop - self.start) / self.step)
        return np.round(self.start + self.step * np.arange(count + 1), 10)
