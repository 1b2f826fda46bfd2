"""Settings of samples: who takes part, how classes are balanced, how events are split."""

from typing import Literal

from pydantic import Field, model_validator

from runsieve.config.base import Edges, Name, Seed, Settings


class Split(Settings):
    """Shares of the events; each follows from a hash of (run, event)."""

    train: float = Field(0.7, gt=0, lt=1, description="share for training")
    validation: float = Field(
        0.1, gt=0, lt=1, description="share for choosing epochs and thresholds"
    )
    test: float = Field(0.2, gt=0, lt=1, description="share for the reported results")

    @model_validator(mode="after")
    def _whole(self) -> "Split":
        if abs(self.train + self.validation + self.test - 1) > 1e-9:
            raise ValueError("train, validation and test must add up to 1")
        return self


class Match(Settings):
    """Bins of a column in which the classes are made equal, so that it can't tell them apart."""

    column: Name = Field(description="column of the event list")
    edges: Edges


class Sample(Settings):
    """A set of events to train and test on."""

    channels: list[int] | None = Field(None, description="channels (default: all)")
    classes: list[Name] | None = Field(None, description="classes (default: all)")
    balance: Literal["undersample", "weights", "none"] = Field(
        "undersample", description="equal numbers, equal weights, or as they come"
    )
    match: Match | None = Field(None, description="balance within bins of a column")
    limit: int | None = Field(None, gt=0, description="most events a class, over all splits")
    split: Split = Split()
    seed: Seed = Field(1, description="seed of the split and of the drawing")
    test_on: list[Name] = Field(
        default_factory=list,
        description="other samples on whose test events its models are tested too",
    )
    models: list[Name] | None = Field(None, description="models (default: all)")
