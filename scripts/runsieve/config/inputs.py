"""Settings of inputs: what a model sees of an event."""

from math import prod
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from runsieve.config.axes import Axes
from runsieve.config.base import Length, LengthOrZero, Name, Settings


class Window(Settings):
    """A range of the values of each branch, or of each of its segments, counted from 0."""

    start: LengthOrZero = Field(0, description="first value")
    stop: Length = Field(description="first value that is left out")
    segments: Length = Field(
        1, description="equal parts of a branch that the range is taken from, such as several PMTs"
    )

    @model_validator(mode="after")
    def _ordered(self) -> "Window":
        if self.start >= self.stop:
            raise ValueError(f"stop must be above start, found {self.start} and {self.stop}")
        return self

    @property
    def size(self) -> int:
        """Number of values that it takes from a branch."""
        return self.segments * (self.stop - self.start)

    def cut(self, values: np.ndarray) -> np.ndarray:
        """The values of one branch, shape (values,), that are in the window.

        Fewer than `size` where the branch is too short, and none where it has no equal segments.
        """
        if values.size % self.segments:
            return values[:0]
        return values.reshape(self.segments, -1)[:, self.start : self.stop].ravel()


class Reduction(Settings):
    """A smaller image: each block of factor x factor pixels becomes one."""

    factor: int = Field(
        gt=1, le=1_000_000, description="pixels of a block, along each of the first two axes"
    )
    by: Literal["mean", "max"] = Field("mean", description="what a block becomes")


class Input(Settings):
    """One array per event, read from the raw run after the events have been chosen.

    It is made of branches, and keeps their type, or of columns of the analysis, as float32.
    """

    branches: list[str] = Field(
        default_factory=list,
        description="branches, joined; {channel} is filled in, and [i] takes an element",
    )
    columns: list[Name] = Field(
        default_factory=list, description="columns of the analysis, instead of branches"
    )
    shape: list[Length] = Field(
        default_factory=list, description="shape of one event (default: one value per column)"
    )
    segments: Length | None = Field(
        None,
        description="equal parts of an event, such as several PMTs, each drawn on axes of its own "
        "(default: those of the window, or the branches)",
    )
    window: Window | None = Field(None, description="values of each branch (default: all)")
    reduce: Reduction | None = Field(
        None, description="make an image of one branch smaller; shape is that of the branch"
    )
    join: Literal["first", "last"] = Field(
        "first", description="axis of the shape along which branches follow each other"
    )
    tree: str | None = Field(None, description="tree, where it is not the tree of the analysis")
    files: str | None = Field(
        None,
        description="friend files that hold it, entry by entry: path, glob or root://; {run} is "
        "filled in (default: the files of the run)",
    )
    only_simulated: bool = Field(
        False,
        description="exists only for simulated runs; else left out, with models that need it",
    )

    axes: Axes = Axes()
    null_test: bool = Field(
        False,
        description="holds nothing that can tell the classes apart, such as samples before the "
        "trigger: models that see it are only for null tests",
    )

    @model_validator(mode="after")
    def _one_source(self) -> "Input":
        if bool(self.branches) == bool(self.columns):
            raise ValueError("give either branches or columns")
        if self.columns:
            keys = ("segments", "window", "reduce")
            extra = [name for name in keys if getattr(self, name) is not None]
            if self.join != "first":
                extra.append("join")
            if extra:
                raise ValueError(f"{' and '.join(extra)} go with branches, not columns")
            if self.shape not in ([], [len(self.columns)]):
                raise ValueError(f"the shape of {len(self.columns)} columns is the default")
            return self
        if len(set(self.branches)) < len(self.branches):
            raise ValueError("a branch is listed twice")
        if not self.shape:
            raise ValueError("shape is missing; an input of branches needs it")
        if self.reduce is not None:
            self._require_image()
        if self.segments is not None and prod(self.shape) % self.segments:
            raise ValueError(
                f"segments: the shape {self.shape} does not make {self.segments} equal segments"
            )
        if len(self.axes.names) not in (0, self._parts()):
            raise ValueError(
                f"axes.names: {self._parts()} names expected, one of each segment, "
                f"found {len(self.axes.names)}"
            )
        axis = self.shape[0 if self.join == "first" else -1]
        joined = prod(self.shape) if self.join == "first" else axis
        if joined % len(self.branches):
            raise ValueError(
                f"{len(self.branches)} branches of equal size do not make the shape {self.shape}"
            )
        if self.window is not None and prod(self.shape) != len(self.branches) * self.window.size:
            raise ValueError(
                f"the shape {self.shape} has {prod(self.shape)} values, the window takes "
                f"{self.window.size} of each branch"
            )
        return self

    def _require_image(self) -> None:
        factor, sides = self.reduce.factor, self.shape[:2]
        if len(self.branches) > 1 or len(self.shape) not in (2, 3):
            raise ValueError("reduce is for one branch with an image: height, width and channels")
        if any(side % factor for side in sides):
            raise ValueError(f"reduce.factor {factor} does not divide the image {sides}")

    def event_shape(self) -> tuple[int, ...]:
        """Shape of one event as models see it."""
        if self.reduce is not None:
            sides = [side // self.reduce.factor for side in self.shape[:2]]
            return (*sides, *self.shape[2:])
        return tuple(self.shape) if self.branches else (len(self.columns),)

    def as_read(self) -> dict[str, Any]:
        """Settings that decide what is read, as plain values; figures of events do the rest."""
        return self.model_dump(mode="json", exclude={"segments", "axes"})

    def as_drawn(self, array: np.ndarray) -> np.ndarray:
        """One event, as models see it, in its unit; with one axis, as (segments, values)."""
        if self.axes.unit_per_count != 1:
            array = array * self.axes.unit_per_count
        if array.ndim != 1 or not array.size:
            return array
        return array.reshape(self._parts(), -1)

    def _parts(self) -> int:
        """Number of segments that an event with one axis is drawn in."""
        of_branch = 1 if self.window is None else self.window.segments
        return self.segments or len(self.branches) * of_branch
