"""Settings of working points: how the threshold on a score is chosen."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from runsieve.config.base import Settings


class WorkingPoint(Settings):
    """How a threshold is chosen; exactly one of the keys. Events from it on count as signal."""

    signal_efficiency: float | None = Field(
        None, gt=0, lt=1, description="fraction of the signal to keep, on validation events"
    )
    background_rejection: float | None = Field(
        None, gt=0, lt=1, description="fraction of the background to reject, on validation events"
    )
    maximise: Literal["f1"] | None = Field(
        None, description="f1: best harmonic mean of precision and recall, on validation events"
    )
    score: float | None = Field(None, gt=0, lt=1, description="the threshold itself")

    @model_validator(mode="after")
    def _exactly_one(self) -> "WorkingPoint":
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"exactly one of {', '.join(type(self).model_fields)} is needed, "
                f"found {' and '.join(given) or 'none'}"
            )
        return self

    @property
    def kind(self) -> str:
        """The key that is given."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def target(self) -> float | None:
        """The efficiency or rejection that is asked for; None for other kinds."""
        return (
            self.signal_efficiency
            if self.signal_efficiency is not None
            else self.background_rejection
        )

    @property
    def title(self) -> str:
        """What is asked for, in words."""
        if self.signal_efficiency is not None:
            return f"signal efficiency {100 * self.signal_efficiency:g} %"
        if self.background_rejection is not None:
            return f"background rejection {100 * self.background_rejection:g} %"
        return "best F1" if self.maximise else f"score {self.score:g}"


def headline(kinds: Mapping[str, str]) -> str | None:
    """The working point to quote where there is room for one: its name; None if there is none.

    kinds: by name, in the order of the configuration. It is the first at a fixed signal efficiency,
    else the first.
    """
    fixed = (name for name, kind in kinds.items() if kind == "signal_efficiency")
    return next(fixed, next(iter(kinds), None))
