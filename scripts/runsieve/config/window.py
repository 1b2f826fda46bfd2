"""Settings of windows: which part of each waveform an input takes."""

from typing import Literal

from pydantic import Field, model_validator

from runsieve.config.base import Length, LengthOrZero, Name, Settings

Start = LengthOrZero | str


class Window(Settings):
    """A range of the values of each branch, or of each of its segments, counted from 0."""

    start: Start | dict[Name, Start] = Field(
        0,
        description="first value: a number, an expression of columns (rounded), or one of them for "
        "each kind of run",
    )
    stop: Length | None = Field(
        None, description="first value that is left out, where start is a number"
    )
    length: Length | None = Field(None, description="number of values, instead of stop")
    outside: Literal["error", "pad"] = Field(
        "error",
        description="what becomes of a window that ends outside of the waveform; pad: the nearest "
        "value is repeated",
    )

    @model_validator(mode="after")
    def _one_length(self) -> "Window":
        if (self.stop is None) == (self.length is None):
            raise ValueError("give either stop or length")
        if self.start == {}:
            raise ValueError("start names no kind of run")
        if self.stop is None:
            return self
        if not isinstance(self.start, int):
            raise ValueError("stop goes with a number as start; give length instead")
        if self.start >= self.stop:
            raise ValueError(f"stop must be above start, found {self.start} and {self.stop}")
        return self

    @property
    def size(self) -> int:
        """Number of values that it takes from a segment."""
        return self.stop - self.start if self.length is None else self.length

    def starts(self) -> dict[str | None, Start]:
        """The first value, by kind of run; under None if it is the same in all."""
        return dict(self.start) if isinstance(self.start, dict) else {None: self.start}

    def of_kind(self, kind: str) -> "Window":
        """The window in runs of a kind, whose start is a number or an expression."""
        if not isinstance(self.start, dict):
            return self
        return self.model_copy(update={"start": self.start[kind]})
