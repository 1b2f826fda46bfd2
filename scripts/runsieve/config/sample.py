"""Settings of samples: who takes part, how classes are balanced, how events are split."""

from typing import Literal, get_args

from pydantic import Field, model_validator

from runsieve.config.base import Edges, Name, Seed, Settings

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = get_args(Part)


class Split(Settings):
    """Shares of the events, each by a hash of (run, event), and runs that are of one split."""

    train: float = Field(0.7, ge=0, le=1, description="share for training")
    validation: float = Field(
        0.1, ge=0, le=1, description="share for choosing epochs and thresholds"
    )
    test: float = Field(0.2, ge=0, le=1, description="share for the reported results")
    runs: dict[Part, list[int]] = Field(
        default_factory=dict,
        description="runs of which all events are of one split; the shares are of the others",
    )

    @model_validator(mode="after")
    def _whole(self) -> "Split":
        if abs(self.train + self.validation + self.test - 1) > 1e-9:
            raise ValueError("train, validation and test must add up to 1")
        for split, share in zip(PARTS, (self.train, self.validation, self.test), strict=True):
            if share == 0 and not self.runs.get(split):
                raise ValueError(f"{split} is 0, and no run is named for it")
        named = [run for runs in self.runs.values() for run in runs]
        for run in named:
            if named.count(run) > 1:
                raise ValueError(f"runs: run {run} stands twice")
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
    balanced: list[Part] = Field(
        default=list(PARTS), description="splits in which the classes are balanced"
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
