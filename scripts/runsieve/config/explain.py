"""Settings of explanations: what trained networks look at."""

from pydantic import Field, model_validator

from runsieve.config.base import Length, LengthOrZero, Name, Number, Rate, Settings


class Quiet(Settings):
    """Samples of each segment of a waveform that should not matter, counted from 0."""

    start: LengthOrZero = Field(0, description="first sample")
    stop: Length = Field(description="first sample that is left out")

    @model_validator(mode="after")
    def _ordered(self) -> "Quiet":
        if self.start >= self.stop:
            raise ValueError(f"start before stop expected, found {self.start} and {self.stop}")
        return self


class Explain(Settings):
    """What `snakemake explain` averages over, and what it warns of."""

    events: Number = Field(200, description="test events of each class that are averaged over")
    quiet: dict[Name, Quiet] = Field(
        default_factory=dict,
        description="input: samples that should not matter (default: those that its baseline is "
        "measured in)",
    )
    limit: Rate = Field(
        0.3,
        description="fraction of the attribution of a class above which samples that should not "
        "matter become a finding",
    )
