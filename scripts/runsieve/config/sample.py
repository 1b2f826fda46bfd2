"""Settings of samples: which events they contain, how these are balanced and split."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from runsieve.config.base import (
    SPLITS,
    Channel,
    Edges,
    Name,
    Rate,
    RunNumber,
    Seed,
    Settings,
    SplitName,
)
from runsieve.config.cleaned import Cleaned


class Split(Settings):
    """Fractions of the events, assigned by a hash of (run, event) or of a group, and whole runs."""

    train: float = Field(0.7, ge=0, le=1, description="fraction for training")
    validation: float = Field(
        0.1, ge=0, le=1, description="fraction for choosing epochs and thresholds"
    )
    test: float = Field(0.2, ge=0, le=1, description="fraction for the reported results")
    runs: dict[SplitName, list[RunNumber]] = Field(
        default_factory=dict,
        description="runs whose events all go to one split; the fractions apply to the other runs",
    )
    group: Name | None = Field(
        None,
        description="kept column; events with the same value, in whatever run, are in one split "
        "or fold",
    )

    @model_validator(mode="after")
    def _whole(self) -> "Split":
        if abs(self.train + self.validation + self.test - 1) > 1e-9:
            raise ValueError("train, validation and test must add up to 1")
        for split, fraction in zip(SPLITS, (self.train, self.validation, self.test), strict=True):
            if fraction == 0 and not self.runs.get(split):
                raise ValueError(f"{split} is 0, and runs lists no run for it")
        named = [run for runs in self.runs.values() for run in runs]
        for run in named:
            if named.count(run) > 1:
                raise ValueError(f"runs: run {run} is listed twice")
        return self


class Match(Settings):
    """Bins of a column in which the classes are balanced, so that it alone cannot separate them."""

    column: Name = Field(description="column of the event list")
    edges: Edges


def run_class(run: int) -> str:
    """Name of the class that a run is, where a sample takes the runs of one class apart."""
    return f"run{run}"


Mode = Literal["undersample", "weights", "none"]
Events = Annotated[int, Field(gt=0, le=10**12)]


class Balance(Settings):
    """How the classes are balanced in each split."""

    train: Mode = Field("undersample", description="mode of the training events")
    validation: Mode = Field("undersample", description="mode of the validation events")
    test: Mode = Field("undersample", description="mode of the test events")


class Sample(Settings):
    """A set of events to train and test on."""

    channels: list[Channel] | None = Field(None, description="channels (default: all)")
    classes: list[Name] | None = Field(None, description="classes (default: all)")
    runs: list[RunNumber] | None = Field(
        None,
        min_length=1,
        description="runs that its events are drawn from (default: all that its classes take)",
    )
    runs_of: Name | None = Field(
        None,
        description="class whose runs take the place of the classes, to see whether a model can "
        "tell them apart; they are named run1601, run1765, …",
    )
    null_test: bool = Field(
        False,
        description="null test: nothing should tell the classes apart (AUC 0.5); left out of the "
        "comparison of models",
    )
    balance: Mode | Balance = Field(
        "undersample",
        description="equal numbers, equal weights, or neither; in all splits, or for each",
    )
    match: Match | None = Field(
        None, description="balance within bins of a column, in each split that is balanced"
    )
    limit: Events | dict[SplitName, Events] | None = Field(
        None, description="maximum number of events per class, over all splits or in each"
    )
    split: Split = Split()
    folds: int | None = Field(
        None,
        ge=2,
        le=1000,
        description="cross-fitting: number of trainings, each tested on the events of one fold "
        "that it has not seen, so that every event is tested once (default: one training, tested "
        "on the events of the test split)",
    )
    learning_curve: list[Events] = Field(
        default_factory=list,
        max_length=100,
        description="numbers of training events of a class, of which each model is trained and "
        "tested on the same test events, to see what more events would bring",
    )
    seed: Seed = Field(1, description="seed of the split and of the drawing")
    freeze: bool = Field(
        False,
        description="keep the events as they were drawn, whatever becomes of runs, cuts and the "
        "other keys of the sample, so that its models stay as well",
    )
    mislabel: Rate = Field(
        0,
        description="fraction of the training and validation events that get the label of another "
        "class, to see what wrong labels do; test events keep theirs",
    )
    cleaned: Cleaned | None = Field(
        None, description="another sample without the events whose label is doubted"
    )
    cross_test: list[Name] = Field(
        default_factory=list,
        description="other samples on whose test events its models are tested as well",
    )
    models: list[Name] | None = Field(
        None, description="models (default: all; those that see a null input only in null tests)"
    )

    def modes(self) -> dict[SplitName, Mode]:
        """How the classes are balanced, by split."""
        if isinstance(self.balance, Balance):
            return {split: getattr(self.balance, split) for split in SPLITS}
        return dict.fromkeys(SPLITS, self.balance)
