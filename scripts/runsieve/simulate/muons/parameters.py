"""Settings of the model of muons. Transverse energies and momenta in GeV."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from runsieve.config.base import Name, Positive, Settings
from runsieve.simulate.calorimeter.parameters import Spectrum, Surroundings
from runsieve.simulate.settings import Mean, NotNegative

Beta = tuple[Positive, Positive]


class HeavyJet(Settings):
    """A jet of heavy flavour with a muon in it."""

    share: Beta = Field(description="beta distribution of the muon's share of the momentum")
    particles: Annotated[Mean, Field(gt=0)] = Field(
        description="mean number of particles beside the muon"
    )
    spread: Positive = Field(description="standard deviation of their distance in eta and phi")
    away: NotNegative = Field(description="standard deviation of the muon's distance to the axis")


class Parameters(Settings):
    """All parameters of the model of muons."""

    kinds: dict[Name, Literal["prompt", "heavy"]] = Field(description="kind of run: what it holds")
    spectrum: Spectrum
    jet: HeavyJet
    surroundings: Surroundings
    deposit: NotNegative = Field(description="mean energy that a muon leaves in the calorimeters")
    smear: Positive = Field(description="standard deviation of a shower around its particle")
    resolution: NotNegative = Field(description="relative energy resolution at 1 GeV")
    threshold: NotNegative = Field(description="cells below this are set to 0")

    @model_validator(mode="after")
    def _inside(self) -> "Parameters":
        if self.jet.particles > 1000 or self.surroundings.particles > 1000:
            raise ValueError("at most 1000 particles on average are possible")
        return self
