"""Settings of shifts: changes of what models see, to find out how far scores depend on them."""

from pydantic import Field, model_validator

from runsieve.config.base import LARGEST, Name, Positive, Seed, Settings


class Shift(Settings):
    """One change of the test events, made before they are scored: gain, noise or scale."""

    inputs: list[Name] = Field(
        default_factory=list, description="inputs that gain or noise change, in the raw values"
    )
    gain: Positive | None = Field(
        None, description="factor on the distance of each value from the baseline of its input"
    )
    noise: Positive | None = Field(
        None, description="standard deviation of Gaussian noise added to each value"
    )
    column: Name | None = Field(None, description="column that scale changes")
    scale: float | None = Field(None, ge=-LARGEST, le=LARGEST, description="factor on the column")
    seed: Seed = Field(1, description="seed of the noise")
    samples: list[Name] | None = Field(
        None, description="samples whose models are tested with it (default: all but null tests)"
    )

    def title(self, unit: str) -> str:
        """The change and its size in words; unit: of the values that noise is added to."""
        if self.noise is not None:
            return f"noise +{self.noise:g} {unit}".rstrip()
        what, factor = ("gain", self.gain) if self.column is None else (self.column, self.scale)
        return f"{what} {100 * (factor - 1):+.3g} %".replace("-", "\u2212")

    @model_validator(mode="after")
    def _one_change(self) -> "Shift":
        if [self.gain, self.noise, self.scale].count(None) != 2:
            raise ValueError("give exactly one of gain, noise and scale")
        if self.scale is not None and (self.column is None or self.inputs):
            raise ValueError("scale goes with column, and not with inputs")
        if self.scale is None and (not self.inputs or self.column is not None):
            raise ValueError("gain and noise go with inputs, and not with column")
        return self
