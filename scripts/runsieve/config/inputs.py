"""Settings of inputs: what a model sees of an event."""

from math import prod
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from runsieve.config.axes import Axes
from runsieve.config.base import Length, Name, Settings
from runsieve.config.pulse import BaselineSamples, Level, Polarity, Pulse
from runsieve.config.window import Window


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
        description="equal parts of an event, such as several PMTs, each with a window, a baseline "
        "and axes of its own (default: the branches)",
    )
    window: Window | None = Field(None, description="values of each segment (default: all)")
    polarity: Polarity = Field(
        "positive", description="negative: pulses point downwards, and models turn them over"
    )
    baseline: Level | str | BaselineSamples | None = Field(
        None,
        description="what models subtract: a number, or the mean of some samples of each segment; "
        "or an expression of columns, which is subtracted as the input is read (default: nothing)",
    )
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
            keys = ("segments", "window", "reduce", "baseline")
            extra = [name for name in keys if getattr(self, name) is not None]
            extra += [
                name
                for name, usual in (("polarity", "positive"), ("join", "first"))
                if getattr(self, name) != usual
            ]
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
        self._require_segments()
        if len(self.axes.names) not in (0, self.pulse.segments):
            raise ValueError(
                f"axes.names: {self.pulse.segments} names expected, one of each segment, "
                f"found {len(self.axes.names)}"
            )
        axis = self.shape[0 if self.join == "first" else -1]
        joined = prod(self.shape) if self.join == "first" else axis
        if joined % len(self.branches):
            raise ValueError(
                f"{len(self.branches)} branches of equal size do not make the shape {self.shape}"
            )
        taken = None if self.window is None else self.segments_of_branch * self.window.size
        if taken is not None and prod(self.shape) != len(self.branches) * taken:
            raise ValueError(
                f"the shape {self.shape} has {prod(self.shape)} values, the window takes "
                f"{taken} of each branch"
            )
        self._require_baseline()
        return self

    def _require_segments(self) -> None:
        branches = len(self.branches)
        if self.segments is None:
            return
        if self.join == "last" and branches > 1:
            raise ValueError("segments follow each other, which join: last does not let them do")
        if self.segments % branches or prod(self.shape) % self.segments:
            raise ValueError(
                f"segments: {branches} branches with the shape {self.shape} do not make "
                f"{self.segments} equal segments"
            )

    def _require_baseline(self) -> None:
        if self.reduce is not None and (self.baseline is not None or self.polarity != "positive"):
            raise ValueError("polarity and baseline are those of pulses, not of a reduced image")
        pulse = self.pulse
        length = prod(self.shape) // pulse.segments
        if pulse.measured is not None and pulse.measured[1] > length:
            raise ValueError(
                f"baseline.samples end at {pulse.measured[1]}, but a segment has {length} values"
            )

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

    @property
    def segments_of_branch(self) -> int:
        """Number of segments that a branch holds."""
        return 1 if self.segments is None else self.segments // len(self.branches)

    @property
    def pulse(self) -> Pulse:
        """How raw values of the arrays become pulses above zero."""
        joined = len(self.branches) if self.join == "first" and self.branches else 1
        subtracted = self.baseline is None or isinstance(self.baseline, str)
        return Pulse(
            segments=self.segments or joined,
            polarity=self.polarity,
            baseline=0.0 if subtracted else self.baseline,
        )

    def expressions(self) -> dict[str, str]:
        """Expressions of columns that decide what is read of an event, by their key."""
        found = {}
        if self.window is not None:
            for kind, start in self.window.starts().items():
                if isinstance(start, str):
                    found["window.start" if kind is None else f"window.start.{kind}"] = start
        if isinstance(self.baseline, str):
            found["baseline"] = self.baseline
        return found

    def of_kind(self, kind: str) -> "Input":
        """The input as it is read from runs of a kind."""
        if self.window is None:
            return self
        return self.model_copy(update={"window": self.window.of_kind(kind)})

    def as_read(self) -> dict[str, Any]:
        """Settings that decide what is read, as plain values; models and figures do the rest."""
        values = self.model_dump(mode="json", exclude={"polarity", "axes"})
        if not isinstance(self.baseline, str):
            values["baseline"] = None
        if self.window is None:
            values["segments"] = None
        return values

    @property
    def time_axis(self) -> str:
        """Name and unit of the time axis of several events in one figure."""
        start = 0 if self.window is None else self.window.start
        return self.axes.time_from(start if isinstance(start, int) else None)

    def as_drawn(self, array: np.ndarray) -> np.ndarray:
        """One event, as models get it, in its unit; with one axis, as (segments, values)."""
        if self.axes.unit_per_count != 1:
            array = array * self.axes.unit_per_count
        if array.ndim != 1 or not array.size:
            return array
        return array.reshape(self.pulse.segments, -1)
