"""What all settings have in common: unknown keys are errors, and values are immutable."""

import re
import unicodedata
from typing import Annotated, Literal, get_args

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    model_validator,
)

# Bounds lie far above what is meant, and below what would fill the memory or take minutes.
MOST_BINS = 10_000

NAME = re.compile("[A-Za-z][A-Za-z0-9_]*")
Name = Annotated[str, Field(pattern=f"^{NAME.pattern}$", max_length=100)]
TITLE = r"^[^\x00-\x1f\x7f]*$"
EVENT = r"^\d+/\d+$"
Title = Annotated[str, Field(pattern=TITLE, max_length=200)]
# In figures, longer ones would leave no room for the axes.
ShortTitle = Annotated[str, Field(pattern=TITLE, max_length=60)]


def composed(text: str) -> str:
    """A text in which letters with accents are single characters (Unicode's form NFC).

    File systems and keyboards differ in this, so that names which look the same are different.
    """
    return unicodedata.normalize("NFC", text)


FolderName = Annotated[str, AfterValidator(composed)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
RunNumber = Annotated[int, Field(ge=0, lt=2**31)]
Channel = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Number = Annotated[int, Field(gt=0, le=1_000_000)]
Length = Annotated[int, Field(gt=0, le=100_000_000)]
LengthOrZero = Annotated[int, Field(ge=0, le=100_000_000)]
Layers = Annotated[int, Field(gt=0, le=1000)]
SplitName = Literal["train", "validation", "test"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)
Rate = Annotated[float, Field(ge=0, lt=1)]
# Wide enough for every length, time and energy, and so narrow that products and quotients of two
# are finite, and not zero.
LARGEST = 1e12


def not_tiny(value: float) -> float:
    """The value itself. Raises ValueError if it is so small that 1/value is above `LARGEST`."""
    if 0 < value < 1 / LARGEST:
        raise ValueError(f"must be at least {1 / LARGEST:g}, found {value:g}")
    return value


Positive = Annotated[float, Field(gt=0, le=LARGEST), AfterValidator(not_tiny)]


class Settings(BaseModel):
    """Base of every configuration model; no number may be NaN or infinite."""

    # Validators are built when they are used: those of nested models never are, and every job
    # imports all models.
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


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
        bins = self._steps() if self.values is None else len(self.values) - 1
        if not bins <= MOST_BINS:
            raise ValueError(f"at most {MOST_BINS} bins are possible, found {bins:.6g}")
        if self.values is None and abs(bins - round(bins)) > 1e-6:
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
